import Core
import Dialects
import Foundation
import Gate
import JSON
import Ledger
import Models
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import Server

/// Programs as they are, with one address changed.
@Suite("The vendors' own clients", .serialized)
struct ModelSDKTests {
    static let isThere =
        (try? BrowserSetup.run([BrowserSetup.python, "-c", "import openai, anthropic"], [:]).status) == 0

    /// Providers of both dialects at one address.
    static func settings(port: Int) -> ModelsSettings {
        var settings = ModelsSettings()
        settings.providers = [Dialect.openAI, .anthropic].map { dialect in
            Provider(
                id: dialect.rawValue, baseURL: "http://127.0.0.1:\(port)/v1", dialect: dialect,
                auth: .bearer(Secret("upstream-key")))
        }
        settings.aliases = ModelAliases(["fast": [ModelName(provider: "openai", model: "gpt-x")]])
        settings.councils = ["trio": CouncilRule(models: ["fast", "openai/gpt-y", "anthropic/claude-x"])]
        return settings
    }

    /// A port that was free a moment ago.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    @Test(
        "every surface, streamed and not, tools, the other dialect, failures, and a client that goes away",
        .enabled(if: isThere, "needs python with openai and anthropic (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)))
    func surfaces() async throws {
        let port = try await Self.freePort()
        let kept = SessionClass(
            name: "kept", retention: .seconds(86_400), logging: .required, approval: .auto, bodies: true)
        try await RunningHouse.with { limits in
            limits.modelBodyBytes = 2 << 20
        } configure: { configuration in
            configuration.models = Self.settings(port: port)
            configuration.gate.sessionClasses["kept"] = kept
        } _: { running in
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "SDK/sdk.py")
            let (status, output) = try await BrowserSetup.runOffPool(
                [BrowserSetup.python, script.path],
                [
                    "GATEHOUSE_ADDRESS": running.address, "GATEHOUSE_KEY": running.agentKey,
                    "UPSTREAM_PORT": "\(port)", "PYTHONDONTWRITEBYTECODE": "1",
                ])
            #expect(status == 0, "\(output)")
            try await Self.checkConsole(running)
            try await Self.checkBodies(running)
        }
    }

    /// What was said in a session whose class keeps it stands on the action's page, as it left; nowhere else.
    private static func checkBodies(_ running: RunningHouse) async throws {
        let ledger = running.house.ledger
        let kept = try ledger.entries(0..<ledger.size).compactMap(\.payloadJSON).filter { $0["type"] == "bodies" }
        #expect(kept.count == 2)
        let sign = try await running.signIn(running.admin)
        for entry in kept {
            let id = try #require(entry["action"]?.string)
            let page = try await running.send(
                .GET, "/actions/\(id)", headers: [("cookie", sign.cookie), ("accept", "text/html")])
            #expect(page.status == 200 && page.text.contains("What was said"))
            #expect(page.text.contains("&lt;EMAIL_1&gt;") && page.text.contains("You said"))
            #expect(!page.text.contains("grace.hopper"))
        }
        let missing = try await running.send(
            .GET, "/actions/\(Identifier.make("act", at: running.house.clock.now()))",
            headers: [("cookie", sign.cookie), ("accept", "text/html")])
        #expect(missing.status == 404)
    }

    /// The console shows what was asked, what it cost and what was kept back, and no word of it.
    private static func checkConsole(_ running: RunningHouse) async throws {
        let sign = try await running.signIn(running.admin)
        let page = try await running.send(.GET, "/models", headers: [("cookie", sign.cookie), ("accept", "text/html")])
        #expect(page.status == 200)
        for shown in ["openai/gpt-x", "anthropic/claude-x", "EMAIL", "SECRET", "openai.transcriptions", "30 → 20"] {
            #expect(page.text.contains(shown), "\(shown)")
        }
        #expect(!page.text.contains("grace.hopper") && !page.text.contains("You said"))
        let traffic = try ModelTrafficReader(running.house.ledger).traffic()
        let sums = traffic.sums(at: running.house.clock.now()).reduce(ModelTraffic.Sum(), +)
        #expect(sums.calls > 30 && sums.tokens > 1000)
        #expect(sums.failed == 5, "the one that the client left, and those that were no request to a model there is")
        #expect(traffic.latest.count == 50 || traffic.latest.count == sums.calls)
    }

    @Test("Without a provider each surface says so, in its own form", arguments: Surface.allCases)
    func nothingConfigured(_ surface: Surface) async throws {
        let path = try #require(ModelSurface.paths[surface])
        try await RunningHouse.with { running in
            let (body, type) = Self.body(of: surface)
            let answer = try await running.send(
                .POST, path, bytes: body, headers: [("x-api-key", running.agentKey), ("content-type", type)])
            #expect(answer.status == 404)
            #expect(answer.json["error"]?["message"]?.string?.contains("models.providers") == true)
            #expect((answer.json["type"] == "error") == path.hasPrefix("/v1/messages"))
            let stranger = try await running.send(.POST, path, bytes: body)
            #expect(stranger.status == 401)
            #expect(stranger.json["error"]?["type"]?.string?.isEmpty == false)
        }
    }

    @Test("What cannot be read, and who has no session, is on the record, and nothing private with it")
    func refusedRequests() async throws {
        try await RunningHouse.with { running in
            let email = "grace.hopper" + "@" + "navy-yard.org"
            let bodies = ["{", "[]", #"{"model":7}"#, #"{"model":"\(email)","input_ids":[1],"messages":[]}"#]
            for path in ["/v1/chat/completions", CouncilRoutes.path] {
                for body in bodies {
                    let answer = try await running.send(.POST, path, key: running.agentKey, bytes: Array(body.utf8))
                    #expect(answer.status == 400, "\(answer.text)")
                }
            }
            let elsewhere = try await running.send(
                .POST, "/v1/messages", key: running.agentKey,
                bytes: Array(#"{"model":"m","max_tokens":1,"messages":[]}"#.utf8),
                headers: [("x-gatehouse-session", "ses_\(email)")])
            #expect(elsewhere.status == 403)
            _ = try await running.send(.POST, "/v1/chat/completions", bytes: Array("{".utf8))
            let ledger = running.house.ledger
            let refused = try ledger.entries(0..<ledger.size).compactMap(\.payloadJSON).filter {
                $0["state"] == "refused"
            }
            #expect(refused.count == 9 && refused.allSatisfy { $0["principal"]?.string == running.agent.id })
            #expect(refused.filter { $0["session"] == nil }.count == 1)
            #expect(!refused.contains { $0.text().contains("grace") })
        }
    }

    private static func body(of surface: Surface) -> (bytes: [UInt8], type: String) {
        guard surface == .openAITranscriptions else {
            let body: JSON = ["model": "gpt-x", "max_tokens": 9, "messages": [], "input": "Hello"]
            return (body.bytes(), "application/json")
        }
        let parts = ["name=\"model\"\r\n\r\ngpt-x", "name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\u{0}"]
        let form = parts.map { "--b\r\ncontent-disposition: form-data; \($0)\r\n" }.joined() + "--b--\r\n"
        return ([UInt8](form.utf8), "multipart/form-data; boundary=b")
    }
}
