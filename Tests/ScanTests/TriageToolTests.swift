import Core
import Gate
import JSON
import Testing

@testable import Scan

@Suite struct TriageToolTests {
    private func context(after preview: Preview? = nil) -> ActionContext {
        .ofAda(roles: ["admin"], preview: preview, isLocal: false)
    }

    private func action(_ arguments: JSON) -> Action {
        Action(id: "act_7", tool: TriageTool.id, target: "finding:x", arguments: arguments)
    }

    @Test func previewsPerformsAndUndoes() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        let tool = TriageTool(findings: world.findings) { action in action == "act_7" ? ["Ben"] : [] }
        let accept: JSON = [
            "finding": .string(id), "state": "accepted", "reason": "a demo", "risk": "it may leak", "owner": "Team A",
            "expires": .string(world.days(20).description),
        ]
        let preview = try await tool.preview(action(accept), in: context())
        #expect(preview.summary.hasPrefix("accept the risk of") && preview.summary.hasSuffix("until 2026-06-21"))
        #expect(preview.diff.contains("-state: open") && preview.diff.contains("+state: accepted"))
        #expect(preview.facts["to"] == "accepted" && preview.facts["severity"]?.string != nil)
        #expect(try await world.findings.finding(id).finding.state == .open)
        #expect(try await tool.reconcile(action(accept), in: context()) == .didNotHappen)
        let answer = try await tool.perform(action(accept), in: context())
        #expect(answer.value["state"] == "accepted" && answer.value["triage"]?["approvers"] == ["Ben"])
        if case .happened = try await tool.reconcile(action(accept), in: context()) {} else { Issue.record("unseen") }
        // What was before is decided again by the undo of the next decision.
        let suppress: JSON = ["finding": .string(id), "state": "suppressed", "reason": "not reached"]
        let next = try await tool.preview(action(suppress), in: context())
        _ = try await tool.perform(action(suppress), in: context())
        let undo = try #require(next.undo)
        _ = try await tool.perform(action(undo.arguments), in: context())
        let again = try #require(try await world.findings.finding(id).finding.triage)
        #expect(again.state == .accepted && again.owner == "Team A" && again.risk == "it may leak")
        #expect(again.expires == world.days(20))
        let back = try #require(preview.undo)
        _ = try await tool.perform(action(back.arguments), in: context())
        #expect(try await world.findings.finding(id).finding.state == .open)
    }

    @Test func whatWasDecidedSinceThePreviewStands() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        let tool = TriageTool(findings: world.findings) { _ in [] }
        let suppress = action(["finding": .string(id), "state": "suppressed", "reason": "not reached"])
        let open = action(["finding": .string(id), "state": "open", "reason": "reached after all"])
        let shown = try await tool.preview(suppress, in: context())
        _ = try await tool.perform(suppress, in: context(after: shown))
        let later = try await tool.preview(open, in: context())
        await #expect(throws: GatehouseError.self) { try await tool.perform(suppress, in: context(after: shown)) }
        _ = try await tool.perform(open, in: context(after: later))
        #expect(try await world.findings.finding(id).finding.state == .open)
    }

    @Test(
        arguments: [
            ["state": "accepted", "reason": "x", "expires": "2026-06-30T00:00:00Z"],
            ["state": "accepted", "reason": "x", "risk": "y"],
            ["state": "accepted", "reason": "x", "risk": "y", "expires": "2027-07-01T00:00:00Z"],
            ["state": "accepted", "reason": "x", "risk": "y", "expires": "2026-05-30T00:00:00Z"],
            ["state": "accepted", "reason": "x", "risk": "y", "expires": "soon"],
            ["state": "known", "reason": "x", "justification": "component_not_present"],
            ["state": "known", "reason": "  "], ["state": "known", "reason": "a\u{0}b"],
            ["state": "fixed", "reason": "x"],
            ["state": "gone", "reason": "x"], ["state": "open", "reason": "x"], [:],
        ] as [JSON])
    func whatIsNoDecisionIsRefused(arguments: JSON) async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        let tool = TriageTool(findings: world.findings) { _ in [] }
        var arguments = arguments
        arguments["finding"] = .string(id)
        await #expect(throws: GatehouseError.self) { try await tool.preview(action(arguments), in: context()) }
        await #expect(throws: GatehouseError.self) { try await tool.perform(action(arguments), in: context()) }
        #expect(try await world.kinds(of: id) == [.found])
        arguments["finding"] = "fnd_none"
        await #expect(throws: GatehouseError.self) { try await tool.perform(action(arguments), in: context()) }
    }
}
