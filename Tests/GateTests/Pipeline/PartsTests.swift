import Core
import JSON
import Testing

@testable import Gate

@Suite("Standard rules, floors and guardrails")
struct RuleTests {
    private func decision(
        _ roles: Set<String>, _ effect: Effect, tool: String = "aws.ec2.stop", kind: Principal.Kind = .person,
        labels: Set<Label> = [], sendsOutside: Bool = false, clearance: Set<Label>? = nil,
        approval: SessionClass.Approval = .auto, breakGlass: String? = nil, own: String = ""
    ) async throws -> Decision {
        let input = DecisionInput.about(
            roles, effect, tool: tool, kind: kind, labels: labels, sendsOutside: sendsOutside, clearance: clearance,
            approval: approval, breakGlass: breakGlass)
        return DecisionFloor.applied(to: try await PolicyDecider.of(own).decide(input), on: input)
    }

    private func asks(_ decision: Decision) -> Int? {
        if case .ask(let rule) = decision.verdict { rule.quorum } else { nil }
    }

    @Test("The standard rules, as they reach the gate")
    func standard() async throws {
        #expect(try await decision(["viewer"], .read).verdict == .allow)
        #expect(try await decision(["viewer"], .read, tool: "scan.assess").verdict == .deny)
        #expect(try await decision(["viewer", "developer"], .read, tool: "scan.assess").verdict == .allow)
        #expect(try await decision(["developer"], .change).verdict == .deny)
        #expect(asks(try await decision(["operator"], .change)) == 1)
        #expect(asks(try await decision(["admin"], .change)) == 1)
        #expect(asks(try await decision(["operator"], .destroy)) == 2)
        #expect(asks(try await decision(["developer"], .reveal)) == 1)
        #expect(try await decision(["admin"], .reveal).verdict == .allow)
        #expect(try await decision(["viewer"], .reveal).verdict == .deny)
        #expect(try await decision([], .read).verdict == .deny)
        #expect(try await decision(["admin"], .read, labels: [.secret], sendsOutside: true).verdict == .deny)
        #expect(try await decision(["admin"], .read, labels: [.secret]).verdict == .allow)
    }

    @Test("What ends power does not wait; breaking the glass is for people")
    func emergencies() async throws {
        #expect(
            try await decision(["admin"], .change, tool: "gate.principal.kill", approval: .role("x")).verdict == .allow)
        #expect(
            try await decision(["operator"], .change, tool: "gate.session.break_glass", approval: .role("x")).verdict
                == .allow)
        #expect(
            try await decision(["operator"], .change, tool: "gate.session.break_glass", kind: .agent).verdict == .deny)
        #expect(try await decision(["developer"], .change, tool: "gate.session.break_glass").verdict == .deny)
        #expect(try await decision(["developer"], .reveal, tool: "gate.key.create").verdict == .deny)
    }

    @Test("Floors hold whatever the rules say")
    func floors() async throws {
        let open = #"allow contains {"rule": "all", "reason": "anything goes"}"#
        #expect(asks(try await decision([], .destroy, own: open)) == 1)
        #expect(asks(try await decision([], .destroy, breakGlass: "fire", own: open)) == 1)
        #expect(try await decision([], .change, own: open).verdict == .allow)
        #expect(asks(try await decision([], .change, approval: .role("lead"), own: open)) == 1)
        #expect(
            try await decision([], .change, approval: .role("lead"), breakGlass: "fire", own: open).verdict == .allow)
        #expect(
            asks(
                try await decision([], .change, kind: .agent, approval: .role("lead"), breakGlass: "fire", own: open))
                == 1)
        #expect(try await decision([], .read, approval: .role("lead"), own: open).verdict == .allow)
        #expect(try await decision([], .change).verdict == .deny)
    }

    @Test(
        "What would turn approval or recording off is refused by name",
        arguments: [
            ("yolo", nil), ("--yolo", nil), ("YOLO", "true"), ("auto_approve", "all"), ("auto-approve-all", nil),
            ("approval", "never"),
            ("approval", "off"), ("--dangerously-skip-permissions", nil), ("logging", "off"), ("ledger", "disabled"),
            ("mode", "yolo"),
        ] as [(String, String?)])
    func refused(_ name: String, _ value: String?) {
        let refusal = Guardrails.refusal(of: name, value: value)
        #expect(refusal?.code == .denied)
        #expect(refusal?.message.contains(name) == true)
        #expect(throws: GatehouseError.self) { try Guardrails.refuse(name, value: value) }
    }

    @Test(
        "What a session class may ask for is not refused",
        arguments: [
            ("approval", "none"), ("approval", "auto"), ("approval", "security_lead"), ("logging", "optional"),
            ("logging", "required"),
            ("retention", "7_days"), ("routine-ops", nil),
        ] as [(String, String?)])
    func allowed(_ name: String, _ value: String?) throws { try Guardrails.refuse(name, value: value) }

    @Test("A session of a yolo class is refused by name")
    func yoloSession() async throws {
        let house = try await House.open()
        let error = #expect(throws: GatehouseError.self) { try house.caller("ada", "admin", class: "yolo") }
        #expect(error?.message.contains("yolo") == true)
        #expect(error?.code == .denied)
    }
}

@Suite("Tools and their arguments")
struct ToolTests {
    @Test("Ids are namespaced and unique")
    func ids() throws {
        func tool(_ id: String) -> any Tool { ScriptedTool(id) { _, _ in Answer(.null) } }
        #expect(throws: GatehouseError.self) { try ToolRegistry([tool("a.b"), tool("a.b")]) }
        for id in ["", "a", "A.b", "a.", ".b", "a..b", "a.1b", "a.b c", "a.b\u{e9}"] {
            #expect(throws: GatehouseError.self) { try ToolRegistry([tool(id)]) }
        }
        #expect(try ToolRegistry([tool("b.x2"), tool("a.b.c_d")]).descriptors.map(\.id) == ["a.b.c_d", "b.x2"])
    }

    @Test(
        "A schema with a keyword that would not be checked is refused",
        arguments: [
            ["pattern": "^a"], ["$ref": "#/x"], ["anyOf": []], ["type": "text"], ["required": "x"], ["enum": []],
            ["minLength": -1],
            ["properties": ["a": ["oneOf": []]]], 7,
        ] as [JSON])
    func schemas(_ schema: JSON) {
        #expect(throws: GatehouseError.self) { try ArgumentSchema(schema, of: "a.b") }
    }

    @Test(
        "Arguments are checked",
        arguments: [
            (["n": 3], nil), (["n": 3.0], nil), (["n": 1e0], nil),
            (["n": 3.5], "argument \"n\" of a.b is to be integer, not number"),
            (["n": 0], "argument \"n\" of a.b is to be at least 1"),
            (["n": 11], "argument \"n\" of a.b is to be at most 10"),
            (["e": "x"], nil), (["e": "z"], "argument \"e\" of a.b is none of \"x\", \"y\""), (["l": [1, 2]], nil),
            (["l": [1, "2"]], "argument \"l[1]\" of a.b is to be number, not string"),
            (["l": []], "argument \"l\" of a.b needs at least 1 elements"),
            (["l": [1, 2, 3]], "argument \"l\" of a.b takes at most 2 elements"), (["m": ["k": true]], nil),
            (["m": ["k": 1]], "argument \"m.k\" of a.b is to be boolean, not number"), (["s": "é́"], nil),
            (["s": "abc"], "argument \"s\" of a.b takes at most 2 characters"),
            (["nn": 1], "argument \"nn\" of a.b is unknown"),
        ] as [(JSON, String?)])
    func check(_ arguments: JSON, _ message: String?) throws {
        let schema = try ArgumentSchema(
            [
                "type": "object", "additionalProperties": false,
                "properties": [
                    "n": ["type": "integer", "minimum": 1, "maximum": 10], "e": ["enum": ["x", "y"]],
                    "l": ["type": "array", "items": ["type": "number"], "minItems": 1, "maxItems": 2],
                    "m": ["type": "object", "additionalProperties": ["type": "boolean"]],
                    "s": ["type": "string", "maxLength": 2],
                ],
            ], of: "a.b")
        var found: String?
        do { try schema.check(arguments, of: "a.b") } catch let error as GatehouseError { found = error.message }
        #expect(found == message)
    }
}

@Suite("Events and deadlines")
struct EventTests {
    private func event(_ number: Int) -> GateEvent {
        GateEvent(.progress, actionID: nil, principalID: nil, time: Timestamp(seconds: 0), detail: JSON(number))
    }

    @Test("Nobody watches, nothing is made; a slow watcher loses the oldest and is told how many")
    func dropping() async {
        let hub = EventHub()
        hub.publish {
            Issue.record("made for nobody")
            return event(0)
        }
        let slow = hub.subscribe(buffer: 3)
        for number in 0..<10 { hub.publish { event(number) } }
        let batch = await slow.next()
        #expect(batch?.events.map(\.detail) == [7, 8, 9])
        #expect(batch?.dropped == 7)
        hub.publish { event(10) }
        #expect(await slow.next()?.dropped == 0)
    }

    @Test("A watcher that waits is woken by an event, by cancellation and by the end")
    func waking() async {
        let hub = EventHub()
        let watcher = hub.subscribe()
        async let first = watcher.next()
        hub.publish { event(1) }
        #expect(await first?.events.count == 1)
        let cancelled = Task { await watcher.next() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        hub.publish { event(2) }
        hub.finish()
        #expect(await watcher.next()?.events.count == 1)
        #expect(await watcher.next() == nil)
        #expect(await hub.subscribe().next() == nil)
    }

    @Test("Letting go of a subscription ends it")
    func unsubscribing() {
        let hub = EventHub()
        do {
            let watcher = hub.subscribe()
            withExtendedLifetime(watcher) { #expect(hub.subscribers == 1) }
        }
        #expect(hub.subscribers == 0)
    }

    @Test("Work is given up on in time, although it does not heed cancellation")
    func deadline() async throws {
        let deadlines = Deadlines(tick: .milliseconds(5))
        let latch = Latch()
        let outcome = await deadlines.run(for: .milliseconds(20), heedsCancellation: false) {
            await latch.wait()
            return 7
        }
        guard case .expired(let late) = outcome else { throw Unexpected("it was waited for") }
        latch.open()
        #expect(try await late.value == 7)
        guard case .finished(.success(8)) = await deadlines.run(for: .seconds(30), heedsCancellation: false, { 8 })
        else {
            throw Unexpected("no result")
        }
    }

    @Test("Watchers see an action's way, with its progress")
    func way() async throws {
        let tool = ScriptedTool("test.steps") { _, context in
            context.progress(Progress(stage: "half", done: 1, total: 2))
            return Answer("done")
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let watcher = house.gate.events.subscribe()
        _ = try await house.gate.submit(ActionRequest(tool: "test.steps", target: "x"), as: house.caller("ada"))
        let events = await watcher.next()?.events ?? []
        #expect(events.map(\.kind) == [.performing, .progress, .done])
        #expect(events[1].detail == ["stage": "half", "done": 1, "total": 2])
    }
}
