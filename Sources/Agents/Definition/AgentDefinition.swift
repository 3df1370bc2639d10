public import JSON
import Schema

/// What an agent is: its duty, what it does without a model, and the bounds of what it may do with one.
public struct AgentDefinition: Sendable {
    /// As callers write it: `explorer`.
    public let name: String
    public let title: String
    /// What it is for, in words that also go to its model.
    public let duty: String
    /// The name of its deterministic procedure.
    public let procedure: String
    /// As people write models, in order of preference; a group of the configuration is one word.
    public let models: [String]
    /// The ids of all tools that it may call; `scan.*` for those of a room.
    public let tools: [String]
    /// The labels of what its models may be asked about.
    public let labels: [String]
    public let budget: AgentBudget
    /// JSON Schema (2020-12) of what it is given, and of what it yields.
    public let input: JSON
    public let output: JSON
    /// `sha256:` and the digest of ``canonical`` in RFC 8785's form: the same for files that say the same.
    public let version: String

    let inputSchema: JSONSchema
    let outputSchema: JSONSchema
}

/// What one run of an agent may use.
public struct AgentBudget: Sendable, Hashable {
    /// Turns of the model, and calls of tools that it asks for. What the procedure calls is not counted against it.
    public var steps = 12
    /// Of all calls to models together, question and answer.
    public var tokens = 60_000
    /// Millionths of a US dollar.
    public var cost: Int64 = 1_000_000
    public var time = Duration.seconds(600)
    /// Turns in a row that bring nothing new.
    public var idle = 3

    public init() {}
}

extension AgentDefinition {
    /// All that makes it, without what it is read from.
    static func canonical(
        name: String, title: String, duty: String, procedure: String, models: [String], tools: [String],
        labels: [String], budget: AgentBudget, input: JSON, output: JSON
    ) -> JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        return [
            "name": .string(name), "title": .string(title), "duty": .string(duty), "procedure": .string(procedure),
            "models": list(models), "tools": list(tools), "labels": list(labels),
            "budget": [
                "steps": JSON(budget.steps), "tokens": JSON(budget.tokens), "cost_micros": JSON(budget.cost),
                "milliseconds": JSON(budget.time.wholeMilliseconds), "idle": JSON(budget.idle),
            ],
            "input": input, "output": output,
        ]
    }
}

extension Duration {
    /// Rounded down; what no number of 64 bits can hold is the greatest.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        return overflows ? .max : Int(clamping: whole) &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
