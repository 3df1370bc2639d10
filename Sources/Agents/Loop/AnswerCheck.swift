import JSON
import Schema

/// What a model's last word comes to: an output, or what is wrong with it.
struct AnswerCheck: Sendable {
    private let schema: JSONSchema
    private let found: JSON
    private let keeping: Keeping

    /// - Parameter found: what the procedure yields.
    init(_ definition: AgentDefinition, _ task: AgentTask, found: JSON) {
        schema = definition.outputSchema
        self.found = found
        keeping = Keeping(asked: [task.request] + task.input.texts + (found["input"]?.texts ?? []))
    }

    enum Verdict: Sendable {
        case fits(JSON)
        case wrong([String])
    }

    /// Members of the output that the answer leaves out are as the procedure has them.
    func verdict(on text: String) -> Verdict {
        guard case .object(let members)? = ModelReply.json(in: text) else {
            return .wrong(["the answer is to be one JSON object, and nothing else"])
        }
        guard case .object(let kept) = found else { return .wrong(["there is nothing to judge"]) }
        var output = kept
        for (key, value) in members { output[key] = value }
        var complaints = schema.validate(.object(output)).prefix(Keeping.most).map {
            "\($0.path.isEmpty ? "the answer" : String($0.path.prefix(120))) \($0.message)"
        }
        var keeping = keeping
        keeping.compare(kept, with: output)
        complaints += keeping.complaints
        return complaints.isEmpty ? .fits(.object(output)) : .wrong(complaints)
    }
}
