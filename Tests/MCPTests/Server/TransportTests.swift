import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("What comes over HTTP", .timeLimit(.minutes(10)))
struct TransportTests {
    @Test(arguments: [
        ("GET", 405), ("DELETE", 405), ("PUT", 405), ("OPTIONS", 405), ("HEAD", 405),
    ])
    func otherMethodsAreNotTaken(_ method: String, _ status: Int) async throws {
        let method = try #require(HTTPRequest.Method(method))
        #expect(await Rig().send(method).status == status)
    }

    @Test(arguments: [
        ("", 400, -32700), ("{", 400, -32700), ("[]", 400, -32600), ("7", 400, -32600),
        (#"[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"#, 400, -32600),
        (#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, 400, -32600),
        (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}"#, 400, -32700),
    ])
    func bodiesThatAreNoMessageAreTold(_ body: String, _ status: Int, _ code: Int) async {
        let reply = await Rig().send(.post, Array(body.utf8))
        #expect(reply.status == status && reply.error == code)
        #expect(reply.json["id"] == nil)
    }

    @Test func boundsHold() async {
        let rig = Rig { $0.messageBytes = 1000 }
        #expect(await rig.send(.post, [UInt8](repeating: 0x20, count: 1001)).status == 413)
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        let nested = #"{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"# + deep + "}}"
        #expect(await rig.send(.post, Array(nested.utf8)).error == -32600)
        let json = JSON(["jsonrpc": "2.0", "id": 1, "method": "tools/list"]).bytes()
        #expect(await rig.send(.post, json, ["Content-Type": "text/plain"]).status == 415)
        #expect(await rig.send(.post, json, ["Accept": "text/html"]).status == 406)
        #expect(await rig.modern("tools/list", headers: ["Accept": "*/*"]).status == 200)
        #expect(await rig.modern("tools/list", headers: ["Accept": ""]).status == 200)
        #expect(
            await rig.modern("tools/list", headers: ["Accept": "application/json;q=1, text/*"]).status == 200)
    }

    @Test func aNotificationIsTakenAndNotAnswered() async {
        let body: JSON = ["jsonrpc": "2.0", "method": "notifications/whatever", "params": ["_meta": Rig.meta]]
        let reply = await Rig().send(.post, body.bytes(), ["MCP-Protocol-Version": "2026-07-28"])
        #expect(reply.status == 202 && reply.bytes.isEmpty)
    }

    @Test func foreignPagesAndHostsAreNotLetIn() async {
        let rig = Rig(EndpointHosts(names: ["gate.example", "[::1]"], origins: ["https://app.example:8443"]))
        func status(_ host: String, _ origin: String = "") async -> Int {
            await rig.modern("tools/list", headers: ["Host": host, "Origin": origin]).status
        }
        #expect(await status("gate.example") == 200)
        #expect(await status("GATE.example:8443", "https://gate.example") == 200)
        #expect(await status("[::1]:9", "http://[::1]:9") == 200)
        #expect(await status("gate.example", "https://app.example:8443") == 200)
        #expect(await status("evil.example") == 403)
        #expect(await status("gate.example.evil.example") == 403)
        #expect(await status("gate.example", "https://evil.example") == 403)
        #expect(await status("gate.example", "https://app.example") == 403)
        #expect(await status("gate.example", "https://gate.example.evil.example") == 403)
        #expect(await status("gate.example", "https://evil.example/gate.example") == 403)
        #expect(await status("gate.example", "null") == 403)
        #expect(await status("gate.example", "file://gate.example") == 403)
    }

    /// Bodies and headers changed at random: every one is answered, and the endpoint serves as before.
    @Test func changedRequestsAreAnswered() async throws {
        let rig = Rig { $0.inputWait = .milliseconds(1) }
        let client = try await SessionClient.open(rig)
        var random = SeededRandom(seed: 1128)
        var seeds: [JSON] = ["tools/list", "server/discover", "subscriptions/listen"].map { method in
            ["jsonrpc": "2.0", "id": 1, "method": JSON(method), "params": ["_meta": Rig.meta, "notifications": [:]]]
        }
        for tool in ["echo", "ask", "progress", "log"] {
            let params: JSON = ["name": JSON(tool), "arguments": ["a": [1]], "_meta": Rig.meta(["progressToken": 1])]
            seeds.append(["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params])
        }
        seeds.append(["jsonrpc": "2.0", "id": 1, "result": [:]])
        seeds.append(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 1]])
        let end = ContinuousClock.now + .seconds(2)
        var answered: Set<Int> = []
        while ContinuousClock.now < end {
            var json = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            var headers = [
                "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": json["method"]?.string ?? "x",
                "Mcp-Name": json["params"]?["name"]?.string ?? "x",
            ]
            if Bool.random(using: &random) {
                headers = client.headers
                json["params"]?["_meta"] = nil
            }
            var bytes = json.bytes()
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            answered.insert(await rig.send(.post, bytes, headers).status)
        }
        #expect(answered.isSuperset(of: [200, 202, 400]))
        #expect(answered.isDisjoint(with: [500]))
        #expect(await rig.modern("tools/list").status == 200)
        rig.endpoint.close()
    }
}
