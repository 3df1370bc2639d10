import AsyncHTTPClient
import Core
import Foundation
import Gate
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Testing
import Web

@testable import Server

@Suite("HTTP API", .serialized)
struct APITests {
    @Test("without credentials: 401 with a challenge; with wrong ones too; with a cookie only by its token")
    func credentials() async throws {
        try await RunningHouse.with { running in
            for path in ["/api/v1/tools", "/api/v1/actions", "/api/v1/ledger", "/api/v1/keys", "/api/v1/events"] {
                let answer = try await running.send(.GET, path)
                #expect(answer.status == 401 && answer.code == "unauthenticated", "\(path)")
                #expect(answer.headers["www-authenticate"].first?.hasPrefix("Bearer") == true)
                #expect(answer.json["error"]?["request_id"]?.string == answer.headers["x-request-id"].first)
            }
            for header in ["Bearer gh_deadbeef_nothing", "Bearer ey.J.x", "Basic YTpi", "Bearer ", "gh_x"] {
                let answer = try await running.send(.GET, "/api/v1/tools", headers: [("authorization", header)])
                #expect(answer.status == 401, "\(header)")
            }
            let byHeader = try await running.send(.GET, "/api/v1/tools", headers: [("x-api-key", running.agentKey)])
            #expect(byHeader.status == 200)
            let sign = try await running.signIn(running.admin)
            let read = try await running.send(.GET, "/api/v1/tools", headers: [("cookie", sign.cookie)])
            #expect(read.status == 200)
            let bare = try await running.send(.POST, "/api/v1/sessions", json: [:], headers: [("cookie", sign.cookie)])
            #expect(bare.status == 403)
            let full = try await running.send(
                .POST, "/api/v1/sessions", json: [:], headers: [("cookie", sign.cookie), ("x-csrf-token", sign.csrf)])
            #expect(full.status == 201)
        }
    }

    @Test("a change waits, is approved by somebody else, is performed once, and can be undone")
    func change() async throws {
        try await RunningHouse.with { running in
            let wanted: JSON = [
                "tool": "demo.thermostat.set", "target": "room:hall", "arguments": ["degrees": 21], "reason": "guests",
                "idempotency_key": "k1",
            ]
            let asked = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            #expect(asked.status == 202)
            let approval = asked.json["approval"] ?? .null
            let id = try approval.text("id")
            let stale = try await running.send(
                .POST, "/api/v1/approvals/\(id)/approve", key: running.adminKey,
                json: ["reason": "fine", "binding": "0000"])
            #expect(stale.status == 409 || stale.status == 403, "\(stale.text)")
            let own = try await running.send(
                .POST, "/api/v1/approvals/\(id)/approve", key: running.agentKey, json: ["reason": "me"])
            #expect(own.status == 403)
            let approved = try await running.send(
                .POST, "/api/v1/approvals/\(id)/approve", key: running.adminKey,
                json: ["reason": "it is cold", "binding": approval["binding"] ?? .null])
            #expect(
                approved.status == 200 && approved.json["submission"]?["answer"]?["degrees"]?.int == 21,
                "\(approved.text)")
            let again = try await running.send(
                .POST, "/api/v1/approvals/\(id)/approve", key: running.adminKey, json: ["reason": "twice"])
            #expect(again.status == 409 || again.status == 403)
            let action = try asked.json.text("action_id")
            let undo = try await running.send(
                .POST, "/api/v1/actions/\(action)/undo", key: running.agentKey, json: ["reason": "oops"])
            #expect(undo.status == 202, "\(undo.text)")
        }
    }

    @Test("progress comes as events, then the result; a refusal comes as an event too")
    func progress() async throws {
        try await RunningHouse.with { running in
            let wanted: JSON = ["tool": "demo.library.look_up", "target": "library:main", "arguments": ["title": "x"]]
            let answer = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey, json: wanted,
                headers: [("accept", "text/event-stream")])
            #expect(answer.headers["content-type"].first == "text/event-stream")
            #expect(answer.text.contains("event: progress"))
            #expect(answer.text.contains("event: result\ndata: {"))
            let refused = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey, json: ["tool": "no.such_tool", "target": "x"],
                headers: [("accept", "text/event-stream")])
            #expect(refused.text.contains("event: error\ndata: {\"error\""))
            let plain = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey, json: ["tool": "demo.librry.look_up", "target": "x"])
            #expect(
                plain.status == 404 && plain.json["error"]?["hint"]?.string?.contains("demo.library.look_up") == true)
        }
    }

    @Test("events arrive live, and only one's own for who does not watch over the house")
    func events() async throws {
        try await RunningHouse.with { running in
            let socket = try RawSocket(port: running.port)
            socket.send(
                "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(running.adminKey)\r\n\r\n")
            await #expect(socket.read(until: ": connected").contains("text/event-stream"))
            let wanted: JSON = ["tool": "demo.thermostat.set", "target": "room:hall", "arguments": ["degrees": 22]]
            _ = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            await #expect(socket.read(until: "event: waiting").contains("event: waiting"))
        }
    }

    @Test("keys are made and revoked as actions; a revoked one no longer opens")
    func keys() async throws {
        try await RunningHouse.with { running in
            let made = try await running.send(
                .POST, "/api/v1/keys", key: running.adminKey, json: ["name": "ci", "expires_in": 3600])
            #expect(made.status == 201, "\(made.text)")
            let secret = try made.json.text("secret")
            let id = try made.json.text("id")
            let works = try await running.send(.GET, "/api/v1/keys", key: secret)
            #expect(works.status == 200 && !works.text.contains(secret))
            let revoked = try await running.send(.DELETE, "/api/v1/keys/\(id)", key: running.adminKey)
            #expect(revoked.status == 200, "\(revoked.text)")
            let dead = try await running.send(.GET, "/api/v1/keys", key: secret)
            #expect(dead.status == 401)
        }
    }

    @Test("the ledger: entries, proofs that hold, a checkpoint, an export that verifies")
    func ledger() async throws {
        try await RunningHouse.with { running in
            for number in 0..<5 {
                let wanted: JSON = [
                    "tool": "demo.thermostat.set", "target": "room:\(number)", "arguments": ["degrees": 20],
                ]
                _ = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            }
            let list = try await running.send(.GET, "/api/v1/ledger?limit=3", key: running.adminKey)
            #expect(list.json["entries"]?.array?.count == 3 && list.json["next"] != nil)
            let proof = try await running.send(.GET, "/api/v1/ledger/1/proof", key: running.adminKey)
            #expect(proof.json["verified"] == true)
            let consistency = try await running.send(
                .GET, "/api/v1/ledger/consistency?from=1&to=4", key: running.adminKey)
            #expect(consistency.json["verified"] == true, "\(consistency.text)")
            let point = try await running.send(.GET, "/api/v1/ledger/checkpoint", key: running.adminKey)
            #expect(point.json["note"]?.string?.contains("\u{2014} ") == true)
            let export = try await running.send(.GET, "/api/v1/ledger/export", key: running.adminKey)
            #expect(export.status == 200 && export.text.split(separator: "\n").count >= 6)
            let beyond = try await running.send(.GET, "/api/v1/ledger/999999", key: running.adminKey)
            #expect(beyond.status == 404 || beyond.status == 400)
            let word = try await running.send(.GET, "/api/v1/ledger/xyz", key: running.adminKey)
            #expect(word.status == 400)
        }
    }

    @Test("request ids: a harmless one is taken, any other replaced")
    func requestIDs() async throws {
        try await RunningHouse.with { running in
            let own = try await running.send(.GET, "/healthz", headers: [("x-request-id", "trace-12345678")])
            #expect(own.headers["x-request-id"] == ["trace-12345678"])
            for bad in ["short", String(repeating: "x", count: 65), "has spaces in it", "<script>alert"] {
                let answer = try await running.send(.GET, "/healthz", headers: [("x-request-id", bad)])
                #expect(answer.headers["x-request-id"].first?.hasPrefix("req_") == true)
            }
        }
    }

    @Test("the kernel vouches for who comes by the unix socket")
    func unixSocket() async throws {
        try await RunningHouse.with { running in
            let path = Percent.encode(running.house.doors.socket)
            var request = HTTPClientRequest(url: "http+unix://\(path)/api/v1/sessions")
            request.headers.add(name: "host", value: "localhost")
            let link = try await running.client.execute(request, timeout: .seconds(120))
            #expect(link.status == .ok)
            let mode =
                try FileManager.default.attributesOfItem(atPath: running.house.doors.socket)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a second house on the same folder is refused, saying so")
    func secondInstance() async throws {
        try await RunningHouse.with { running in
            await #expect(throws: GatehouseError.self) {
                _ = try await House.open(dataDirectory: running.house.dataDirectory, logger: .init(label: "second"))
            }
        }
    }
}
