import Core
import Gate
import JSON

/// An agent's work with a model, as a value: it is told what happened and says what is to be done next. The model is
/// asked, looks by the tools that it has, is asked again with what they say, and ends with an answer that is checked
/// against its schema and against what the procedure found. Asking and looking are done by whoever drives it.
struct AgentLoop: Sendable {
    enum Event: Sendable {
        case begun
        case said(ModelReply, Usage)
        /// The model could not be asked, or its answer not be read.
        case failed(GatehouseError, Usage)
        /// What came of each look, in order.
        case looked([Result<JSON, GatehouseError>])
        /// It may not go on.
        case stopped(String)
    }

    enum Step: Sendable {
        case ask(Question)
        case look([ActionRequest])
        case end(End)
    }

    struct Question: Sendable {
        let model: String
        /// Of a chat completion.
        let body: JSON
    }

    /// Of one call to a model.
    struct Usage: Sendable, Hashable {
        var tokens = 0
        /// Millionths of a US dollar.
        var cost: Int64 = 0

        /// What nobody can have used adds up to no more than can be told, and to no less.
        static func += (all: inout Usage, more: Usage) {
            all.tokens += min(max(0, more.tokens), .max - all.tokens)
            all.cost += min(max(0, more.cost), .max - all.cost)
        }
    }

    struct End: Sendable {
        /// Nil where the procedure's stands.
        var output: JSON?
        /// Why it does.
        var why: String?
    }

    /// Of one answer, and what it has to be able to say at least.
    static let greatestOutput = 8192
    static let leastOutput = 256
    /// Bytes of a conversation, before it is made shorter.
    static let greatestConversation = 192 << 10
    /// Fewer bytes make a token seldom.
    static let bytesOfToken = 3
    static let mostProposals = 20

    private let agent: String
    private let budget: AgentBudget
    private let tools: ToolTable
    private let check: AnswerCheck
    private var models: [String]
    private var conversation: Conversation
    private var progress = LoopProgress()
    /// Between a look and what comes of it: each call of the turn, with its answer where it has one already.
    private var turn: [(exchange: Conversation.Exchange, isOpen: Bool)] = []
    private var isCorrected = false
    private(set) var turns = 0
    private(set) var spent = Usage()
    private(set) var looks = 0
    private(set) var proposals: [AgentProposal] = []
    /// Calls that never came to the gate.
    private(set) var refusals: [(tool: String, error: GatehouseError)] = []

    /// - Parameter models: at least one, in order of preference.
    init(
        agent: String, budget: AgentBudget, models: [String], tools: ToolTable, check: AnswerCheck,
        conversation: Conversation
    ) {
        (self.agent, self.budget, self.models, self.tools) = (agent, budget, models, tools)
        (self.check, self.conversation) = (check, conversation)
    }

    /// That is asked now, or was asked last.
    var model: String { models.first ?? "" }

    mutating func next(_ event: Event) -> Step {
        switch event {
        case .begun: return ask()
        case .said(let reply, let usage):
            spent += usage
            turns += 1
            return heard(reply)
        case .failed(let error, let usage):
            spent += usage
            return failed(error)
        case .looked(let results): return looked(results)
        case .stopped(let why): return .end(End(why: why))
        }
    }

    // MARK: Asking

    private mutating func ask() -> Step {
        if let why = exhaustion { return .end(End(why: why)) }
        let room = budget.tokens - spent.tokens
        let functions = tools.functions
        let other = functions?.bytes().count ?? 0
        let most = min(Self.greatestConversation, (room - Self.leastOutput) * Self.bytesOfToken - other)
        if conversation.bytes > most { conversation.compact(to: most) }
        guard conversation.bytes <= most else {
            return .end(End(why: "what there is to judge does not fit into \(max(0, room)) tokens"))
        }
        let output = min(Self.greatestOutput, room - (conversation.bytes + other) / Self.bytesOfToken)
        var body: JSONObject = [
            "model": .string(model), "messages": conversation.messages, "max_completion_tokens": JSON(output),
        ]
        if let functions {
            body["tools"] = functions
            body["tool_choice"] = isLastTurn ? "none" : "auto"
        }
        return .ask(Question(model: model, body: .object(body)))
    }

    private var steps: Int { turns + looks }
    private var isLastTurn: Bool { steps + 1 >= budget.steps }

    private var exhaustion: String? {
        if steps >= budget.steps { return "its \(budget.steps) steps are used up" }
        if budget.tokens - spent.tokens < Self.leastOutput { return "its \(budget.tokens) tokens are used up" }
        if budget.cost > 0 ? spent.cost >= budget.cost : spent.cost > 0 { return "what it may cost is used up" }
        if progress.idle >= budget.idle { return "\(budget.idle) turns in a row brought nothing new" }
        return nil
    }

    /// The next model is asked from the beginning of what is known.
    private mutating func failed(_ error: GatehouseError) -> Step {
        let why = "\(model.prefix(80)) did not answer: \(error.message.prefix(300))"
        models.removeFirst()
        return models.isEmpty ? .end(End(why: why)) : ask()
    }

    // MARK: Hearing

    private mutating func heard(_ reply: ModelReply) -> Step {
        if !reply.calls.isEmpty { return act(reply) }
        switch check.verdict(on: reply.text ?? "") {
        case .fits(let output): return .end(End(output: output))
        case .wrong(let complaints):
            guard !isCorrected else {
                let said = complaints.joined(separator: "; ")
                return .end(End(why: "what \(model.prefix(80)) answered does not hold: \(said)"))
            }
            isCorrected = true
            // Complaints name members, which are the model's own words.
            let told = DataFence.around(.array(complaints.map { .string($0) }), from: "the check")
            conversation.add(
                said: reply.text ?? "(nothing)",
                answer: "This does not hold, and is not taken:\n\(told)\nAnswer once more, with the JSON object alone.")
            return ask()
        }
    }

    // MARK: Looking

    private mutating func act(_ reply: ModelReply) -> Step {
        var requests: [ActionRequest] = []
        turn = []
        var isNew = false
        for call in reply.calls {
            let answer: JSON?
            switch tools.meaning(of: call, by: agent) {
            case .look(let request):
                answer = refusal(of: request, after: requests.count)
                if answer == nil { requests.append(request) }
            case .proposal(let proposal):
                let isTaken = propose(proposal)
                isNew = isNew || isTaken
                answer = ["not performed": .string("\(proposal.reason); it is put before a person")]
            case .refused(let tool, let error):
                refusals.append((tool, error))
                answer = Self.told(error)
            }
            let exchange = Conversation.Exchange(
                name: Self.name(call.name), arguments: call.arguments ?? [:], answer: answer.map(Self.fenced) ?? "")
            turn.append((exchange, answer == nil))
        }
        looks += requests.count
        guard requests.isEmpty else { return .look(requests) }
        progress.turned(isNew)
        return answered()
    }

    /// Why a look is not made; nil where it is.
    private mutating func refusal(of request: ActionRequest, after others: Int) -> JSON? {
        guard steps + others < budget.steps else { return ["refused": "there are no steps left for it"] }
        return progress.begins(request) ? nil : ["refused": "you have called this before, with the same arguments"]
    }

    /// Whether it is one more.
    private mutating func propose(_ proposal: AgentProposal) -> Bool {
        guard proposals.count < Self.mostProposals, !proposals.contains(proposal) else { return false }
        proposals.append(proposal)
        return true
    }

    private mutating func looked(_ results: [Result<JSON, GatehouseError>]) -> Step {
        var isNew = false
        var results = results[...]
        for index in turn.indices where turn[index].isOpen {
            let result = results.popFirst() ?? .failure(GatehouseError("agents", .internal, "it was not made"))
            switch result {
            case .success(let value):
                isNew = progress.sees(value) || isNew
                turn[index].exchange.answer = Self.fenced(value)
            case .failure(let error): turn[index].exchange.answer = Self.fenced(Self.told(error))
            }
        }
        progress.turned(isNew)
        return answered()
    }

    private mutating func answered() -> Step {
        conversation.add(turn.map(\.exchange))
        turn = []
        return ask()
    }

    private static func told(_ error: GatehouseError) -> JSON {
        var told: JSONObject = ["error": .string(error.code.rawValue), "message": .string(error.message)]
        if let hint = error.hint { told["hint"] = .string(hint) }
        return .object(told)
    }

    private static func fenced(_ value: JSON) -> String {
        DataFence.around(value, from: "a tool", most: Conversation.longestAnswer)
    }

    /// As providers take it back.
    private static func name(_ text: String) -> String {
        let kept = text.utf8.filter {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                || $0 == 0x5F
        }
        return kept.isEmpty ? "unknown" : String(decoding: kept.prefix(ToolTable.longestName), as: UTF8.self)
    }
}
