import Core
import JSON

/// What an agent came to, in one shape for all of them.
struct AgentResult: Sendable {
    enum Maker: String, Sendable {
        case procedure, model
        /// The procedure, which needed nobody's judgement.
        case direct
    }

    /// What the run has used.
    struct Spent: Sendable, Hashable {
        /// Calls of tools, and turns of models.
        var steps = 0
        var tokens = 0
        /// Millionths of a US dollar.
        var cost: Int64 = 0
        var milliseconds = 0
    }

    let definition: AgentDefinition
    var by = Maker.procedure
    /// That made the output, as it answered.
    var model: String?
    /// Why the output is whose it is, where a model might have made it and did not.
    var why: String?
    var output: JSON
    var calls: [AgentCall] = []
    var spent = Spent()
    /// Calls that are never performed here.
    var proposals: [AgentProposal] = []

    /// Whether nobody has to agree to it: neither is anything proposed, nor do those who were asked disagree, nor is there
    /// a change to be applied.
    var isFinal: Bool {
        proposals.isEmpty && output["result"]?.string != "split" && output["safe"]?.bool != false && !hasChange
    }

    private var hasChange: Bool {
        switch output["apply"] {
        case nil, .null?: false
        case .object(let arguments)?: !arguments.isEmpty
        default: true
        }
    }

    var json: JSON {
        var json: JSONObject = [
            "agent": .string(definition.name), "version": .string(definition.version), "by": .string(by.rawValue),
            "model": model.map { .string($0) } ?? .null, "output": output,
            "evidence": .array(calls.map(\.json)),
            "spent": [
                "steps": JSON(spent.steps), "tokens": JSON(spent.tokens), "cost_usd": Self.dollars(spent.cost),
                "ms": JSON(spent.milliseconds),
            ],
            "final": .bool(isFinal),
        ]
        if let why { json["why"] = .string(why) }
        if let dissent = output["dissent"], dissent.array?.isEmpty == false { json["dissent"] = dissent }
        if !proposals.isEmpty { json["proposals"] = .array(proposals.map(\.json)) }
        return .object(json)
    }

    /// For the record: how it went, and nothing of what was said.
    var facts: JSON {
        var facts: JSONObject = [
            "agent": .string(definition.name), "version": .string(definition.version), "by": .string(by.rawValue),
            "steps": JSON(spent.steps), "tokens": JSON(spent.tokens), "money_micros": JSON(spent.cost),
            "proposals": JSON(proposals.count), "final": .bool(isFinal),
            "calls": .array(
                calls.map {
                    [
                        "tool": .string(String($0.tool.prefix(80))), "action": $0.actionID.map { .string($0) } ?? .null,
                        "state": .string($0.error?.code.rawValue ?? "done"),
                    ]
                }),
        ]
        if let model { facts["model"] = .string(model) }
        return .object(facts)
    }

    /// Exactly, and not as the nearest double: 0 for nothing.
    private static func dollars(_ micros: Int64) -> JSON {
        guard micros > 0 else { return 0 }
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        return JSONNumber(spelling: "\(micros / 1_000_000).\(fraction)").map { .number($0) } ?? .null
    }
}

/// A call that a model asked for and that is not performed, since it would change something, give out a secret or send
/// something to others: for a person or a workflow to act on.
struct AgentProposal: Sendable, Hashable {
    let tool: String
    let arguments: JSON
    let effect: Effect

    var reason: String {
        switch effect {
        case .read: "this would send something to others"
        case .reveal: "this would give out a secret"
        case .change, .destroy: "this would change something"
        }
    }

    var json: JSON {
        [
            "tool": .string(tool), "arguments": arguments, "effect": .string(effect.rawValue),
            "reason": .string(reason),
        ]
    }
}

extension AgentCall {
    fileprivate var json: JSON {
        var json: JSONObject = ["tool": .string(tool), "action": actionID.map { .string($0) } ?? .null]
        if let error { json["error"] = .string(error.message) }
        return .object(json)
    }
}
