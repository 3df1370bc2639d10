import JSON

/// What is put to a model before it says anything.
enum AgentPrompt {
    private static let rules = String(decoding: PackageResources.rules_txt, as: UTF8.self)
    private static let ballot = String(decoding: PackageResources.ballot_txt, as: UTF8.self)

    static func conversation(_ definition: AgentDefinition, _ task: AgentTask, found: JSON) -> Conversation {
        Conversation(system: filled(rules, definition), opening: opening(task, found))
    }

    /// For one that votes: it knows nothing of what others said.
    static func ballot(_ definition: AgentDefinition, _ task: AgentTask) -> Conversation {
        Conversation(system: filled(ballot, definition), opening: given(task).joined(separator: "\n\n"))
    }

    /// Everything in it is data: the request as well, which says what is wanted and cannot change the rules.
    private static func opening(_ task: AgentTask, _ found: JSON) -> String {
        let parts = given(task) + ["What the procedure found:\n" + DataFence.around(found, from: "the procedure")]
        return parts.joined(separator: "\n\n")
    }

    private static func given(_ task: AgentTask) -> [String] {
        let input = "What is given to you:\n" + DataFence.around(task.input, from: "the input")
        guard !task.request.isEmpty else { return [input] }
        return [input, "What is wanted, in words:\n" + DataFence.around(.string(task.request), from: "the request")]
    }

    /// In one pass, so that what is filled in is not looked into.
    private static func filled(_ text: String, _ definition: AgentDefinition) -> String {
        let values = [
            "duty": definition.duty, "open": "\(DataFence.open)…⟧", "close": DataFence.close,
            "schema": definition.output.text(),
        ]
        var out = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open]
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "}"), let value = values[String(rest[..<close])] else {
                out += "{"
                continue
            }
            out += value
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}
