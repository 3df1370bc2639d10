import Core
import JSON
import Ledger
import Policy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Gate

@Suite("Approvals")
struct ApprovalTests {
    @Test("That a user of this machine asked is still known when others have agreed", arguments: [true, false])
    func whereItCameFrom(isLocal: Bool) async throws {
        let seen = Mutex<[Bool]>([])
        let tool = ScriptedTool("test.change", .change) { _, context in
            seen.withLock { $0.append(context.isLocal) }
            return Answer([:])
        }
        let house = try await House.open(tools: [tool])
        let olga = try house.caller("olga", "operator")
        let request = ActionRequest(tool: "test.change", target: "x")
        let caller = try house.gate.enter(olga.principal, isLocal: isLocal)
        let approval = try house.waiting(try await house.gate.submit(request, as: caller))
        let lee = try house.gate.enter(house.caller("lee", "security_lead").principal, isLocal: !isLocal)
        _ = try house.performed(try await house.gate.approve(approval.id, by: lee, reason: "fine"))
        #expect(seen.withLock { $0 } == [isLocal])
    }

    @Test("A change waits, is performed when somebody agrees, and the approval is used up")
    func approve() async throws {
        let house = try await House.open()
        let submission = try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator"))
        let approval = try house.waiting(submission)
        #expect(approval.preview.diff == "-1\n+2")
        #expect(approval.reason == "because")
        #expect(house.world.values["a"] == "1")
        let lee = try house.caller("lee", "security_lead")
        let outcome = try await house.gate.approve(
            approval.id, binding: approval.binding, by: lee, reason: "looks right")
        #expect(try house.performed(outcome).answer == ["set": "a"])
        #expect(house.world.values["a"] == "2")
        let settled = try await house.gate.approvals.approval(approval.id)
        #expect(settled.state == .consumed)
        #expect(settled.votes.map(\.principalID) == ["test#lee"])
        #expect(
            try house.story(of: submission.actionID) == [
                "approval waiting", "approval approving", "intent performing", "outcome done",
            ])
        let vote = try house.records().first { $0["vote"] != nil }?["vote"]
        #expect(vote == ["by": "test#lee", "verdict": "approve", "reason": "looks right"])
        // Replayed.
        await #expect(throws: GatehouseError.self) {
            try await house.gate.approve(approval.id, by: lee, reason: "again")
        }
        let ann = try house.caller("ann", "admin")
        #expect(await code { try await house.gate.approve(approval.id, by: ann, reason: "again") } == .conflict)
        #expect(house.world.log.count { $0 == "set" } == 1)
    }

    @Test("Whoever asked, has not the role, or is no person does not approve; refused votes are recorded")
    func ineligible() async throws {
        let house = try await House.open()
        let lee = try house.caller("lee", "security_lead")
        let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: lee))
        for voter in [
            lee, try house.caller("olga", "operator"), try house.caller("bot", "admin", kind: .agent),
            try house.caller("ci", "admin", kind: .pipeline),
        ] {
            #expect(await code { try await house.gate.approve(approval.id, by: voter, reason: "me") } == .denied)
        }
        #expect(house.world.values["a"] == "1")
        #expect(try house.records().count { $0["state"] == "refused" } == 4)
        #expect(try await house.gate.approvals.approval(approval.id).votes.isEmpty)
    }

    @Test("A denial ends it, also by whoever asked")
    func deny() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let lee = try house.caller("lee", "security_lead")
        for denier in [lee, olga] {
            let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: olga))
            #expect(try await house.gate.deny(approval.id, by: denier, reason: "not now").state == .denied)
            #expect(await code { try await house.gate.approve(approval.id, by: lee, reason: "yes") } == .conflict)
            let record = try await house.gate.action(approval.actionID)
            #expect(record.state == .denied)
            #expect(record.error?.contains("not now") == true)
        }
        #expect(house.world.values["a"] == "1")
    }

    @Test("A destroy needs two different people, each with one vote")
    func quorum() async throws {
        let house = try await House.open()
        let approval = try house.waiting(try await house.gate.submit(.delete("a"), as: house.caller("ada", "admin")))
        #expect(approval.rule.quorum == 2)
        let lee = try house.caller("lee", "security_lead")
        guard case .recorded(let open) = try await house.gate.approve(approval.id, by: lee, reason: "one") else {
            throw Unexpected("performed with one vote")
        }
        #expect(open.votes.count == 1)
        #expect(await code { try await house.gate.approve(approval.id, by: lee, reason: "two") } == .conflict)
        #expect(house.world.values["a"] == "1")
        _ = try house.performed(
            try await house.gate.approve(approval.id, by: house.caller("ann", "admin"), reason: "two"))
        #expect(house.world.values["a"] == nil)
    }

    @Test("An approval is not given after its time")
    func expiry() async throws {
        let house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator")))
        house.clock.advance(by: .seconds(3600))
        #expect(
            await code { try await house.gate.approve(approval.id, by: house.caller("lee", "admin"), reason: "late") }
                == .conflict)
        #expect(try await house.gate.approvals.approval(approval.id).state == .expired)
        #expect(try await house.gate.action(approval.actionID).state == .expired)
        #expect(try house.story(of: approval.actionID) == ["approval waiting", "approval expired", "approval refused"])
        #expect(house.world.values["a"] == "1")
    }

    @Test("What was shown must be what is approved")
    func shownBinding() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let one = try house.waiting(try await house.gate.submit(.set("a", "2"), as: olga))
        let other = try house.waiting(try await house.gate.submit(.set("a", "3"), as: olga))
        #expect(one.binding != other.binding)
        let lee = try house.caller("lee", "admin")
        #expect(
            await code { try await house.gate.approve(one.id, binding: other.binding, by: lee, reason: "x") }
                == .conflict)
        #expect(house.world.values["a"] == "1")
    }

    @Test(
        "An action that was altered in the database is not performed",
        arguments: ["arguments", "target", "preview", "principal_id"])
    func altered(_ column: String) async throws {
        let house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator")))
        let forged: [String: String] = [
            "arguments": #"{"key":"a","value":"evil"}"#, "target": "b", "principal_id": "test#olga2",
            "preview": #"{"summary":"harmless","diff":"","facts":{},"undo":null}"#,
        ]
        try await house.store.write { tx in
            try tx.execute(
                "UPDATE actions SET \(column) = ? WHERE id = ?",
                [.text(forged[column] ?? ""), .text(approval.actionID)])
            if column == "principal_id" {
                try tx.execute(
                    "UPDATE actions SET principal = ? WHERE id = ?",
                    [
                        .text(#"{"id":"test#olga2","kind":"person","name":"o","roles":["operator"]}"#),
                        .text(approval.actionID),
                    ])
            }
        }
        let refusal = await code {
            try await house.gate.approve(approval.id, by: house.caller("lee", "admin"), reason: "x")
        }
        #expect(refusal == .corrupt || refusal == .denied)
        #expect(house.world.values == ["a": "1"])
        #expect(try await house.gate.approvals.approval(approval.id).state == .expired)
    }

    @Test("A changed policy needs a new approval")
    func policyChanged() async throws {
        let first = try await House.open()
        let approval = try first.waiting(
            try await first.gate.submit(.set("a", "2"), as: first.caller("olga", "operator")))
        let extra = try first.policy(
            #"deny contains {"rule": "extra", "reason": "new"} if "x" in input.principal.roles"#)
        let house = try await first.reopened(settings: extra)
        let error = await #expect(throws: GatehouseError.self) {
            try await house.gate.approve(approval.id, by: house.caller("lee", "admin"), reason: "x")
        }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("policy has changed") == true)
        #expect(house.world.values["a"] == "1")
    }

    @Test("Settings are put in force while it runs, and what waits under other rules is asked anew")
    func reload() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: olga))
        let rule = try house.policy(
            #"allow contains {"rule": "own", "reason": "routine"} if input.action.tool == "world.set""#)
        try await house.gate.reload(rule)
        let lee = try house.caller("lee", "admin")
        #expect(await code { try await house.gate.approve(approval.id, by: lee, reason: "x") } == .conflict)
        #expect(try await house.gate.submit(.set("a", "3"), as: olga).answer == ["set": "a"])
    }

    @Test("Policy that does not compile is refused with its place, and the former stays in force")
    func badReload() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let good = try house.policy(
            #"allow contains {"rule": "own", "reason": "routine"} if input.action.tool == "world.set""#)
        try await house.gate.reload(good)
        let bad = try house.policy("allow contains answer if input.action.tool == \"world.set\"")
        let error = await #expect(throws: GatehouseError.self) { try await house.gate.reload(bad) }
        #expect(error?.code == .invalid)
        #expect(error?.cause?.contains("own.rego:3:") == true, "\(error?.cause ?? "")")
        let elsewhere = GateSettings(
            policy: PolicySettings(paths: [try house.file("bad.rego", "package gatehouse.gate")]))
        await #expect(throws: GatehouseError.self) { try await house.gate.reload(elsewhere) }
        #expect(try await house.gate.submit(.set("a", "3"), as: olga).answer == ["set": "a"])
        let status = house.gate.policies.status.first { $0.name == "own" }
        #expect(status?.failure != nil)
        try await house.gate.reload(.standard)
        _ = try house.waiting(try await house.gate.submit(.set("a", "2"), as: olga))
    }

    @Test("A requester who was stopped, or whose session has ended, gets nothing performed", arguments: [true, false])
    func requesterGone(_ isKilled: Bool) async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: olga))
        if isKilled {
            try await house.gate.identity.kill(olga.principal.id, reason: "left")
        } else {
            try await house.gate.sessions.end(olga.session.id)
        }
        #expect(
            await code { try await house.gate.approve(approval.id, by: house.caller("lee", "admin"), reason: "x") }
                == .denied)
        #expect(house.world.values["a"] == "1")
        #expect(try await house.gate.action(approval.actionID).state == (isKilled ? .waiting : .denied))
    }

    @Test("A vote of somebody who was stopped does not count, before and after it")
    func voterKilled() async throws {
        let house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.delete("a"), as: house.caller("olga", "operator")))
        let lee = try house.caller("lee", "security_lead")
        _ = try await house.gate.approve(approval.id, by: lee, reason: "one")
        try await house.gate.identity.kill(lee.principal.id, reason: "left")
        #expect(await code { try await house.gate.approve(approval.id, by: lee, reason: "again") } == .denied)
        guard
            case .recorded = try await house.gate.approve(approval.id, by: house.caller("ann", "admin"), reason: "two")
        else {
            throw Unexpected("the vote of a stopped principal counted")
        }
        _ = try house.performed(
            try await house.gate.approve(approval.id, by: house.caller("bob", "admin"), reason: "three"))
        #expect(house.world.values["a"] == nil)
    }

    @Test("Of 64 who agree at once, one performs it")
    func concurrentApprovers() async throws {
        let house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator")))
        let performed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                let voter = try house.caller("lead\(number)", "security_lead")
                group.addTask {
                    do {
                        guard case .performed = try await house.gate.approve(approval.id, by: voter, reason: "yes")
                        else { return false }
                        return true
                    } catch let error as GatehouseError where error.code == .conflict { return false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(performed == 1)
        #expect(house.world.log.count { $0 == "set" } == 1)
        #expect(try house.records().count { $0["type"] == "intent" } == 1)
    }

    @Test("It survives a restart between asking and agreeing, and between the last vote and performing")
    func restart() async throws {
        let first = try await House.open()
        let olga = try first.caller("olga", "operator")
        let one = try first.waiting(try await first.gate.submit(.set("a", "2"), as: olga))
        let two = try first.waiting(try await first.gate.submit(.set("b", "3"), as: olga))
        // The last vote of the second one counted, and then the process ended.
        let lee = try first.caller("lee", "admin")
        let vote = ApprovalVote(principalID: lee.principal.id, approves: true, reason: "x", time: first.clock.now())
        try await first.gate.approvals.cast(vote, roles: ["admin"], on: two.id)
        _ = try await first.gate.approvals.count(lee.principal.id, on: two.id) { _ in true }
        let house = try await first.reopened()
        _ = try house.performed(try await house.gate.approve(one.id, by: house.caller("lee", "admin"), reason: "x"))
        #expect(house.world.values["a"] == "2")
        #expect(house.world.values["b"] == nil)
        let running = Task { try await house.gate.run() }
        try await wait("the carried approval is performed") { house.world.values["b"] == "3" }
        running.cancel()
        try await running.value
        #expect(try await house.gate.approvals.approval(two.id).state == .consumed)
    }

    @Test("When the ledger does not take a vote, it does not count")
    func ledgerGone() async throws {
        let house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator")))
        let lee = try house.caller("lee", "admin")
        await house.ledger.close()
        #expect(await code { try await house.gate.approve(approval.id, by: lee, reason: "x") } == .unavailable)
        #expect(house.world.values["a"] == "1")
        let again = try await house.reopened()
        _ = try again.performed(
            try await again.gate.approve(approval.id, by: again.caller("lee", "admin"), reason: "x"))
        #expect(again.world.values["a"] == "2")
    }

    @Test("What was revealed goes to whoever asked, once, and neither to the approver nor into the store")
    func reveal() async throws {
        let house = try await House.open()
        let dev = try house.caller("dev", "developer")
        let approval = try house.waiting(try await house.gate.submit(.reveal("a"), as: dev))
        #expect(approval.preview.facts == ["arguments": ["key": "a"]])
        let lee = try house.caller("lee", "admin")
        let shown = try house.performed(try await house.gate.approve(approval.id, by: lee, reason: "x"))
        #expect(shown.answer == ["withheld": "given to the requester only"])
        #expect(try await house.gate.action(approval.actionID).answer == nil)
        #expect(await code { try await house.gate.collect(approval.actionID, as: lee) } == .denied)
        #expect(try await house.gate.collect(approval.actionID, as: dev).value == ["secret": "open sesame"])
        #expect(await code { try await house.gate.collect(approval.actionID, as: dev) } == .conflict)
    }

    @Test("A class that names a role asks for it, and break-glass lets a change through but not a destroy")
    func classesAndBreakGlass() async throws {
        let audit = SessionClass(
            name: "security-audit", retention: .seconds(3600), logging: .required, approval: .role("security_lead"))
        let house = try await House.open(
            settings: GateSettings(sessionClasses: ["security-audit": audit]), decider: AllowAll())
        let ada = try house.caller("ada", "admin", class: "security-audit")
        let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: ada))
        #expect(approval.rule.roles == ["security_lead"])
        let glass = ActionRequest(
            tool: "gate.session.break_glass", target: "session",
            arguments: ["reason": "the site is down and nobody answers"])
        #expect(try await house.gate.submit(glass, as: ada).answer?["review"] == "open")
        let submission = try await house.gate.submit(.set("a", "3"), as: ada)
        #expect(submission.answer == ["set": "a"])
        let intent = try house.records().first { $0["action"]?.string == submission.actionID }
        #expect(intent?["decision"]?["rule"] == "break-glass:all")
        _ = try house.waiting(try await house.gate.submit(.delete("a"), as: ada))
        #expect(try await house.gate.sessions.reviews().count == 1)
    }
}
