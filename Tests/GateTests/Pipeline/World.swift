import Core
import JSON
import Synchronization

@testable import Gate

/// What the test tools act upon: a few texts by key, and a log of what was done to them.
final class World: Sendable {
    private let state = Mutex<(values: [String: String], log: [String])>((["a": "1"], []))

    var values: [String: String] { state.withLock { $0.values } }
    var log: [String] { state.withLock { $0.log } }

    func set(_ key: String, _ value: String?, _ note: String) {
        state.withLock { state in
            state.values[key] = value
            state.log.append(note)
        }
    }

    func note(_ note: String) { state.withLock { $0.log.append(note) } }

    var tools: [any Tool] {
        [GetTool(world: self), SetTool(world: self), DeleteTool(world: self), RevealTool(world: self)]
    }
}

private let keyOnly: JSON = [
    "type": "object", "properties": ["key": ["type": "string", "minLength": 1]], "required": ["key"],
    "additionalProperties": false,
]

struct GetTool: Tool {
    let world: World
    let descriptor = ToolDescriptor(id: "world.get", title: "Get", summary: "Reads.", effect: .read, arguments: keyOnly)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        world.note("get")
        return Answer(["value": world.values[action.arguments["key"]?.string ?? ""].map { .string($0) } ?? .null])
    }
}

struct SetTool: Tool {
    let world: World
    let descriptor = ToolDescriptor(
        id: "world.set", title: "Set", summary: "Changes.", effect: .change,
        arguments: [
            "type": "object", "required": ["key"], "additionalProperties": false,
            "properties": ["key": ["type": "string"], "value": ["type": ["string", "null"], "maxLength": 1000]],
        ])

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        world.note("preview")
        let key = action.arguments["key"]?.string ?? ""
        let old = world.values[key]
        return Preview(
            summary: "set \(key)", diff: "-\(old ?? "")\n+\(action.arguments["value"]?.string ?? "")",
            undo: UndoPlan(
                tool: "world.set", target: key,
                arguments: ["key": .string(key), "value": old.map { .string($0) } ?? .null],
                summary: "set it back"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let key = action.arguments["key"]?.string ?? ""
        world.set(key, action.arguments["value"]?.string, "set")
        return Answer(["set": .string(key)], usage: Usage(money: 5, tokens: 7))
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        world.note("reconcile")
        let key = action.arguments["key"]?.string ?? ""
        return world.values[key] == action.arguments["value"]?.string
            ? .happened(Answer(["set": .string(key)])) : .didNotHappen
    }
}

struct DeleteTool: Tool {
    let world: World
    let descriptor = ToolDescriptor(
        id: "world.delete", title: "Delete", summary: "Destroys.", effect: .destroy, arguments: keyOnly)

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        Preview(summary: "delete \(action.target)", undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        world.set(action.arguments["key"]?.string ?? "", nil, "delete")
        return Answer(["deleted": true])
    }
}

struct RevealTool: Tool {
    let world: World
    let descriptor = ToolDescriptor(
        id: "world.reveal", title: "Reveal", summary: "Shows a secret.", effect: .reveal, arguments: keyOnly)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        world.note("reveal")
        return Answer(["secret": "open sesame"])
    }
}

/// A tool that does what a test tells it to.
struct ScriptedTool: Tool {
    var descriptor: ToolDescriptor
    var cost = Usage()
    var looksAgain: @Sendable (Action) async throws -> Reconciliation = { _ in .unknowable }
    let does: @Sendable (Action, ActionContext) async throws -> Answer

    init(
        _ id: String, _ effect: Effect = .read, timeout: Duration = .seconds(30), retries: Int = 0,
        sendsOutside: Bool = false,
        cost: Usage = Usage(),
        looksAgain: @escaping @Sendable (Action) async throws -> Reconciliation = { _ in .unknowable },
        does: @escaping @Sendable (Action, ActionContext) async throws -> Answer
    ) {
        descriptor = ToolDescriptor(
            id: id, title: id, summary: id, effect: effect, timeout: timeout, retries: retries,
            sendsOutside: sendsOutside)
        self.cost = cost
        self.looksAgain = looksAgain
        self.does = does
    }

    func estimate(of arguments: JSON) -> Usage { cost }
    func perform(_ action: Action, in context: ActionContext) async throws -> Answer { try await does(action, context) }
    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        try await looksAgain(action)
    }
}

/// Allows everything that the floors let through.
struct AllowAll: Decider {
    var revision = "test:allow"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "test", rule: "all", policyRevision: revision)
    }
}

struct BrokenDecider: Decider {
    let revision = "test:broken"
    func decide(_ input: DecisionInput) async throws -> Decision { throw Unexpected("broken") }
}

/// Finds one word: labels it, rewrites it, blocks or fails on others.
struct WordInspector: Inspector {
    let id = "test.words"

    func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
        let text = subject.value.text()
        if text.contains("explode") { throw Unexpected("exploded") }
        if text.contains("forbidden") { return InspectionResult(blocked: "a forbidden word") }
        guard text.contains("sesame") else { return InspectionResult() }
        return InspectionResult(
            labels: [.secret], rewritten: try JSON.parse(text.replacing("sesame", with: "[redacted]")))
    }
}
