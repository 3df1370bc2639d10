import Core
import JSON
import Synchronization
import TestSupport
import Testing

@testable import MCP

/// The client against servers of the official SDK, in both ages of the protocol and over both transports.
@Suite("The official SDK's servers", .enabled(if: PythonServer.hasSDK, "needs python with mcp (GATEHOUSE_PYTHON)"))
struct SDKServerTests {
    private static let ages: [[ProtocolVersion]] = [ProtocolVersion.supported, [.v2025_11_25], [.v2025_06_18]]

    @Test("over standard streams", .timeLimit(.minutes(10)), arguments: ages)
    func overStandardStreams(versions: [ProtocolVersion]) async throws {
        try await everything(StdioTransport(PythonServer.command("server", "stdio")), versions)
    }

    @Test("over HTTP", .timeLimit(.minutes(10)), arguments: ages)
    func overHTTP(versions: [ProtocolVersion]) async throws {
        try await PythonServer.overHTTP("server") { address in
            try await withHTTPClient { http in
                try await eventually { try await everything(HTTPTransport(address, client: http), versions) }
            }
        }
    }

    /// The program has said its address before it listens.
    private func eventually(_ body: () async throws -> Void) async throws {
        try await wait("the program listens") {
            do {
                try await body()
                return true
            } catch let error as GatehouseError where error.code == .unavailable { return false }
        }
    }

    private func everything(_ transport: any MCPTransport, _ versions: [ProtocolVersion]) async throws {
        let client = MCPClient(
            transport: transport, info: testClient, capabilities: ClientCapabilities(elicitationForm: true),
            versions: versions,
            onInput: { request, _ in
                #expect(request.kind == .form)
                return ElicitResult(.accept, content: ["colour": "blue"]).json
            })
        try await client.whileRunning { client in
            let server = try await client.discover()
            #expect(server.info.name == "sdk-server")
            #expect(try await client.version() == versions[0])
            try await lists(client)
            try await calls(client)
            try await manyAtOnce(client)
        }
    }

    private func lists(_ client: MCPClient) async throws {
        let tools = try await client.list(Tool.self)
        #expect(tools.refused.isEmpty)
        #expect(tools.items.map(\.name).sorted() == ["add", "count", "fail", "large", "paint", "sleep"])
        #expect(try await client.list(Resource.self).items.map(\.uri) == ["test://note"])
        #expect(try await client.list(Prompt.self).items.map(\.name) == ["greet"])
        guard case .result(let note) = try await client.send(Method.readResource, ["uri": "test://note"]) else {
            return
        }
        #expect(note["contents"]?[0]?["text"] == "a note")
    }

    private func calls(_ client: MCPClient) async throws {
        #expect(try await client.text("add", ["a": 2, "b": 3]) == "5")
        #expect(try await client.text("paint") == "painted blue")
        guard case .result(let failed) = try await client.callTool("fail") else { return }
        #expect(failed["isError"] == true)
        let seen = Mutex<[Double]>([])
        _ = try await client.callTool("count", ["to": 5]) { progress in seen.withLock { $0.append(progress.progress) } }
        #expect(seen.withLock { $0 } == [1, 2, 3, 4, 5])
        await #expect(throws: RPCError.self) { try await client.send("no/such/method") }
    }

    private func manyAtOnce(_ client: MCPClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let sum = try await client.text("add", ["a": JSON(number), "b": 1])
                    #expect(sum == "\(number + 1)")
                }
            }
            group.addTask {
                let late = await failure {
                    try await client.callTool("sleep", ["seconds": 30], deadline: .milliseconds(300))
                }
                #expect(late?.code == .timeout)
            }
            group.addTask {
                let long = await failure { try await client.callTool("large", ["size": JSON(8 << 20)]) }
                #expect(long?.code == .tooLarge)
            }
            try await group.waitForAll()
        }
        let call = Task { try await client.callTool("sleep", ["seconds": 30]) }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(try await client.text("add", ["a": 1, "b": 1]) == "2")
    }
}
