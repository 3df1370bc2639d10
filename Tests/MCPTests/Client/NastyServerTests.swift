import Core
import Foundation
import JSON
import Schema
import Synchronization
import TestSupport
import Testing

@testable import MCP

/// Servers that do what servers must not: an error to the call that met it, and nothing to any other.
@Suite("Nasty servers", .enabled(if: PythonServer.hasPython, "needs python (GATEHOUSE_PYTHON)"))
struct NastyServerTests {
    private func client(_ transport: any MCPTransport, limits: MCPLimits = MCPLimits()) -> MCPClient {
        MCPClient(transport: transport, info: testClient, limits: limits)
    }

    private func overStreams(
        _ arguments: String..., limits: MCPLimits = MCPLimits(), _ body: @Sendable (MCPClient) async throws -> Void
    ) async throws {
        var command = PythonServer.command("nasty", "stdio")
        command.arguments += arguments
        try await client(StdioTransport(command, limits: limits), limits: limits).whileRunning(body)
    }

    private func overHTTP(_ body: @Sendable (MCPClient) async throws -> Void) async throws {
        try await PythonServer.overHTTP("nasty") { address in
            try await withHTTPClient { http in
                try await client(HTTPTransport(address, client: http)).whileRunning(body)
            }
        }
    }

    /// Whether the server still answers.
    private func isFine(_ client: MCPClient) async throws {
        #expect(try await client.text("echo", ["text": "fine"]) == "fine")
    }

    @Test("a death in mid-call is told to all who wait, with what the process said", .timeLimit(.minutes(10)))
    func death() async throws {
        try await overStreams { client in
            try await isFine(client)
            async let other = failure { try await client.callTool("never") }
            let own = await failure { try await client.callTool("die") }
            for error in [own, await other] {
                #expect(error?.code == .unavailable)
                #expect(error?.cause?.contains("out of luck") == true)
                #expect(error?.cause?.contains("\u{1b}") == false)
            }
            let failure1 = await failure { try await client.callTool("echo", ["text": "x"]) }
            #expect(failure1?.code == .unavailable)
        }
    }

    @Test("answers to nobody, answers given twice, questions out of place", .timeLimit(.minutes(10)))
    func wrongAnswers() async throws {
        try await overStreams { client in
            let wrong = await failure { try await client.callTool("wrong", deadline: .milliseconds(400)) }
            #expect(wrong?.code == .timeout)
            #expect(try await client.text("twice") == "first")
            #expect(try await client.text("asks") == "asked")
            #expect(try await client.text("flood") == "flooded")
            try await isFine(client)
        }
    }

    @Test(
        "what is no message fails who waits for one", .timeLimit(.minutes(10)), arguments: ["garbage", "utf8", "deep"])
    func garbage(name: String) async throws {
        try await overStreams { client in
            let failure2 = await failure { try await client.callTool(name) }
            #expect(failure2?.code == .invalid)
            try await isFine(client)
        }
    }

    @Test("a message of 100 MB is not kept", .timeLimit(.minutes(10)))
    func huge() async throws {
        try await overStreams { client in
            let failure3 = await failure { try await client.callTool("huge") }
            #expect(failure3?.code == .tooLarge)
            try await isFine(client)
        }
    }

    @Test("a greeting is forgiven", .timeLimit(.minutes(10)))
    func greeting() async throws { try await overStreams("greets") { try await isFine($0) } }

    @Test("a server that only babbles, says nothing, or cannot be started", .timeLimit(.minutes(10)))
    func noServer() async throws {
        try await overStreams("babbles") { client in
            let error = await failure { try await client.discover() }
            #expect(error?.code == .unavailable)
            #expect(error?.cause?.contains("not a message") == true)
        }
        var limits = MCPLimits()
        limits.probeTime = .milliseconds(200)
        try await overStreams("silent", limits: limits) { client in
            let failure4 = await failure { try await client.discover() }
            #expect(failure4?.code == .timeout)
        }
        for path in ["/nonexistent/server", "no-such-program-anywhere"] {
            try await client(StdioTransport(ServerCommand(path))).whileRunning { client in
                let failure5 = await failure { try await client.discover() }
                #expect(failure5?.code == .unavailable)
            }
        }
    }

    @Test("the trace goes along, whole and as it is", .timeLimit(.minutes(10)))
    func trace() async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"
        let trace = try #require(TraceMeta(parent: parent, state: "a=1,b=2", baggage: "user=ada"))
        try await overStreams { client in
            guard case .result(let result) = try await client.callTool("trace", trace: trace) else { return }
            let text = #"{"baggage": "user=ada", "traceparent": "\#(parent)", "tracestate": "a=1,b=2"}"#
            #expect(result["content"]?[0]?["text"]?.string == text)
            #expect(try await client.text("trace") == "{}")
        }
    }

    @Test("messages without end and no answer end with the deadline; no other call waits", .timeLimit(.minutes(10)))
    func forever() async throws {
        try await overStreams { client in
            async let endless = failure { try await client.callTool("forever", deadline: .milliseconds(800)) }
            try await isFine(client)
            #expect(await endless?.code == .timeout)
            try await isFine(client)
        }
    }

    @Test("tools are listed whatever their schemas refer to, and nothing is fetched", .timeLimit(.minutes(10)))
    func schemas() async throws {
        try await PythonServer.overHTTP("nasty", "schemas") { address in
            try await withHTTPClient { http in
                try await client(HTTPTransport(address, client: http)).whileRunning { client in
                    let tools = try await client.listTools()
                    #expect(tools.map(\.name) == ["remote", "dynamic", "circle", "tree", "wide"])
                    var codes: [GatehouseError.Code?] = []
                    for tool in tools {
                        var options = JSONSchema.Options()
                        options.limits.subschemas = 10_000
                        let schema = Result { try JSONSchema(tool.inputSchema, options: options) }
                        switch schema {
                        case .success(let schema):
                            codes.append(schema.validate(["a": ["a": 1]]).isEmpty ? nil : .conflict)
                        case .failure(let error): codes.append((error as? GatehouseError)?.code)
                        }
                    }
                    #expect(codes == [.unsupported, .unsupported, .conflict, .conflict, .tooLarge])
                    let fetched = try await client.text("fetched")
                    #expect(fetched == "0")
                }
            }
        }
    }

    @Test("a list without end", .timeLimit(.minutes(10)))
    func endlessList() async throws {
        try await overStreams { client in
            let failure6 = await failure { try await client.list(Tool.self) }
            #expect(failure6?.code == .invalid)
            try await isFine(client)
        }
    }

    @Test(
        "the process gets what it is given and what is named, no more; it ends with the client",
        .timeLimit(.minutes(10))
    )
    func environment() async throws {
        let folder = ScratchFolder()
        let command = ServerCommand(
            "/bin/sh", ["-c", "env > '\(folder.path)/env'; sleep 1000 & echo $! > '\(folder.path)/pid'; wait"],
            environment: ["GIVEN": "a b"], inherited: ["PATH"])
        var limits = MCPLimits()
        limits.probeTime = .milliseconds(300)
        try await client(StdioTransport(command, limits: limits), limits: limits).whileRunning { client in
            _ = await failure { try await client.discover() }
            try await wait("the process has said what it was given") {
                (try? String(contentsOfFile: folder.file("pid"), encoding: .utf8))?.hasSuffix("\n") == true
            }
        }
        let names = try String(contentsOfFile: folder.file("env"), encoding: .utf8).split(separator: "\n")
            .map { $0.prefix { $0 != "=" } }
        #expect(Set(names).subtracting(["PWD", "SHLVL", "_", "OLDPWD"]) == ["GIVEN", "PATH"])
        let pid = try #require(Int32(String(contentsOfFile: folder.file("pid"), encoding: .utf8).dropLast()))
        // A process that was ended may be there until somebody collects it.
        try await wait("it has ended") {
            let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            return state?.contains(") Z ") ?? true
        }
    }

    @Test("over HTTP: each failure has its error, and the next call is fine", .timeLimit(.minutes(10)))
    func overHTTP() async throws {
        let expected: [(String, GatehouseError.Code)] = [
            ("die", .unavailable), ("wrong", .invalid), ("garbage", .invalid), ("utf8", .invalid),
            ("huge", .tooLarge), ("status", .unavailable), ("moved", .unavailable), ("line", .tooLarge),
            ("cut", .unavailable),
        ]
        try await overHTTP { client in
            for (name, code) in expected {
                let failure7 = await failure { try await client.callTool(name) }
                #expect(failure7?.code == code, "\(name)")
                try await isFine(client)
            }
            #expect(try await client.text("other") == "for this")
            for name in ["silent", "endless"] {
                let error = await failure { try await client.callTool(name, deadline: .milliseconds(500)) }
                #expect(error?.code == .timeout || error?.code == .tooLarge, "\(name)")
            }
            let call = Task { try await client.callTool("silent") }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            try await isFine(client)
        }
    }
}
