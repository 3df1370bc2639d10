import Core
import Gate
import JSON
import TestSupport
import Testing

@testable import Integrations

@Suite("Integrations through the gate", .timeLimit(.minutes(10))) struct ToolTests {
    private static func pager(_ server: TestServer) -> Destination {
        .test(
            "there", .pagerduty, PagerDuty(url: server.address, routingKey: Secret(Notices.token)),
            secrets: [Secret(Notices.token)])
    }

    @Test("all that is sent passes the gate: shown without its secret, agreed to, sent, and taken back")
    func whole() async throws {
        let server = try await TestServer { _, _ in .answer(202, body: #"{"status":"success","dedup_key":"k"}"#) }
        try await GateWorld.with([Self.pager(server)]) { world in
            let arguments: JSON = [
                "destination": "there", "title": "Down", "dedupe_key": "k", "severity": "critical", "wait": 10,
            ]
            guard case .waiting(let id, let approval) = try await world.submit("integrations.send", arguments) else {
                Issue.record("nobody was asked")
                return
            }
            #expect(server.arrivals.isEmpty)
            let preview = approval.preview
            #expect(
                preview.diff.contains("POST \(server.address)/v2/enqueue")
                    && preview.diff.contains("\"summary\": \"Down\""))
            #expect(preview.diff.contains("\"routing_key\": \"[redacted]\"") && !preview.diff.contains(Notices.token))
            #expect(preview.undo?.arguments["state"] == "resolved" && preview.facts["dedupe"] == "vendor")
            _ = try await world.gate.approve(approval.id, by: world.admin, reason: "it is down")
            try await wait("the event") { server.arrivals.count == 1 }
            try await wait("the end") { try await world.gate.action(id).state == .done }
            #expect(
                server.arrivals[0].json["event_action"] == "trigger"
                    && server.arrivals[0].json["routing_key"]?.string == Notices.token)
            _ = try await world.gate.undo(id, as: world.admin, reason: nil)
            try await wait("its undoing") { server.arrivals.count == 2 }
            #expect(server.arrivals[1].json["event_action"] == "resolve" && server.arrivals[1].json["dedup_key"] == "k")
        }
        try await server.stop()
    }

    @Test("one key of idempotency is one send") func idempotent() async throws {
        let server = try await TestServer()
        try await GateWorld.with([.test("there", .webhook, Webhook(url: server.address))]) { world in
            let arguments: JSON = ["destination": "there", "title": "One", "dedupe_key": "k", "wait": 10]
            let first = try await world.answer("integrations.send", arguments, key: "once")
            let second = try await world.answer("integrations.send", arguments, key: "once")
            #expect(first["state"] == "delivered" && first["send"] == second["send"])
        }
        #expect(server.arrivals.count == 1)
        try await server.stop()
    }

    @Test("texts are inspected on their way, and what a destination may not see is not sent")
    func inspected() async throws {
        let server = try await TestServer()
        let hook = Destination.test("there", .webhook, Webhook(url: server.address))
        try await GateWorld.with([hook], inspectors: [WordInspector()]) { world in
            let arguments: JSON = ["destination": "there", "title": "From grace", "dedupe_key": "k", "wait": 10]
            let sent = try await world.answer("integrations.send", arguments)
            #expect(sent["state"] == "delivered" && server.arrivals.first?.json["title"] == "From [NAME]")
            var labelled = arguments
            labelled["text"] = "a patient"
            let refused = labelled
            await #expect(throws: GatehouseError.self) { try await world.submit("integrations.send", refused) }
        }
        #expect(server.arrivals.count == 1)
        try await server.stop()
    }

    @Test("lists and dead letters, which are sent again") func lists() async throws {
        let server = try await TestServer { _, _ in .answer(400, body: #"{"message":"no"}"#) }
        try await GateWorld.with([.test("there", .webhook, Webhook(url: server.address))]) { world in
            let sent = try await world.answer(
                "integrations.send", ["destination": "there", "title": "One", "dedupe_key": "k", "wait": 10])
            #expect(sent["state"] == "dead" && sent["problem"] == "it answered 400: no")
            let list = try await world.answer("integrations.list", [:])["destinations"]?[0]
            #expect(
                list?["health"] == "has dead letters" && list?["dead"] == 1
                    && list?["last_problem"] == "it answered 400: no")
            let letters = try await world.answer("integrations.dead_letters", [:])["dead_letters"]?.array ?? []
            #expect(letters.count == 1 && letters.first?["id"] == sent["send"])
            server.answers { _, _ in .answer(200) }
            let id = sent["send"] ?? .null
            #expect(try await world.answer("integrations.retry", ["destination": "there", "id": id])["retried"] == 1)
            try await wait("its delivery") {
                try await world.answer("integrations.list", [:])["destinations"]?[0]?["delivered"] == 1
            }
            await #expect(throws: GatehouseError.self) {
                try await world.submit("integrations.retry", ["destination": "there", "id": id])
            }
        }
        try await server.stop()
    }

    @Test("a destination that is not there is named with its nearest, and nothing is kept") func unknown() async throws
    {
        let server = try await TestServer()
        try await GateWorld.with([.test("there", .webhook, Webhook(url: server.address))]) { world in
            do {
                _ = try await world.submit(
                    "integrations.send", ["destination": "ther", "title": "t", "dedupe_key": "k"])
                Issue.record("it went somewhere")
            } catch let error as GatehouseError {
                #expect(error.code == .notFound && error.hint == "did you mean \"there\"?")
            }
            let list = try await world.answer("integrations.list", [:])["destinations"]?.array
            #expect(list?.count == 1 && list?.first?["waiting"] == 0)
        }
        try await server.stop()
    }
}
