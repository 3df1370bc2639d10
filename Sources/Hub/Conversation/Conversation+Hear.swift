import Core
import JSON

/// A text with all that is needed to make something of it.
struct Hearing {
    var text: String
    var mouth = Mouth.written
    var understanding: Understanding
    var catalogue: Catalogue
    var names: Names
    var now: Timestamp
    /// What a deed would do at the most, by the gate's word.
    var effect: (Deed) throws -> Effect
}

extension Conversation {
    /// At most one deed comes of a text, and a change only of a yes.
    mutating func hear(_ hearing: Hearing) -> Turn {
        switch waiting {
        case .consent(let plan): return answered(plan, hearing)
        case .value(let request, let slot, let tries): return filled(request, slot, tries, hearing)
        case .nothing:
            if Consent(hearing.text) != nil, !hearing.understanding.isSure {
                return Turn(["Nothing here waits for a yes or a no."])
            }
            return begin(hearing)
        }
    }

    // MARK: A plan waits for a yes

    private mutating func answered(_ plan: PlannedDeed, _ hearing: Hearing) -> Turn {
        waiting = .nothing
        let consent = Consent(hearing.text)
        guard hearing.now < plan.expires else {
            let lapsed = "The plan to \(Sentence.inner(plan.deed.title)) lapsed; nothing of it was done."
            return consent == nil ? begin(hearing, [lapsed]) : Turn(["\(lapsed) Ask again if you still want it."])
        }
        switch consent {
        case .no: return Turn(["Dropped. Nothing was changed."], intent: plan.deed.intent)
        case nil: return begin(hearing, ["I drop the plan to \(Sentence.inner(plan.deed.title))."])
        case .yes where hearing.mouth == .spoken:
            waiting = .consent(plan)
            return Turn([Sentence.inWriting], .proposes(plan), intent: plan.deed.intent)
        case .yes: return agreed(plan, hearing)
        }
    }

    private mutating func agreed(_ plan: PlannedDeed, _ hearing: Hearing) -> Turn {
        do {
            let effect = try hearing.effect(plan.deed)
            guard effect <= plan.effect else {
                return propose(plan.deed, effect, hearing, ["By now it would do more than I said."])
            }
        } catch { return failed(error, plan.deed) }
        return does(plan.deed, hearing, [])
    }

    // MARK: A slot's value is waited for

    private mutating func filled(_ request: Request, _ slot: String, _ tries: Int, _ hearing: Hearing) -> Turn {
        waiting = .nothing
        guard let need = hearing.catalogue[request.intent]?.slot(slot) else { return begin(hearing) }
        if Consent(hearing.text) == .no, need.kind != .flag { return Turn(["I leave it."], intent: request.intent) }
        if let value = value(of: need, hearing) {
            var request = request
            request.slots[slot] = value
            return pursue(request, hearing, isAnswer: true)
        }
        if hearing.understanding.intent != nil { return begin(hearing, ["I leave the question."]) }
        guard tries < 2 else { return Turn(["I still do not know, and leave it."], intent: request.intent) }
        waiting = .value(request, slot: slot, tries: tries + 1)
        return Turn(["That does not tell me. \(need.question)"], .asks(need), intent: request.intent)
    }

    /// A short answer's value. What may be a value and is another request for sure, is the request.
    private func value(of need: SlotNeed, _ hearing: Hearing) -> String? {
        let words = Wording(hearing.text)
        let reading = hearing.names.reading(words.written, as: need)
        if let reading, reading.isSure { return reading.value }
        if hearing.understanding.isSure { return nil }
        if let reading { return reading.value }
        return words.words.count <= 6 ? hearing.names.mention(of: need, in: words.written) : nil
    }

    // MARK: Something new

    private mutating func begin(_ hearing: Hearing, _ words: [String] = []) -> Turn {
        guard let name = hearing.understanding.intent, let intent = hearing.catalogue[name] else {
            return Turn(words + [Sentence.notUnderstood(hearing.understanding.nearest, hearing.catalogue)])
        }
        switch intent.reflex {
        case .help: return Turn(words + [Sentence.help], intent: name)
        case .greeting: return Turn(words + [Sentence.greeting], intent: name)
        case .thanks: return Turn(words + [Sentence.welcome], intent: name)
        case .abilities: return Turn(words, .abilities, intent: name)
        case .undo, .status, .cancel, .why, nil: break
        }
        return pursue(Request(intent: name, slots: hearing.understanding.slots), hearing, words)
    }

    private mutating func pursue(
        _ request: Request, _ hearing: Hearing, _ words: [String] = [], isAnswer: Bool = false
    ) -> Turn {
        guard let intent = hearing.catalogue[request.intent] else { return Turn(words) }
        var request = request
        if let work = explanation(intent, request) { return act(work, request, intent, hearing, words) }
        complete(&request, intent, hearing)
        if intent.becomesWorkflow, let workflow = request.slots["workflow"] {
            return pursue(workflow, hearing, words, isAnswer: isAnswer)
        }
        if let work = reflex(intent, request) { return act(work, request, intent, hearing, words) }
        if intent.reflex == .undo { return Turn(words + ["There is nothing here that I could take back."]) }
        if let need = intent.slots.first(where: { $0.isRequired && request.slots[$0.name] == nil }) {
            waiting = .value(request, slot: need.name, tries: 0)
            return Turn(words + [need.question], .asks(need), intent: intent.name)
        }
        guard let call = intent.call else { return Turn(words, intent: intent.name) }
        let kinds = Dictionary(intent.slots.map { ($0.name, $0.kind) }) { first, _ in first }
        var slots = request.slots
        slots[Deed.keySlot] = nextKey
        let work = Deed.Work.submit(
            tool: call.tool, target: call.target.text(slots),
            arguments: call.arguments.filled(slots, kinds: kinds) ?? [:])
        return act(work, request, intent, hearing, words)
    }

    /// The workflow's own intent takes over, with what the text says of its inputs.
    private mutating func pursue(
        _ workflow: String, _ hearing: Hearing, _ words: [String], isAnswer: Bool
    ) -> Turn {
        guard let own = hearing.catalogue[ConversationIntent.workflowPrefix + workflow] else {
            return Turn(
                words + [
                    "The workflow \(workflow) is not there, or wants lists that cannot be said. Start it from a file."
                ])
        }
        var request = Request(intent: own.name, slots: [:])
        if !isAnswer {
            for need in own.slots { request.slots[need.name] = hearing.names.mention(of: need, in: hearing.text) }
        }
        return pursue(request, hearing, words)
    }

    /// What was not said and is known from before.
    private func complete(_ request: inout Request, _ intent: ConversationIntent, _ hearing: Hearing) {
        for need in intent.slots where request.slots[need.name] == nil {
            switch need.source {
            case .lastRun: request.slots[need.name] = remembered.last?.run
            case .lastAction: request.slots[need.name] = intent.reflex == .undo ? lastChange : lastAction
            case nil:
                guard need.kind == .repository, Sentence.pointsBack(hearing.text) else { continue }
                request.slots[need.name] = repository
            }
        }
    }

    /// What needs no tool of the intent's: an action is taken back, or looked at where there is no run to look at.
    private func reflex(_ intent: ConversationIntent, _ request: Request) -> Deed.Work? {
        switch intent.reflex {
        case .undo: request.slots["action"].map { .undo(action: $0) }
        case .status where request.slots["run"] == nil: remembered.last?.action.map { .look(action: $0) }
        default: nil
        }
    }

    /// What was denied has no id that it could be explained by: it is asked about as it was asked for.
    private func explanation(_ intent: ConversationIntent, _ request: Request) -> Deed.Work? {
        guard intent.reflex == .why, request.slots["action"] == nil, let call = intent.call,
            case .submit(let tool, let target, let arguments)? = refused?.work
        else { return nil }
        return .submit(
            tool: call.tool, target: call.target.text([:]),
            arguments: ["tool": .string(tool), "target": .string(target), "arguments": arguments])
    }

    private var nextKey: String { "hub:\(id):\(deeds)" }

    private mutating func act(
        _ work: Deed.Work, _ request: Request, _ intent: ConversationIntent, _ hearing: Hearing, _ words: [String]
    ) -> Turn {
        let deed = Deed(
            intent: intent.name, title: intent.title, work: work, slots: request.slots, key: nextKey, began: hearing.now
        )
        deeds += 1
        do {
            let effect = try hearing.effect(deed)
            return effect == .read ? does(deed, hearing, words) : propose(deed, effect, hearing, words)
        } catch {
            return failed(error, deed)
        }
    }

    private mutating func does(_ deed: Deed, _ hearing: Hearing, _ words: [String]) -> Turn {
        var deed = deed
        deed.began = hearing.now
        doing = deed
        return Turn(words, .does(deed), intent: deed.intent)
    }

    private mutating func propose(_ deed: Deed, _ effect: Effect, _ hearing: Hearing, _ words: [String]) -> Turn {
        let plan = PlannedDeed(deed, effect, expires: hearing.now + PlannedDeed.lifetime)
        waiting = .consent(plan)
        return Turn(words + [Sentence.echo(plan)], .proposes(plan), intent: deed.intent)
    }

    private func failed(_ error: any Error, _ deed: Deed) -> Turn {
        Turn(
            [
                Sentence.failure(
                    (error as? GatehouseError)
                        ?? GatehouseError("hub", .internal, "nobody knows what it would do", from: error))
            ], intent: deed.intent)
    }
}
