import Core
public import Gate
import JSON
import Store

extension Hub {
    /// Says something in a conversation of the caller's, and gives the answer. Texts of one conversation go one after
    /// another.
    ///
    /// - Parameter mouth: a yes that is spoken leaves its plan waiting for one in writing.
    /// - Throws: `tooLarge` for more than 4 KiB, `invalid` for nothing, `notFound`, `exhausted` for a conversation that is
    ///   full or asked too much at once; what the store reports. What the gate refuses is an answer.
    public func say(
        _ text: String, in conversation: String, as caller: Caller, by mouth: Mouth = .written
    ) async throws -> Reply {
        guard text.utf8.count <= HubLimits.message else {
            throw GatehouseError(
                "hub", .tooLarge, "the text has \(text.utf8.count) bytes; \(HubLimits.message) are heard",
                hint: "say it in fewer words")
        }
        let said = PlainText.block(text, limit: HubLimits.message)
        guard said.contains(where: { !$0.isWhitespace }) else {
            throw GatehouseError("hub", .invalid, "the text is empty", hint: "say what you want")
        }
        return try await turnstile.pass(conversation, most: HubLimits.queue) {
            try await heard(said, conversation, caller, mouth)
        }
    }

    private func heard(_ text: String, _ id: String, _ caller: Caller, _ mouth: Mouth) async throws -> Reply {
        let now = clock.now()
        var (record, conversation) = try await tables.find(id, of: caller.principal.id, at: now)
        guard record.messages + 2 <= HubLimits.messages else {
            throw GatehouseError(
                "hub", .exhausted, "the conversation has its \(HubLimits.messages) messages", hint: "begin another")
        }
        let understander = try await understander()
        let settled = try await settle(&conversation, understander.catalogue, caller)
        let names = await names()
        let hearing = Hearing(
            text: text, mouth: mouth, understanding: understander.understand(text, names),
            catalogue: understander.catalogue,
            names: names, now: now, effect: { [self] in try effect(of: $0) })
        let former = conversation.lastIntent
        var turn = conversation.hear(hearing)
        if let settled { turn.words.insert(settled, at: 0) }
        try await describe(&turn, &conversation, caller)
        let question = Message(number: record.messages + 1, role: .person, text: text, data: nil, time: now)
        let told = try await answer(turn, question, &conversation, hearing, caller)
        if let intent = turn.intent {
            conversation.lastIntent = intent
            if let former { try await tables.follow(former, intent, by: caller.principal.id) }
        }
        return try await finish(told, turn, question, conversation, hearing, caller)
    }

    /// What is said to a turn, and what is kept of that.
    private func answer(
        _ turn: Turn, _ question: Message, _ conversation: inout Conversation, _ hearing: Hearing, _ caller: Caller
    ) async throws -> Told {
        var told = Told(Reply(""))
        switch turn.outcome {
        case .told: break
        case .asks(let need): told.reply.suggestions = Self.answers(to: need, hearing.names)
        case .proposes(let plan):
            told.reply.plan = Reply.Plan(plan)
            told.reply.suggestions = ["yes", "no"]
        case .abilities: told = Told(try await abilities(hearing.catalogue, conversation, caller))
        case .does(let deed):
            // What is about to be done is on the disk before it is begun, with the key that it is done once by.
            let isRead = (try? effect(of: deed)) == .read
            try await tables.put([question], conversation, isRead ? .relaxed : .durable)
            told = try await carryOut(deed, &conversation, hearing.catalogue, caller)
            told.isBegun = true
        }
        return told
    }

    private func finish(
        _ told: Told, _ turn: Turn, _ question: Message, _ conversation: Conversation, _ hearing: Hearing,
        _ caller: Caller
    ) async throws -> Reply {
        var reply = told.reply
        reply.intent = turn.intent
        reply.text = Self.joined(turn.words, reply.text)
        if reply.suggestions.isEmpty {
            reply.suggestions = try await suggestions(conversation, hearing.catalogue, caller)
        }
        var kept = reply
        if let withheld = told.kept {
            kept = withheld
            (kept.intent, kept.suggestions) = (reply.intent, reply.suggestions)
            kept.text = Self.joined(turn.words, kept.text)
        }
        let answer = Message(
            number: question.number + 1, role: .house, text: kept.text, data: kept.json, time: clock.now())
        try await tables.put(told.isBegun ? [answer] : [question, answer], conversation, .durable)
        return reply
    }

    private static func joined(_ words: [String], _ text: String) -> String {
        PlainText.block((words + [text]).filter { !$0.isEmpty }.joined(separator: "\n"), limit: HubLimits.message)
    }

    private static func answers(to need: SlotNeed, _ names: Names) -> [String] {
        if !need.choices.isEmpty { return Array(need.choices.prefix(5)) }
        switch need.kind {
        case .flag: return ["yes", "no"]
        case .severity: return Severity.allCases.map(\.rawValue)
        default: return Array(names.values(of: need.kind).prefix(5))
        }
    }
}

/// What is said, and what is kept of it where that is less.
struct Told: Sendable {
    var reply: Reply
    var kept: Reply?
    /// Whether the text that it answers is kept already.
    var isBegun = false

    init(_ reply: Reply) { self.reply = reply }
}
