import Core
import Gate
import JSON
import Schema

/// Several models vote beside the rule sets of a procedure that weighs, blind to them and to one another. Where the rules
/// agree, models can join them or take the agreement away; they never put another in its place.
struct AgentBallot: Sendable {
    /// Whose rule sets vote first.
    static let procedure = "weigh"
    static let longestReason = 2000

    let questions: [AgentLoop.Question]
    private let found: JSON
    private var votes: [JSON] = []
    private var failures: [String] = []

    init(_ definition: AgentDefinition, _ models: [String], _ task: AgentTask, found: JSON) {
        self.found = found
        let each = definition.budget.tokens / max(1, models.count)
        let conversation = AgentPrompt.ballot(definition, task)
        let room = min(AgentLoop.greatestOutput, each - conversation.bytes / AgentLoop.bytesOfToken)
        questions =
            room < AgentLoop.leastOutput
            ? []
            : models.map { model in
                AgentLoop.Question(
                    model: model,
                    body: [
                        "model": .string(model), "messages": conversation.messages,
                        "max_completion_tokens": JSON(room),
                    ])
            }
    }

    /// The models whose votes count.
    var voters: String { votes.compactMap { $0["by"]?.string }.joined(separator: ", ") }

    mutating func add(_ result: Result<ModelReply, GatehouseError>, of model: String) {
        switch result {
        case .failure(let error): failures.append("\(model.prefix(80)) did not answer: \(error.message.prefix(200))")
        case .success(let reply):
            guard let said = reply.text.flatMap(ModelReply.json), let value = said["value"], !value.isNull else {
                return failures.append("\(model.prefix(80)) gave no value")
            }
            let reason = String((said["reason"]?.string ?? "").prefix(Self.longestReason))
            let isSayable = Wording.objection(to: reason) == nil
            votes.append([
                "by": .string(model), "value": value,
                "reason": .string(isSayable ? reason : "withheld: not plain words"),
            ])
        }
    }

    /// The procedure's output with all votes; more than half of all that were asked make a majority.
    func outcome(_ schema: JSONSchema) -> Result<JSON, GatehouseError> {
        guard !votes.isEmpty else {
            return .failure(Self.nothing(failures.first ?? "what there is to judge does not fit into its tokens"))
        }
        let all = (found["votes"]?.array ?? []) + votes
        let agreed = agreement(among: all)
        let dissent = all.filter { agreed == nil || Self.key($0["value"]) != agreed.flatMap(Self.key) }
        let isUnanimous = agreed != nil && dissent.isEmpty && failures.isEmpty
        var output = found
        output["result"] = agreed == nil ? "split" : isUnanimous ? "unanimous" : "majority"
        output["value"] = agreed ?? .null
        output["votes"] = .array(all)
        output["dissent"] = .array(dissent)
        guard let wrong = schema.validate(output).first else { return .success(output) }
        return .failure(Self.nothing("the votes of its models do not fit its schema: \(wrong.path) \(wrong.message)"))
    }

    /// The rules' own value, where more than half stand behind it.
    private func agreement(among all: [JSON]) -> JSON? {
        guard let value = found["value"], let key = Self.key(value), found["result"]?.string != "split" else {
            return nil
        }
        let behind = all.count { Self.key($0["value"]) == key }
        return 2 * behind > all.count + failures.count ? value : nil
    }

    /// The same for values that say the same; nil for none.
    private static func key(_ value: JSON?) -> [UInt8]? {
        guard let value, !value.isNull else { return nil }
        if let text = value.string { return Array(text.lowercased().utf8) }
        return (try? value.canonicalBytes()) ?? value.bytes()
    }

    private static func nothing(_ why: String) -> GatehouseError { GatehouseError("agents", .unavailable, why) }
}
