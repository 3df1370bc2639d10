import Core
import JSON
import Testing

@testable import Gate

@Suite("Explanations")
struct ExplanationTests {
    private func explain(_ input: DecisionInput, own: String = "") async throws -> Explanation {
        try await PolicyDecider.of(own).explain(input)
    }

    @Test("A denial tells which rules nearly applied, what they miss, and what to change")
    func denied() async throws {
        let explanation = try await explain(.about(["developer"], .change))
        #expect(explanation.decision.rule == "none" && explanation.spoke.isEmpty)
        let change = try #require(explanation.others.first { $0.id == "change.ask" })
        guard case .unmet(let condition) = change.outcome else { throw Unexpected("\(change.outcome)") }
        #expect(condition.text == "acts_here")
        #expect(condition.title?.contains("operator") == true)
        #expect(condition.place.hasPrefix("gatehouse/effects.rego:"))
        #expect(explanation.remedies.contains { $0.contains("give the principal the role operator") })
        #expect(explanation.text.contains("change.ask would say ask, but it does not hold that the principal acts"))
        #expect(!explanation.others.contains { $0.id == "read.work" || $0.id == "key.ask" })
    }

    @Test("What spoke is named with its place and what to do about it")
    func spoke() async throws {
        let explanation = try await explain(.about(["operator"], .destroy))
        #expect(explanation.spoke.map(\.id) == ["destroy.ask"])
        #expect(explanation.spoke[0].title != nil && explanation.spoke[0].description == explanation.decision.reason)
        #expect(explanation.remedies == [explanation.spoke[0].remedy])
        #expect(explanation.json["spoke"]?.array?.first?["id"] == "destroy.ask")
        #expect(explanation.json["decision"]?["approval"]?["quorum"] == 2)
    }

    @Test("Rules of one's own are explained like the built-in ones, with what the input has instead")
    func own() async throws {
        let rules = #"""
            # METADATA
            # title: Tagging is routine
            # custom:
            #   remedy: ask the platform team
            allow contains {"rule": "ours.tag", "reason": "routine"} if {
                input.action.tool == "aws.ec2.tag"
                input.action.target == "aws:i-1"
            }

            deny contains {"rule": "ours.freeze", "reason": "freeze"} if {
                input.effect == "change"; input.action.target == "aws:frozen" # for now
            }
            """#
        let missed = try await explain(
            .about(["operator"], .change, tool: "aws.ec2.tag", target: "aws:i-2"), own: rules)
        #expect(missed.spoke.map(\.id) == ["change.ask"])
        let tag = try #require(missed.others.first { $0.id == "ours.tag" })
        #expect(tag.isOwn && tag.title == "Tagging is routine" && tag.place == "own/own.rego:7")
        guard case .unmet(let condition) = tag.outcome else { throw Unexpected("\(tag.outcome)") }
        #expect(condition.words == #"input.action.target == "aws:i-1" (it is "aws:i-2")"#)
        let frozen = try await explain(.about(["operator"], .change, target: "aws:frozen"), own: rules)
        #expect(frozen.spoke.map(\.id) == ["ours.freeze"] && frozen.decision.verdict == .deny)
        #expect(frozen.others.contains { $0.id == "change.ask" && $0.outcome == .overruled })
    }

    @Test("A condition that stands before what it needs does not keep a rule from being explained")
    func unordered() async throws {
        let rules = #"""
            allow contains {"rule": "ours", "reason": "r"} if {
                input.effect == "read"
                role == "guest"
                input.principal.roles[_] = role
            }
            """#
        #expect(try await explain(.about(["guest"], .read), own: rules).spoke.map(\.id) == ["ours"])
        #expect(try await explain(.about(["other"], .read), own: rules).decision.rule == "none")
    }

    @Test("What the floors in code add is told")
    func floors() async throws {
        let open = #"allow contains {"rule": "all", "reason": "anything goes"}"#
        let destroy = try await explain(.about([], .destroy), own: open)
        #expect(destroy.policy.verdict == .allow && destroy.decision.verdict != .allow)
        #expect(destroy.floors.map(\.id) == ["destroy.floor"])
        #expect(destroy.text.contains("no policy lifts"))
        let glass = try await explain(.about([], .change, approval: .role("lead"), breakGlass: "fire"), own: open)
        #expect(glass.floors.map(\.id) == ["class.floor", "break-glass"] && glass.decision.verdict == .allow)
    }

    @Test("A policy that fails is told as the denial that it is")
    func failing() async throws {
        let explanation = try await explain(.about(["admin"], .read), own: #"deny contains "no""#)
        #expect(explanation.decision.rule == "policy.error" && explanation.spoke.isEmpty)
        #expect(explanation.remedies.contains { $0.contains("correct the policy") })
    }

    @Test("The gate explains what was not asked for yet, and does nothing")
    func request() async throws {
        let house = try await House.open(inspectors: [WordInspector()])
        let olga = try house.caller("olga", "operator")
        let explanation = try await house.gate.explain(.set("a", "open sesame"), as: olga)
        #expect(explanation.spoke.map(\.id) == ["change.ask"] && explanation.notes.count == 1)
        #expect(explanation.input["labels"] == ["secret"])
        #expect(!explanation.json.text().contains("sesame"))
        #expect(house.world.log.isEmpty)
        #expect(try house.gate.sessions.current(olga.session.id).labels.isEmpty)
        #expect(await code { try await house.gate.explain(.get("forbidden"), as: olga) } == .denied)
    }

    @Test("The tool explains an action to its requester and to those who approve")
    func tool() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let approval = try house.waiting(try await house.gate.submit(.delete("a"), as: olga))
        let request = ActionRequest(
            tool: "gate.policy.explain", target: "policy", arguments: ["action": .string(approval.actionID)])
        let answer = try await house.gate.submit(request, as: olga).answer
        #expect(answer?["spoke"]?.array?.first?["id"] == "destroy.ask")
        #expect(answer?["notes"]?.array?.first?.string?.contains("waiting") == true)
        #expect(try await house.gate.submit(request, as: house.caller("lee", "admin")).answer != nil)
        #expect(await code { try await house.gate.submit(request, as: house.caller("vera", "viewer")) } == .denied)
        let whatIf = ActionRequest(
            tool: "gate.policy.explain", target: "policy",
            arguments: ["tool": "world.set", "target": "a", "arguments": ["key": "a", "value": "2"]])
        let vera = try await house.gate.submit(whatIf, as: house.caller("vera", "viewer")).answer
        #expect(vera?["decision"]?["rule"] == "none")
        #expect(house.world.values == ["a": "1"])
    }

    @Test("Where something else decides there is nothing to explain")
    func otherDecider() async throws {
        let house = try await House.open(decider: AllowAll())
        #expect(await code { try await house.gate.explain(.get("a"), as: house.caller("ada")) } == .unsupported)
    }
}
