import Core
import Gate
import JSON

extension Hub {
    /// What a deed would do at the most.
    func effect(of deed: Deed) throws -> Effect {
        switch deed.work {
        case .submit(let tool, let target, let arguments):
            try gate.effect(of: ActionRequest(tool: tool, target: target, arguments: arguments))
        case .undo: .change
        case .look: .read
        }
    }

    /// Has the gate do it, and tells what came of it. A refusal is told like anything else.
    /// - Throws: when the caller has gone away; then it is told at the next text.
    func carryOut(
        _ deed: Deed, _ conversation: inout Conversation, _ catalogue: Catalogue, _ caller: Caller
    ) async throws -> Told {
        do {
            let told = try await done(deed, &conversation, catalogue, caller)
            conversation.doing = nil
            conversation.repository =
                deed.slots.first { catalogue[deed.intent]?.slot($0.key)?.kind == .repository }?.value
                ?? conversation.repository
            return told
        } catch {
            let known = GatehouseError.wrapping(error)
            if known.code == .cancelled, Task.isCancelled { throw known }
            conversation.doing = nil
            if known.code == .denied { conversation.refused = deed }
            return Told(Reply(Sentence.failure(known)))
        }
    }

    private func done(
        _ deed: Deed, _ conversation: inout Conversation, _ catalogue: Catalogue, _ caller: Caller
    ) async throws -> Told {
        let reason = "asked for in conversation \(conversation.id)"
        switch deed.work {
        case .look(let action): return Told(try await looked(at: action, &conversation, caller))
        case .undo(let action):
            let submission = try await gate.undo(action, as: caller, reason: reason, idempotencyKey: deed.key)
            conversation.refused = nil
            conversation.forget(change: action)
            guard case .answered(let id, _, _) = submission else {
                return try await told(submission, .change, deed, &conversation, catalogue)
            }
            var reply = Reply("Taken back: \(action).")
            reply.action = id
            return Told(reply)
        case .submit(let tool, let target, let arguments):
            let effect = try effect(of: deed)
            // Of a read nothing is kept: it is simply read again.
            let request = ActionRequest(
                tool: tool, target: target, arguments: arguments, idempotencyKey: effect == .read ? nil : deed.key,
                reason: effect == .read ? nil : reason)
            let submission = try await gate.submit(request, as: caller)
            conversation.refused = nil
            return try await told(submission, effect, deed, &conversation, catalogue)
        }
    }

    private func told(
        _ submission: Submission, _ effect: Effect, _ deed: Deed, _ conversation: inout Conversation,
        _ catalogue: Catalogue
    ) async throws -> Told {
        let intent = catalogue[deed.intent]
        switch submission {
        case .waiting(let action, let approval):
            var reply = Reply(Self.waits(approval))
            (reply.action, reply.approval, reply.link) = (action, approval.id, "/approvals/\(approval.id)")
            conversation.remember(Remembered(intent: deed.intent, action: action, run: nil, isChange: true))
            return Told(reply)
        case .answered(let action, let answer, _):
            let teller = AnswerTeller(telling: intent?.telling ?? Telling(), answer: answer.value, slots: deed.slots)
            var reply = teller.reply
            reply.action = action
            if let link = intent?.link { reply.link = Self.path(teller.filled(link)) }
            if intent?.reflex == nil, effect != .read || reply.run != nil {
                let record = effect == .read ? nil : try await gate.action(action)
                conversation.remember(
                    Remembered(
                        intent: deed.intent, action: record?.action.id, run: reply.run,
                        isChange: record?.preview?.undo != nil))
            }
            var told = Told(reply)
            if effect == .reveal {
                told.kept = Reply("Done. What it revealed was said once and is not kept.")
                told.kept?.action = action
            }
            return told
        }
    }

    private static func waits(_ approval: Approval) -> String {
        let who = approval.rule.roles.sorted().joined(separator: " or ")
        let number = approval.rule.quorum == 1 ? "Somebody" : "\(approval.rule.quorum) people"
        return "Nothing is done yet. \(number) of the role \(who) must agree to approval \(approval.id), until "
            + "\(approval.expires.description). \"status of that\" says where it stands."
    }

    /// A path of what an intent and an answer say, with nothing in it that leads elsewhere.
    private static func path(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2F || byte == 0x5F || byte == 0x2D
        }
        return isPlain && text.hasPrefix("/") && !text.hasPrefix("//") && !text.hasSuffix("/") ? text : nil
    }

    // MARK: Looking

    private func looked(
        at action: String, _ conversation: inout Conversation, _ caller: Caller
    ) async throws -> Reply {
        let record = try await own(action, caller)
        var text = "Action \(action) (\(record.action.tool)) is \(record.state.rawValue)."
        if let error = record.error { text += " \(error)" }
        if let undoneBy = record.undoneBy { text += " It was taken back by \(undoneBy)." }
        var reply = Reply(PlainText.line(text, limit: 1000))
        reply.action = action
        if record.state == .done, let run = record.answer?["run"]?.string, Identifier.isValid(run, prefix: "run") {
            reply.run = run
            let intent = conversation.remembered.last { $0.action == action }?.intent ?? ""
            conversation.remember(
                Remembered(intent: intent, action: action, run: run, isChange: record.preview?.undo != nil))
        }
        return reply
    }

    /// - Throws: `notFound`, also for an action of somebody else's.
    private func own(_ action: String, _ caller: Caller) async throws -> ActionRecord {
        let record = try await gate.action(action)
        guard record.principalID == caller.principal.id else {
            throw GatehouseError("hub", .notFound, "there is no action \"\(action)\" of yours")
        }
        return record
    }

    // MARK: Taking back

    /// A plan to take something back says what that is, and is none where it cannot be.
    func describe(_ turn: inout Turn, _ conversation: inout Conversation, _ caller: Caller) async throws {
        guard case .proposes(let plan) = turn.outcome, case .undo(let action) = plan.deed.work else { return }
        do {
            let record = try await own(action, caller)
            if let undoneBy = record.undoneBy { throw Self.noUndo("\(action) was taken back already, by \(undoneBy)") }
            guard record.state == .done else { throw Self.noUndo("\(action) is \(record.state.rawValue), not done") }
            guard let undo = record.preview?.undo else { throw Self.noUndo("\(record.action.tool) has no undo") }
            turn.words.append("That is: \(PlainText.line(undo.summary, limit: 500)).")
        } catch {
            conversation.waiting = .nothing
            turn = Turn([Sentence.failure(GatehouseError.wrapping(error))], intent: turn.intent)
        }
    }

    private static func noUndo(_ why: String) -> GatehouseError { GatehouseError("hub", .conflict, why) }

    // MARK: After an interruption

    /// What was begun and not told: told now. What had not reached the gate is done now, by the key that it has, unless
    /// too much time has passed for that.
    func settle(
        _ conversation: inout Conversation, _ catalogue: Catalogue, _ caller: Caller
    ) async throws -> String? {
        guard let deed = conversation.doing else { return nil }
        let title = Sentence.inner(deed.title)
        if (try? effect(of: deed)) == .read {
            conversation.doing = nil
            return "I was interrupted before I could \(title). Ask again if you still want to know."
        }
        let record = try await gate.action(of: caller.principal.id, idempotencyKey: deed.key)
        if record == nil, clock.now() - deed.began > HubLimits.resumption {
            conversation.doing = nil
            return "I was interrupted before I could \(title), and did nothing of it. Ask again if you still want it."
        }
        let told = try await carryOut(deed, &conversation, catalogue, caller)
        return "I was interrupted when you asked me to \(title). \((told.kept ?? told.reply).text)"
    }
}
