import Core
import Foundation
import Gate
import JSON
import Logging
import MCP
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// Programs that take more than they may.
struct ProcessLimitTests {
    /// Answers `eat` by taking memory, `spin` by taking time, `files` by opening as many as it can; by a child where told to.
    private static let server = """
        import json, subprocess, sys, time
        info = {"name": "hungry", "version": "1"}
        for line in sys.stdin:
            message = json.loads(line)
            if "id" not in message:
                continue
            done = {"resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": info}}
            if message["method"] == "server/discover":
                done |= {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "ttlMs": 0, "cacheScope": "private"}
            elif message["method"] == "tools/list":
                done |= {"tools": [], "ttlMs": 0, "cacheScope": "private"}
            elif message["params"]["name"] == "eat":
                eaten = []
                while True:
                    eaten.append(bytearray(b"x") * (4 << 20))
                    time.sleep(0.02)
            elif message["params"]["name"] == "eat_by_child":
                subprocess.run([sys.executable, "-c", "import time; eaten = bytearray(b'x') * (96 << 20); time.sleep(600)"])
            elif message["params"]["name"] == "spin":
                while True:
                    pass
            else:
                opened = []
                try:
                    while True:
                        opened.append(open("/dev/null"))
                except OSError as error:
                    done |= {"content": [{"type": "text", "text": f"{len(opened)} {error.errno}"}]}
                    opened.clear()
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": done}), flush=True)
        """

    private func with<Value: Sendable>(
        _ change: (inout ProcessLimits) -> Void, _ work: (Upstream) async throws -> Value
    ) async throws -> Value {
        let folder = ScratchFolder()
        defer { folder.remove() }
        try Self.server.write(toFile: folder.file("server.py"), atomically: true, encoding: .utf8)
        var settings = UpstreamSettings(
            name: "hungry",
            reach: .process(
                command: "python3", arguments: ["-S", "-E", "\(folder.file("server.py"))"],
                environment: ["TOKEN": Secret("not for argv")], folder: nil))
        change(&settings.limits)
        let connector = MCPConnector(version: "test", interval: .milliseconds(200))
        let upstream = Upstream(
            settings, clock: SystemWallClock(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            connector: connector, hears: Upstream.Hears(lists: { _, _ in }, resource: { _ in }, watched: { [] }))
        let result = await withTaskGroup(of: Void.self) { group -> Result<Value, any Error> in
            group.addTask { await upstream.run() }
            defer { group.cancelAll() }
            do {
                try await settled(upstream) { $0.state == .ready }
                return .success(try await work(upstream))
            } catch { return .failure(error) }
        }
        await connector.shutdown()
        return try result.get()
    }

    private func settled(_ upstream: Upstream, _ isSo: (UpstreamHealth) -> Bool) async throws {
        try await wait("the server stands so: \(upstream.health)") { isSo(upstream.health) }
    }

    private func call(_ upstream: Upstream, _ name: String) async throws -> JSON {
        let principal = Principal(id: "p", kind: .agent, name: "p", roles: [])
        let session = Session(
            id: "s", principalID: "p", sessionClass: .standard, labels: [], started: Timestamp(seconds: 0),
            expires: Timestamp(seconds: 1))
        return try await upstream.send(
            Method.callTool, ["name": .string(name), "arguments": [:]], [:],
            in: ActionContext(principal: principal, session: session))
    }

    @Test(arguments: ["eat", "eat_by_child"])
    func oneThatTakesTooMuchMemoryIsEndedAndBegunAgain(how: String) async throws {
        try await with({ $0.memory = 64 << 20 }) { upstream in
            let failed = await #expect(throws: GatehouseError.self) { try await call(upstream, how) }
            #expect(failed?.code == .unavailable)
            try await settled(upstream) { $0.state == .failing }
            let problem = upstream.health.problem ?? ""
            #expect(problem.contains("MiB of memory, and may take 64 MiB"), "\(problem)")
            try await settled(upstream) { $0.state == .ready }
            #expect(try await call(upstream, "files")["content"] != nil)
        }
    }

    @Test
    func oneThatTakesTooMuchProcessorTimeIsEnded() async throws {
        try await with({ $0.processor = .seconds(1) }) { upstream in
            await #expect(throws: GatehouseError.self) { try await call(upstream, "spin") }
            try await settled(upstream) { $0.state == .failing }
            #expect(upstream.health.problem?.contains("s of processor time, and may take 1 s") == true)
        }
    }

    @Test(
        .enabled(
            if: ProcessWatch.prlimit != nil, "needs prlimit"))
    func filesAreCounted() async throws {
        try await with({ $0.files = 64 }) { upstream in
            let text = try await call(upstream, "files").firstText.split(separator: " ").compactMap { Int($0) }
            // EMFILE
            #expect(text.count == 2 && text[0] < 64 && text[1] == 24)
        }
    }

    @Test
    func noSecretIsInTheCommandLine() {
        let (_, line) = ProcessWatch(server: "x", limits: ProcessLimits()).command("server", ["--port", "1"])
        #expect(line.suffix(2) == ["--port", "1"])
        #expect(ProcessTable.shared.usage(of: -1, notOlderThan: .zero) == nil)
    }
}
