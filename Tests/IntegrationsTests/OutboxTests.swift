import Core
import JSON
import NIOHTTP1
import Synchronization
import TestSupport
import NIOHTTP1
import Testing

@testable import Integrations

@Suite("The outbox, when destinations misbehave", .timeLimit(.minutes(10))) struct OutboxTests {
    private static func hook(_ server: TestServer, _ name: String = "there", timeout: Duration = .seconds(60))
        -> Destination
    {
        .test(
            name, .webhook, Webhook(url: "\(server.address)/hook", signingKey: Secret(Notices.token)), timeout: timeout,
            secrets: [Secret(Notices.token)])
    }

    @Test("a send is tried again until it is taken, with the same id", arguments: [408, 429, 500, 503])
    func retried(_ status: Int) async throws {
        let server = try await TestServer { number, _ in .answer(number < 3 ? status : 200) }
        try await OutboxWorld.with([Self.hook(server)]) { world in
            let send = try await world.send(try Notices.plain("one"))
            try await wait("its delivery") { try await world.state(send) == .delivered }
            #expect(try await world.table.find(send.id).attempts == 3)
        }
        #expect(server.arrivals.count == 3 && Set(server.arrivals.map { $0.json["id"]?.string }).count == 1)
        try await server.stop()
    }

    @Test("a message in Slack is edited by what comes later, and posted anew where somebody deleted it")
    func edited() async throws {
        let deleted = Mutex(false)
        let server = try await TestServer { number, arrival in
            if arrival.path == "/chat.update", deleted.withLock({ $0 }) {
                return .answer(200, body: #"{"ok":false,"error":"message_not_found"}"#)
            }
            return .answer(200, body: #"{"ok":true,"channel":"C1","ts":"17.\#(number)"}"#)
        }
        let slack = Destination.test(
            "there", .slack, Slack(url: server.address, token: Secret(Notices.token), channel: "C1"))
        try await OutboxWorld.with([slack]) { world in
            for title in ["one", "two"] {
                let send = try await world.send(try Notices.plain(title))
                try await wait("its delivery") { try await world.state(send) == .delivered }
            }
            #expect(server.arrivals.map(\.path) == ["/chat.postMessage", "/chat.update"])
            #expect(server.arrivals.last?.json["ts"] == "17.1" && server.arrivals.last?.json["channel"] == "C1")
            deleted.withLock { $0 = true }
            let third = try await world.send(try Notices.plain("three"))
            try await wait("its delivery") { try await world.state(third) == .delivered }
            #expect(server.arrivals.last?.path == "/chat.postMessage")
        }
        #expect(server.arrivals.allSatisfy { $0.headers.first(name: "authorization") == "Bearer \(Notices.token)" })
        try await server.stop()
    }

    @Test("what asks to wait is left alone so long, and others are not")
    func retryAfter() async throws {
        let slow = try await TestServer { number, _ in
            number == 1 ? .answer(429, headers: [("retry-after", "6")]) : .answer(200)
        }
        let quick = try await TestServer()
        try await OutboxWorld.with([Self.hook(slow), Self.hook(quick, "other")]) { world in
            let first = try await world.send(try Notices.plain("one", key: "1"))
            try await wait("the first try") { slow.arrivals.count == 1 }
            let second = try await world.send(try Notices.plain("two", key: "2"))
            let other = try await world.send(try Notices.plain("three"), to: "other")
            try await wait("the other's") { try await world.state(other) == .delivered }
            #expect(slow.arrivals.count == 1, "nothing goes there meanwhile")
            try await wait("both") {
                let states = (try await world.state(first), try await world.state(second))
                return states == (.delivered, .delivered)
            }
        }
        #expect(slow.arrivals[1].time - slow.arrivals[0].time >= .milliseconds(5900))
        try await slow.stop()
        try await quick.stop()
    }

    @Test("resets and silence are tried again; answers that never end or break off count by their status")
    func broken() async throws {
        let server = try await TestServer { number, _ in
            switch number {
            case 1: .reset
            case 2: .hang
            case 3: .flood(500)
            case 4: .flood(200)
            default: .breakOff(200)
            }
        }
        try await OutboxWorld.with([Self.hook(server, timeout: .milliseconds(500))]) { world in
            let send = try await world.send(try Notices.plain("one"))
            try await wait("its delivery") { try await world.state(send) == .delivered }
            let tries = server.arrivals
            #expect(tries.count >= 4)
            #expect(Set(tries.map { $0.headers["x-gatehouse-delivery"] }) == [[send.id]], "each try bears the same id")
            let next = try await world.send(try Notices.plain("two"))
            try await wait("the next") { try await world.state(next) == .delivered }
        }
        try await server.stop()
    }

    @Test("a redirect is not followed, and the token goes nowhere")
    func redirect() async throws {
        let other = try await TestServer()
        let server = try await TestServer { _, _ in .answer(307, headers: [("location", "\(other.address)/stolen")]) }
        let pager = PagerDuty(url: server.address, routingKey: Secret(Notices.token))
        try await OutboxWorld.with([.test("there", .pagerduty, pager)]) { world in
            let send = try await world.send(try Notices.leak())
            try await wait("its end") { try await world.state(send) == .dead }
            #expect(try await world.table.find(send.id).problem?.contains("not followed") == true)
        }
        #expect(other.arrivals.isEmpty && server.arrivals.count == 1)
        try await server.stop()
        try await other.stop()
    }

    @Test("a dead destination holds nobody up, and is left alone")
    func deadDestination() async throws {
        let gone = try await TestServer()
        let dead = Self.hook(gone, "dead")
        try await gone.stop()
        let server = try await TestServer()
        try await OutboxWorld.with([dead, Self.hook(server)], circuitPause: .seconds(30)) { world in
            for number in 0..<20 { try await world.send(try Notices.plain("d\(number)", key: "\(number)"), to: "dead") }
            var sends: [KeptSend] = []
            for number in 0..<20 {
                sends.append(try await world.send(try Notices.plain("\(number)", key: "\(number)")))
            }
            for send in sends { try await wait("delivery") { try await world.state(send) == .delivered } }
            try await wait("the circuit") { world.outbox.circuit(of: "dead") == "open" }
            let figures = try await world.table.figures()
            #expect(figures["dead"]?.waiting == 20 && figures["there"]?.delivered == 20)
        }
        try await server.stop()
    }

    @Test(
        "refused or tried too often, it is a dead letter with the reason, which says no secret, and can be sent again")
    func deadLetters() async throws {
        let echo = #"{"message":"bad key \#(Notices.token)"}"#
        let server = try await TestServer { _, arrival in
            arrival.json["title"] == "refused" ? .answer(400, body: echo) : .answer(500)
        }
        try await OutboxWorld.with([Self.hook(server)], configure: { $0.attempts = 3 }) { world in
            let refused = try await world.send(try Notices.plain("refused", key: "1"))
            let failing = try await world.send(try Notices.plain("failing", key: "2"))
            try await wait("both") {
                let states = (try await world.state(refused), try await world.state(failing))
                return states == (.dead, .dead)
            }
            let letters = try await world.table.dead(destination: nil, limit: 10)
            let problems = Dictionary(letters.map { ($0.id, $0.problem ?? "") }) { first, _ in first }
            #expect(problems[refused.id] == "it answered 400: bad key [redacted]")
            #expect(problems[failing.id] == "it answered 500, 3 times")
            server.answers { _, _ in .answer(200) }
            let count = try await world.table.retry(
                destination: "there", id: nil, at: world.outbox.clock.now(), limit: 10)
            #expect(count == 2)
            world.outbox.ring()
            try await wait("both delivered") { try await world.table.figures()["there"]?.delivered == 2 }
        }
        try await server.stop()
    }

    @Test("notices on one key arrive in order, whatever fails on the way")
    func order() async throws {
        let server = try await TestServer { number, _ in .answer(number % 3 == 1 ? 503 : 200) }
        try await OutboxWorld.with([Self.hook(server)]) { world in
            for number in 0..<6 { try await world.send(try Notices.plain("\(number)")) }
            try await wait("all") { try await world.table.figures()["there"]?.delivered == 6 }
        }
        var seen: [String] = []
        for title in server.arrivals.compactMap({ $0.json["title"]?.string }) where seen.last != title {
            seen.append(title)
        }
        #expect(seen == ["0", "1", "2", "3", "4", "5"])
        try await server.stop()
    }

    @Test("no more at a time than the settings say") func concurrency() async throws {
        let server = try await TestServer { _, _ in .hang }
        try await OutboxWorld.with(
            [Self.hook(server, timeout: .seconds(8))], configure: { $0.concurrencyPerDestination = 2 }
        ) { world in
            for number in 0..<8 { try await world.send(try Notices.plain("\(number)", key: "\(number)")) }
            try await wait("two") { server.arrivals.count == 2 }
            #expect(server.arrivals.count == 2)
            server.answers { _, _ in .answer(200) }
            try await wait("all") { try await world.table.figures()["there"]?.delivered == 8 }
        }
        try await server.stop()
    }

    @Test("what was acknowledged outlives the process, and an answer that was lost does not lose it")
    func restart() async throws {
        let folder = ScratchFolder()
        let server = try await TestServer { _, _ in .hang }
        let kept = Mutex<String?>(nil)
        try await OutboxWorld.with([Self.hook(server, timeout: .milliseconds(300))], in: folder) { world in
            let send = try await world.send(try Notices.plain("one"))
            kept.withLock { $0 = send.id }
            try await wait("the first try") { !server.arrivals.isEmpty }
        }
        server.answers { _, _ in .answer(200) }
        let id = try #require(kept.withLock { $0 })
        try await OutboxWorld.with([Self.hook(server)], in: folder) { world in
            try await wait("its delivery") { try await world.table.find(id).state == .delivered }
        }
        #expect(Set(server.arrivals.map { $0.json["id"]?.string }) == [id])
        try await server.stop()
    }

    @Test("of several messages, those that arrived are not sent again")
    func steps() async throws {
        let server = try await TestServer { number, arrival in
            switch arrival.method {
            case "GET": .answer(200, body: #"[{"number":12,"html_url":"https://x/12","state":"open","body":""}]"#)
            case "POST": .answer(201, body: #"{"id":1}"#)
            default:
                number < 4
                    ? .answer(502) : .answer(200, body: #"{"number":12,"html_url":"https://x/12","state":"closed"}"#)
            }
        }
        let issues = GitHubIssue(forge: GitHub(url: server.address, token: Secret(Notices.token), repository: "a/b"))
        try await OutboxWorld.with([.test("there", .githubIssue, issues)]) { world in
            let send = try await world.send(try Notices.leak(.resolved))
            try await wait("its delivery") { try await world.state(send) == .delivered }
            #expect(try await world.table.find(send.id).remoteLink == "https://x/12")
        }
        #expect(server.arrivals.map(\.method) == ["GET", "POST", "PATCH", "GET", "PATCH"])
        try await server.stop()
    }

    @Test("an issue that was made, with its answer lost, is found and not made twice")
    func foundAgain() async throws {
        let made = Mutex<String?>(nil)
        let server = try await TestServer { _, arrival in
            if arrival.method == "GET" {
                let list: JSON = made.withLock { body in
                    body.map { [["iid": 5, "web_url": "https://x/5", "state": "opened", "description": .string($0)]] }
                        ?? []
                }
                return .answer(200, body: list.text())
            }
            let isFirst = made.withLock { body in
                defer { body = arrival.json["description"]?.string }
                return body == nil
            }
            return isFirst ? .reset : .answer(500)
        }
        let issues = GitLabIssue(forge: GitLab(url: server.address, token: Secret(Notices.token), project: "1"))
        try await OutboxWorld.with([.test("there", .gitlabIssue, issues)]) { world in
            let send = try await world.send(try Notices.leak())
            try await wait("its delivery") { try await world.state(send) == .delivered }
            #expect(try await world.table.find(send.id).remoteLink == "https://x/5")
        }
        #expect(server.arrivals.map(\.method) == ["GET", "POST", "GET"])
        try await server.stop()
    }

    @Test("only so many wait for a destination, and an action's send is put once")
    func bounds() async throws {
        try await OutboxWorld.with([]) { world in
            let notice = try Notices.plain("one")
            let now = world.outbox.clock.now()
            let first = try await world.table.put(notice, to: "nowhere", action: "act_1", at: now, greatest: 1)
            let again = try await world.table.put(notice, to: "nowhere", action: "act_1", at: now, greatest: 1)
            #expect(first.id == again.id)
            await #expect(throws: GatehouseError.self) {
                try await world.table.put(notice, to: "nowhere", action: "act_2", at: now, greatest: 1)
            }
            try await world.table.delivered(first, RemoteItem(id: "x"), at: now)
            try await world.table.forget(before: now + .seconds(1))
            #expect(try await world.table.figures().isEmpty)
        }
    }
}

@Suite("Pauses and circuits") struct CircuitTests {
    @Test("pauses double up to the longest, a part of them by chance, and never shorter than asked")
    func pauses() {
        let pauses = Pauses(first: .seconds(2), longest: .seconds(60))
        #expect(
            (1...7).map { pauses.after(attempts: $0, asked: nil, jitter: 1) }
                == [2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(pauses.after(attempts: 1, asked: nil, jitter: 0) == .seconds(1))
        #expect(pauses.after(attempts: 1, asked: .seconds(90), jitter: 0) == .seconds(90))
        #expect(pauses.after(attempts: 1, asked: .seconds(86_400), jitter: 0) == .seconds(3600))
        #expect(pauses.after(attempts: .max, asked: nil, jitter: 1) == .seconds(60))
    }

    @Test("three failures in a row open a circuit, one send tries, and what works closes it")
    func circuit() {
        var circuit = DestinationCircuit(pause: .seconds(5))
        let now = ContinuousClock.now
        circuit.failed(at: now, asked: nil)
        circuit.failed(at: now, asked: nil)
        #expect(circuit.room(4, at: now) == 4)
        circuit.failed(at: now, asked: nil)
        #expect(circuit.room(4, at: now + .seconds(4)) == 0 && circuit.room(4, at: now + .seconds(5)) == 1)
        circuit.begun()
        #expect(circuit.room(4, at: now + .seconds(9)) == 0)
        circuit.failed(at: now + .seconds(9), asked: nil)
        #expect(circuit.opens == now + .seconds(19), "twice as long")
        circuit.begun()
        circuit.succeeded()
        #expect(circuit.room(4, at: now) == 4 && circuit.name == "closed")
        circuit.failed(at: now, asked: .seconds(60))
        #expect(circuit.opens == now + .seconds(60), "who asks is left alone at once")
        circuit.failed(at: now, asked: nil)
        #expect(circuit.opens == now + .seconds(60), "and not for less")
    }
}
