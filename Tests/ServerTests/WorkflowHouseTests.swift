import Core
import Crypto
import Flow
import Foundation
import Gate
import JSON
import NIOHTTP1
import Store
import TestSupport
import Testing

@testable import Server

/// Workflows in a whole house: what starts runs from outside, who sees them, and how the console shows them.
@Suite("Workflows of a house", .timeLimit(.minutes(10)))
struct WorkflowHouseTests {
    private static let greet = """
        name: greet
        title: Greet whoever comes
        on:
          webhook: {}
          push: {branches: [main], paths: ["src/**"]}
          alert: {severity: high}
        steps:
          - id: look
            uses: demo.library.look_up
            with: {title: "${{ default(event.title, 'nothing') }}"}
        """

    private static let patient = """
        name: patient
        steps:
          - id: wait
            wait_for: {event: delivery, if: "${{ event.parcel == 7 }}", timeout: 1h}
        """

    private static let changing = """
        name: warm
        inputs:
          degrees: {type: number, default: 21}
        steps:
          - id: agree
            approval: {message: "Warm the hall?", details: {why: [guests, snow], plan: "first\\nsecond"}, roles: [security_lead]}
          - id: set
            uses: demo.thermostat.set
            target: room:hall
            with: {degrees: "${{ inputs.degrees }}"}
        """

    private static let secret = "a secret of thirty-two bytes ...."

    private static func with(
        _ work: @escaping @Sendable (RunningHouse) async throws -> Void
    ) async throws {
        let files = ScratchFolder()
        defer { files.remove() }
        for (name, text) in [("greet", greet), ("patient", patient), ("warm", changing)] {
            try text.write(toFile: files.file("\(name).yaml"), atomically: true, encoding: .utf8)
        }
        try await RunningHouse.with(configure: { configuration in
            configuration.workflows.folder = files.path
            let secret = Secret(Self.secret)
            configuration.workflows.hooks = [
                "greet": .init(kind: .generic, secret: secret), "forge": .init(kind: .github, secret: secret),
                "gitea": .init(kind: .gitea, secret: secret), "gitlab": .init(kind: .gitlab, secret: secret),
                "signed": .init(kind: .gitlab, secret: Secret("whsec_" + Data(Self.secret.utf8).base64EncodedString())),
                "server": .init(kind: .push, secret: secret), "alarms": .init(kind: .alert, secret: secret),
                "delivery": .init(kind: .event, secret: secret),
            ]
        }) { running in
            _ = try await running.house.gate.identity.addPrincipal(
                kind: .service, name: "workflow:greet", roles: ["operator"])
            try await work(running)
        }
    }

    private static func code(_ signed: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data(Self.secret.utf8)))
        return code.map { String(format: "%02x", $0) }.joined()
    }

    private static func send(
        _ running: RunningHouse, _ hook: String, _ body: String, late seconds: Int64 = 0, signing: String? = nil
    ) async throws -> RunningHouse.Answer {
        let time = running.house.clock.now().seconds + seconds
        let signature = "t=\(time),v1=\(code("\(time).\(signing ?? body)"))"
        return try await running.send(
            .POST, "/hooks/\(hook)", bytes: Array(body.utf8),
            headers: [("content-type", "application/json"), ("x-gatehouse-signature", signature)])
    }

    private static func push(
        _ running: RunningHouse, _ body: String, event: String = "push", signing: String? = nil
    ) async throws -> RunningHouse.Answer {
        try await running.send(
            .POST, "/hooks/forge", bytes: Array(body.utf8),
            headers: [
                ("content-type", "application/json"), ("x-github-event", event),
                ("x-hub-signature-256", "sha256=\(code(signing ?? body))"),
            ])
    }

    /// Of a run, once it is over or waits.
    private static func settled(_ running: RunningHouse, _ id: String) async throws -> RunRecord {
        while true {
            let run = try await running.house.workflows.engine.run(id)
            if run.status.isOver || run.status == .waiting { return run }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("a signed request starts the workflow of its name, once; as its service, with what was sent")
    func webhook() async throws {
        try await Self.with { running in
            let body = #"{"title":"A Field Guide to Gates"}"#
            let answer = try await Self.send(running, "greet", body)
            #expect(answer.status == 202, "\(answer.text)")
            let id = try #require(answer.json["runs"]?[0]?.string)
            let run = try await Self.settled(running, id)
            #expect(run.status == .succeeded && run.trigger == .webhook, "\(String(describing: run.error))")
            let service = try await running.house.gate.identity.principal(run.principalID)
            #expect(service.name == "workflow:greet" && service.kind == .service)
            let again = try await Self.send(running, "greet", body)
            // The same second gives the same signature.
            if again.status != 409 { #expect(again.status == 202) }
            #expect(
                try await running.house.workflows.engine.state(of: id).start.event["title"] == "A Field Guide to Gates")
        }
    }

    @Test("what is not signed, is signed for something else, is old, or is sent again starts nothing")
    func forgery() async throws {
        try await Self.with { running in
            let body = #"{"title":"x"}"#
            var refused: [RunningHouse.Answer] = []
            refused.append(try await Self.send(running, "greet", body, signing: #"{"title":"y"}"#))
            refused.append(try await Self.send(running, "greet", body, late: -301))
            refused.append(try await Self.send(running, "greet", body, late: 320))
            refused.append(try await Self.send(running, "nobody", body))
            refused.append(try await Self.push(running, #"{"ref":"refs/heads/main"}"#, signing: "{}"))
            for header in [
                nil, "", "t=", "t=1,v1=", "v1=00", "t=1,t=2,v1=00", "t=99999999999999999999,v1=00", "t=-1,v1=zz",
                "t=9223372036854775807,v1=00", String(repeating: "t=1,", count: 100),
            ] {
                refused.append(
                    try await running.send(
                        .POST, "/hooks/greet", bytes: Array(body.utf8),
                        headers: header.map { [("x-gatehouse-signature", $0)] } ?? []))
            }
            let words = Set(refused.map { "\($0.status) \($0.json["error"]?["message"]?.string ?? "")" })
            #expect(words.count == 1 && refused[0].status == 401, "\(words)")
            #expect(try await running.house.workflows.engine.runs().isEmpty)

            let push = #"{"ref":"refs/heads/main","commits":[{"modified":["src/a.swift"]}]}"#
            #expect(try await Self.push(running, push).status == 202)
            let replayed = try await Self.push(running, push)
            #expect(replayed.status == 409 && replayed.code == "conflict", "\(replayed.text)")
            #expect(try await running.house.workflows.engine.runs().count == 1)
        }
    }

    @Test("a request that ended with the process is delivered when its sender tries again, and begins nothing twice")
    func cutShort() async throws {
        try await Self.with { running in
            let body = #"{"ref":"refs/heads/main","commits":[{"modified":["src/a.swift"]}]}"#
            let id = try #require(try await Self.push(running, body).json["runs"]?[0]?.string)
            // As after an end between the run's beginning and what is kept of the request.
            try await running.house.store.write { tx in try tx.execute("UPDATE workflow_hooks SET delivered = 0") }
            let again = try await Self.push(running, body)
            #expect(again.status == 202 && again.json["runs"] == [.string(id)], "\(again.text)")
            #expect(try await Self.push(running, body).status == 409)
            #expect(try await running.house.workflows.engine.runs().count == 1)
        }
    }

    @Test("of one request that comes twice at once, and of one whose delivery fails, one delivery counts")
    func once() async throws {
        try await Self.with { running in
            let (table, now) = (HookTable(store: running.house.store), running.house.clock.now())
            await #expect(throws: CancellationError.self) {
                try await table.once("a", at: now) { _ -> Int in throw CancellationError() }
            }
            let first = try await table.once("a", at: now + .seconds(60)) { first in
                let error = await #expect(throws: GatehouseError.self) { try await table.once("a", at: now) { _ in } }
                #expect(error?.code == .conflict)
                return first
            }
            #expect(first == now, "the time of the first try")
            let late = await #expect(throws: GatehouseError.self) { try await table.once("a", at: now) { _ in } }
            #expect(late?.code == .conflict)
        }
    }

    @Test("pushes start what their branch and paths ask for; other events of a forge start nothing")
    func pushes() async throws {
        try await Self.with { running in
            func runs(_ body: String, _ event: String = "push") async throws -> Int {
                let answer = try await Self.push(running, body, event: event)
                #expect(answer.status == 202, "\(answer.text)")
                return answer.json["runs"]?.array?.count ?? -1
            }
            #expect(try await runs(#"{"ref":"refs/heads/main","commits":[{"added":["src/x/b.c"]}]}"#) == 1)
            #expect(try await runs(#"{"ref":"refs/heads/main","commits":[{"added":["docs/b.md"]}]}"#) == 0)
            #expect(try await runs(#"{"ref":"refs/heads/other","commits":[{"added":["src/b.c"]}]}"#) == 0)
            #expect(try await runs(#"{"ref":"refs/tags/v1","commits":[{"added":["src/b.c"]}]}"#) == 0)
            #expect(try await runs(#"{"zen":"Keep it simple"}"#, "ping") == 0)
            let broken = try await Self.push(running, #"{"commits":[]}"#)
            #expect(broken.status == 400 && broken.text.contains("ref"), "\(broken.text)")
        }
    }

    /// Pushes of everything but GitHub, each with the headers of its documentation.
    private static func forge(
        _ running: RunningHouse, _ hook: String, _ body: String, _ headers: [(String, String)]
    ) async throws -> RunningHouse.Answer {
        try await running.send(
            .POST, "/hooks/\(hook)", bytes: Array(body.utf8), headers: [("content-type", "application/json")] + headers)
    }

    private static func standard(_ id: String, _ seconds: Int64, _ body: String) -> [(String, String)] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(seconds).\(body)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return [
            ("x-gitlab-event", "Push Hook"), ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
            ("webhook-signature", "v1,AAAA v1,\(Data(code).base64EncodedString())"),
        ]
    }

    @Test("pushes of GitLab, Gitea, Forgejo and plain servers start the same, each once, signed as each of them signs")
    func forges() async throws {
        try await Self.with { running in
            let push = #"{"ref":"refs/heads/main","after":"1","commits":[{"modified":["src/a.c"]}]}"#
            let now = running.house.clock.now().seconds
            let gitea = [("x-gitea-event", "push"), ("x-gitea-signature", Self.code(push))]
            let token = [("x-gitlab-event", "Push Hook"), ("x-gitlab-token", Self.secret)]
            // Not the same twice: the hooks share a secret, and so the code of a body.
            let later = push.replacingOccurrences(of: #""1""#, with: #""2""#)
            for (hook, body, headers) in [
                ("gitea", push, gitea), ("gitlab", later, token), ("signed", push, Self.standard("msg_1", now, push)),
            ] {
                let taken = try await Self.forge(running, hook, body, headers)
                #expect(taken.json["runs"]?.array?.count == 1, "\(hook): \(taken.text)")
                #expect(try await Self.forge(running, hook, body, headers).status == 409, "\(hook)")
            }
            #expect(try await Self.send(running, "server", push).json["runs"]?.array?.count == 1)
            // The same delivery, sent anew with the time of now.
            #expect(try await Self.forge(running, "signed", push, Self.standard("msg_1", now + 1, push)).status == 409)

            let other = push.replacingOccurrences(of: "src/a.c", with: "src/b.c")
            for (hook, headers) in [
                ("gitea", gitea), ("gitea", [("x-gitea-event", "push"), ("x-gitea-signature", "")]),
                ("gitea", [("x-gitea-event", "push"), ("x-hub-signature-256", "sha256=\(Self.code(other))")]),
                ("gitlab", [("x-gitlab-event", "Push Hook"), ("x-gitlab-token", Self.secret + "x")]),
                ("gitlab", [("x-gitlab-event", "Push Hook")]), ("gitlab", Self.standard("msg_2", now, other)),
                ("signed", [("x-gitlab-event", "Push Hook"), ("x-gitlab-token", Self.secret)]),
                ("signed", Self.standard("msg_2", now, push)), ("signed", Self.standard("msg_2", now - 400, other)),
                ("signed", Self.standard("", now, other)),
                ("server", [("x-hub-signature-256", "sha256=\(Self.code(other))")]),
            ] {
                let refused = try await Self.forge(running, hook, other, headers)
                #expect(refused.status == 401, "\(hook) \(headers): \(refused.text)")
            }
            #expect(try await running.house.workflows.engine.runs().count == 4)
        }
    }

    @Test(
        "branches that are gone start nothing; where not all paths are told, all that waits for any of them is started")
    func partsOfPushes() async throws {
        try await Self.with { running in
            let zeros = String(repeating: "0", count: 40)
            let commits = #""commits":[{"added":["docs/b.md"]}]"#
            for (body, count) in [
                (#"{"ref":"refs/heads/main","after":"\#(zeros)","commits":[]}"#, 0),
                (#"{"ref":"refs/heads/main","total_commits_count":1,\#(commits)}"#, 0),
                (#"{"ref":"refs/heads/main","total_commits_count":21,\#(commits)}"#, 1),
                (#"{"ref":"refs/heads/main","commits":[]}"#, 1), (#"{"ref":"refs/heads/other","commits":[]}"#, 0),
            ] {
                let answer = try await Self.send(running, "server", body)
                #expect(answer.json["runs"]?.array?.count == count, "\(body): \(answer.text)")
            }
        }
    }

    @Test("alerts start by how bad they are; an event wakes who waits for it, and whom it is for")
    func alertsAndEvents() async throws {
        try await Self.with { running in
            let high = try await Self.send(running, "alarms", #"{"severity":"critical","title":"disk"}"#)
            #expect(high.json["runs"]?.array?.count == 1, "\(high.text)")
            let low = try await Self.send(running, "alarms", #"{"severity":"low","title":"disk"}"#)
            #expect(low.status == 202 && low.json["runs"]?.array?.isEmpty == true)
            #expect(try await Self.send(running, "alarms", #"{"severity":"worst"}"#).status == 400)

            let begun = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey,
                json: ["tool": "workflow.run", "target": "workflow:patient", "arguments": ["workflow": "patient"]])
            let id = try #require(begun.json["answer"]?["run"]?.string, "\(begun.text)")
            #expect(try await Self.settled(running, id).status == .waiting)
            _ = try await Self.send(running, "delivery", #"{"parcel":6}"#)
            #expect(try await Self.settled(running, id).status == .waiting)
            _ = try await Self.send(running, "delivery", #"{"parcel":7}"#)
            while try await running.house.workflows.engine.run(id).status != .succeeded {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    @Test(
        "who works here starts a run and sees it; others' runs are seen by those who watch; people agree by the console"
    )
    func console() async throws {
        try await Self.with { running in
            let identity = running.house.gate.identity
            let developer = try await identity.addPrincipal(kind: .person, name: "Dev", roles: ["developer"])
            let (_, key) = try await identity.createKey(for: developer.id, name: "t", expires: nil)
            func ask(_ tool: String, _ arguments: JSON, _ key: String) async throws -> RunningHouse.Answer {
                try await running.send(
                    .POST, "/api/v1/actions", key: key,
                    json: ["tool": .string(tool), "target": "workflow:warm", "arguments": arguments])
            }
            let begun = try await ask("workflow.run", ["workflow": "warm"], running.agentKey)
            let id = try #require(begun.json["answer"]?["run"]?.string, "\(begun.text)")
            #expect(try await Self.settled(running, id).status == .waiting)
            #expect(try await ask("workflow.runs", [:], key.expose()).json["answer"]?["runs"]?.array?.isEmpty == true)
            #expect(try await ask("workflow.status", ["run": .string(id)], key.expose()).code == "not_found")
            let mine = try await ask("workflow.run", ["workflow": "greet"], key.expose())
            #expect(mine.status == 200, "\(mine.text)")
            #expect(try await ask("workflow.runs", [:], key.expose()).json["answer"]?["runs"]?.array?.count == 1)

            let sign = try await running.signIn(running.admin)
            let headers = [("cookie", sign.cookie), ("accept", "text/html")]
            let list = try await running.send(.GET, "/workflows", headers: headers)
            #expect(list.status == 200 && list.text.contains("Greet whoever comes") && list.text.contains(id))
            let page = try await running.send(.GET, "/runs/\(id)", headers: headers)
            #expect(page.status == 200 && page.text.contains("<svg") && page.text.contains("waiting"), "\(page.status)")
            let other = try await running.signIn(developer)
            let hidden = try await running.send(
                .GET, "/runs/\(id)", headers: [("cookie", other.cookie), ("accept", "text/html")])
            #expect(hidden.status == 404)

            let waiting = try #require(try await running.house.gate.approvals.list(state: nil).first)
            #expect(
                waiting.preview.diff == "why:\n  - guests\n  - snow\nplan:\nfirst\nsecond", "\(waiting.preview.diff)")
            let agreed = try await running.send(
                .POST, "/approvals/\(waiting.id)/approve", form: "csrf=\(sign.csrf)&reason=they+freeze",
                headers: headers)
            #expect(agreed.status == 303, "\(agreed.text.prefix(300))")
            // The step itself is a change, which policy has a person agree to.
            while true {
                let state = try await running.house.workflows.engine.state(of: id)
                if state.state(of: "set") == .waiting { break }
                try #require(!(try await running.house.workflows.engine.run(id)).status.isOver)
                try await Task.sleep(for: .milliseconds(10))
            }
            let cancelled = try await running.send(
                .POST, "/runs/\(id)/cancel", form: "csrf=\(sign.csrf)&reason=enough", headers: headers)
            #expect(cancelled.status == 303, "\(cancelled.text.prefix(300))")
            while try await running.house.workflows.engine.run(id).status != .cancelled {
                try await Task.sleep(for: .milliseconds(10))
            }

            let started = try await running.send(
                .POST, "/workflows/warm/runs", form: "csrf=\(sign.csrf)&input.degrees=hot", headers: headers)
            #expect(started.status == 400 && started.text.contains("degrees"))
            let forged = try await running.send(
                .POST, "/workflows/warm/runs", form: "csrf=x&input.degrees=20", headers: headers)
            #expect(forged.status == 403)
            let fine = try await running.send(
                .POST, "/workflows/warm/runs", form: "csrf=\(sign.csrf)&input.degrees=20", headers: headers)
            #expect(fine.status == 303 && fine.headers["location"].first?.hasPrefix("/runs/run_") == true)
        }
    }
}
