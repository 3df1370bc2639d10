import Core
import JSON
import Policy
import Rego
import Testing

@testable import Gate

@Suite("Policy decides")
struct PolicyDeciderTests {
    @Test("Rules of one's own come before the built-in ones, and give all that a decision has")
    func own() async throws {
        let decider = try PolicyDecider.of(
            #"""
            allow contains {"rule": "ours", "reason": "routine", "constraints": {"region": "eu", "limit": 2.50}} if {
                input.action.tool == "aws.ec2.stop"
                input.action.arguments.instance == "i-1"
            }

            ask contains {"rule": "lead", "reason": "new", "approval": {"roles": ["lead"], "quorum": 3, "expires_seconds": 60}} if {
                input.effect == "read"
                time.parse_rfc3339_ns(input.time) == time.now_ns()
            }
            """#)
        let allowed = try await decider.decide(.about([], .change, arguments: ["instance": "i-1"]))
        #expect(allowed.verdict == .allow)
        #expect(allowed.rule == "ours" && allowed.reason == "routine")
        #expect(allowed.constraints.text() == #"{"limit":2.50,"region":"eu"}"#)
        #expect(allowed.policyRevision == decider.revision)
        #expect(try await decider.decide(.about(["operator"], .change)).rule == "change.ask")
        let asked = try await decider.decide(.about([], .read))
        #expect(asked.verdict == .ask(ApprovalRule(roles: ["lead"], quorum: 3, expires: .seconds(60))))
    }

    @Test("A decision that looks at nothing else holds for every target, all arguments and any time")
    func settled() async throws {
        let usual = try PolicyDecider.of()
        for (roles, effect) in [(["viewer"], .read), (["operator"], .change), (["admin"], .destroy), ([], .read)]
            as [(Set<String>, Effect)]
        {
            let input = DecisionInput.about(roles, effect, tool: "mcp.call", target: "mcp:a/b", clearance: [.pii])
            let settled = try #require(await usual.settled(input))
            #expect(settled == (try await usual.foresee(input)))
        }
        let uncleared = DecisionInput.about(["admin"], .read, taint: [.secret], clearance: [.pii])
        #expect(await usual.settled(uncleared)?.verdict == .deny)
    }

    @Test(
        "What looks at target, arguments or time, or differs each time, is not settled",
        arguments: [
            #"deny contains {"rule": "r", "reason": "r"} if input.action.target == "mcp:a/secret""#,
            #"deny contains {"rule": "r", "reason": "r"} if startswith(input.action.target, "mcp:a/")"#,
            #"deny contains {"rule": "r", "reason": "r"} if input.action.arguments.server == "a""#,
            #"deny contains {"rule": "r", "reason": "r"} if not input.action.arguments.path"#,
            #"deny contains {"rule": "r", "reason": "r"} if { some key, _ in input.action; key == "arguments" }"#,
            #"deny contains {"rule": "r", "reason": "r"} if contains(json.marshal(input), "secret")"#,
            #"deny contains {"rule": "r", "reason": "r"} if input.time > "2030""#,
            #"deny contains {"rule": "r", "reason": "r"} if time.now_ns() > 5"#,
            #"deny contains {"rule": "r", "reason": "r"} if count([x | x := input.action[_]]) > 3"#,
            #"deny contains {"rule": "r", "reason": "r"} if walk(input, [_, "mcp:a/secret"])"#,
        ])
    func unsettled(rule: String) async throws {
        let input = DecisionInput.about(["admin"], .read, tool: "mcp.call", target: "mcp:a/b", clearance: [])
        #expect(await (try PolicyDecider.of(rule)).settled(input) == nil)
    }

    @Test("A rule that looks at the target of other effects only leaves the rest settled")
    func partlySettled() async throws {
        let decider = try PolicyDecider.of(
            #"deny contains {"rule": "r", "reason": "r"} if { input.effect == "change"; input.action.target == "x" }"#)
        #expect(await decider.settled(.about(["admin"], .read))?.verdict == .allow)
        #expect(await decider.settled(.about(["admin"], .change)) == nil)
    }

    @Test("Policy sees what the gate knows")
    func document() throws {
        var input = DecisionInput.about(
            ["b", "a"], .change, target: "x", kind: .agent, labels: [.pii], taint: [.secret], sendsOutside: true,
            clearance: [.pii], approval: .role("lead"), breakGlass: "fire", arguments: ["n": 1.50])
        input.preview = Preview(summary: "does", facts: ["count": 3], undo: nil)
        let wanted: JSON = [
            "principal": ["id": "p", "kind": "agent", "name": "p", "roles": ["a", "b"]],
            "session": [
                "id": "s", "class": ["name": "c", "approval": "lead", "logging": "required", "retention_seconds": 1],
                "labels": ["secret"], "break_glass": true,
            ],
            "action": ["id": "a", "tool": "aws.ec2.stop", "target": "x", "arguments": ["n": 1.50]],
            "effect": "change", "labels": ["pii"], "sends_outside": true, "clearance": ["pii"],
            "preview": ["summary": "does", "undoable": false, "facts": ["count": 3]],
            "time": "2023-11-14T22:13:20.000000Z",
        ]
        #expect(input.document == RegoValue(wanted))
    }

    @Test(
        "An answer that is no decision is a denial that says why",
        arguments: [
            (#"deny := true"#, "count"), (#"deny contains "no""#, "object.union"),
            (#"allow contains {"rule": "a"}"#, "reason"),
            (#"allow contains {"rule": "", "reason": "r"}"#, "rule"),
            (#"allow contains {"rule": 1, "reason": "r"}"#, "rule"),
            (#"allow contains {"rule": "a", "reason": "r", "constraint": {}}"#, "constraint is unknown"),
            (#"allow contains {"rule": "a", "reason": "r", "constraints": []}"#, "constraints is no object"),
            (#"allow contains {"rule": "a", "reason": "r", "approval": {}}"#, "only for the verdict ask"),
            (#"ask contains {"rule": "a", "reason": "r"}"#, "approval is missing"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {}}"#, "approval.roles is missing"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {"roles": []}}"#, "nobody who may agree"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {"roles": "lead"}}"#, "approval.roles"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {"roles": ["A b"]}}"#, "no role"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {"roles": ["x"], "quorum": 0}}"#, "quorum"),
            (#"ask contains {"rule": "a", "reason": "r", "approval": {"roles": ["x"], "quorum": 1.5}}"#, "quorum"),
            (
                #"ask contains {"rule": "a", "reason": "r", "approval": {"roles": ["x"], "quorom": 2}}"#,
                "quorom is unknown"
            ),
            (
                #"ask contains {"rule": "a", "reason": "r", "approval": {"roles": ["x"], "expires_seconds": 1e99}}"#,
                "expires_seconds"
            ),
        ])
    func malformed(_ rule: String, _ reason: String) async throws {
        let decision = try await PolicyDecider.of(rule).decide(.about(["admin"], .read))
        #expect(decision.verdict == .deny)
        #expect(["policy.malformed", "policy.error"].contains(decision.rule))
        #expect(decision.reason.contains(reason), "\(decision.reason)")
        #expect(!decision.policyRevision.isEmpty)
    }

    @Test(
        "A policy that fails or runs away denies",
        arguments: [
            // Two values, a builtin's error, contradicting constraints, more steps than are given.
            ("allow contains answer if answer := f(1)\n\nf(_) := 1\n\nf(_) := 2", "conflict"),
            (#"deny contains {"rule": "a", "reason": "r"} if to_number(input.action.tool) > 1"#, "to_number"),
            (
                #"allow contains {"rule": r, "reason": "r", "constraints": {"k": r}} if some r in ["a", "b"]"#,
                "conflict"
            ),
            (
                #"deny contains {"rule": "a", "reason": "r"} if count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a * b == 7]) > 9"#,
                "limit"
            ),
        ])
    func failing(_ rules: String, _ reason: String) async throws {
        let decision = try await PolicyDecider.of(rules).decide(.about(["admin"], .read))
        #expect(decision.verdict == .deny)
        #expect(decision.rule == "policy.error")
        #expect(decision.reason.contains(reason), "\(decision.reason)")
    }

    @Test("No decision at the entry point is a denial; so is a decision that is no object")
    func entryPoint() async throws {
        let store = try PolicyDecider.of("verdict := 7").store
        let missing = try await PolicyDecider(store: store, entryPoint: "gatehouse/custom/nothing").decide(
            .about([], .read))
        #expect(missing.verdict == .deny && missing.rule == "policy.undefined")
        let number = try await PolicyDecider(store: store, entryPoint: "gatehouse/custom/verdict").decide(
            .about([], .read))
        #expect(number.verdict == .deny && number.reason.contains("number"))
    }

    @Test("A decision is by one snapshot; the next follows what was put in force")
    func swapping() async throws {
        let decider = try PolicyDecider.of()
        let first = decider.revision
        #expect(try await decider.decide(.about([], .read)).rule == "none")
        let own = Bundle(
            manifest: Bundle.Manifest(roots: ["gatehouse/custom"]),
            modules: [
                PolicyModule(
                    path: "a.rego",
                    text: "package gatehouse.custom\nallow contains {\"rule\": \"all\", \"reason\": \"open\"}")
            ])
        try decider.store.activate(own, as: "own")
        let decision = try await decider.decide(.about([], .read))
        #expect(decision.rule == "all" && decision.policyRevision == decider.revision && decider.revision != first)
    }

    @Test("An action that a tool sends outside is held to its provider's clearance")
    func clearance() async throws {
        let tool = SendingTool(cleared: [.pii])
        let house = try await House.open(inspectors: [WordInspector()], tools: [tool])
        let ada = try house.caller("ada", "admin")
        func send(_ text: String) async -> GatehouseError.Code? {
            await code {
                try await house.gate.submit(
                    ActionRequest(tool: "test.send", target: "model", arguments: ["text": .string(text)]), as: ada)
            }
        }
        #expect(await send("hello") == nil)
        #expect(await send("open sesame") == .denied)
        #expect(try house.records().last?["decision"]?["rule"] == "clearance.deny")
    }
}

/// Sends to a provider that is cleared for some labels.
private struct SendingTool: Tool {
    let cleared: Set<Label>
    let descriptor = ToolDescriptor(
        id: "test.send", title: "Send", summary: "Sends.", effect: .read,
        arguments: ["type": "object", "properties": ["text": ["type": "string"]]], sendsOutside: true)

    func clearance(for arguments: JSON) -> Set<Label>? { cleared }
    func perform(_ action: Action, in context: ActionContext) async throws -> Answer { Answer("sent") }
}
