import Core
import Gate
import Hub
import Integrations
import JSON
import Store

extension Channels {
    // MARK: Buttons

    /// A button was pressed: who pressed it is who is judged.
    func heed(
        _ press: Press, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller, with postman: Postman
    ) async throws {
        do {
            switch press.verb {
            case .yes, .no:
                try await tell(try await answerPlan(press, row, channel, caller), row, channel, with: postman)
            case .approve, .deny:
                _ = try await decide(
                    press.code, approves: press.verb == .approve, by: row.id, channel, caller)
                try await finish(row)
                await syncApprovals()
            }
        } catch let error as GatehouseError where error.isAnswer {
            let shown = channel.shape(console: console).reply(Said(Told(error).text), code: nil)
            let now = clock.now()
            try await store.write { tx in
                try Posts.put(Self.whisper(shown, "refusal \(row.id)", row.content, channel), at: now, tx)
                try Inbox.finish(row.id, answer: Told(error).json, at: now, tx)
            }
            alarm.ring()
            await syncApprovals()
        }
    }

    private func finish(_ row: InboxRow) async throws {
        let now = clock.now()
        try await store.write { tx in try Inbox.finish(row.id, answer: nil, at: now, tx) }
    }

    /// Votes as the caller's own word.
    /// - Returns: what came of it, in a sentence.
    /// - Throws: what the gate says no with; then the code is as good as before.
    func decide(
        _ code: String, approves: Bool, by id: String, _ channel: ChannelSettings, _ caller: Caller
    ) async throws -> String {
        let entry = try await codes.use(code, of: channel.name, by: id, at: clock.now())
        do {
            guard Identifier.isValid(entry.subject, prefix: "apr") else {
                throw GatehouseError("channels", .notFound, "this code is of no approval")
            }
            if try await hasVoted(caller, on: entry.subject) { return "Your word on that is recorded already." }
            let reason = "said in the channel \(channel.name)"
            guard approves else {
                _ = try await gate.deny(entry.subject, by: caller, reason: reason)
                return "Denied. Nothing was done."
            }
            switch try await gate.approve(entry.subject, binding: entry.binding, by: caller, reason: reason) {
            case .recorded(let approval):
                return "Recorded: \(approval.votes.count(where: \.approves)) of \(approval.rule.quorum) agreed."
            case .performed(let submission): return "Approved, and done as \(submission.actionID)."
            }
        } catch {
            if try await !hasVoted(caller, on: entry.subject) { try await codes.release(code, by: id) }
            throw GatehouseError.wrapped(error)
        }
    }

    private func hasVoted(_ caller: Caller, on approval: String) async throws -> Bool {
        do {
            return try await gate.approvals.approval(approval).votes.contains {
                $0.principalID == caller.principal.id
            }
        } catch let error as GatehouseError where error.code == .notFound { return false }
    }

    /// A yes or no by a button, or by its code, counts for the plan that it stands under, and for no other.
    func answerPlan(
        _ press: Press, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller
    ) async throws -> Told {
        if let told = try await resumed(row, caller) { return told }
        let entry = try await codes.use(press.code, of: channel.name, by: row.id, at: clock.now())
        guard let number = entry.number, entry.user == press.user else {
            try await codes.release(press.code, by: row.id)
            throw GatehouseError("channels", .denied, "only the one who asked can answer that")
        }
        let messages = try await hub.messages(of: entry.subject, as: caller.principal.id)
        guard messages.last?.number == number else {
            throw GatehouseError(
                "channels", .conflict, "that plan waits no more, and nothing was done",
                hint: "ask again if you still want it")
        }
        let told = try await say(press.verb.rawValue, in: entry.subject, row, caller)
        if let said = messages.last?.data { try await withdraw(Said(said), press, entry, channel) }
        return told
    }

    /// Only Slack edits: its message has no buttons any more.
    private func withdraw(
        _ said: Said, _ press: Press, _ entry: CodeTable.Entry, _ channel: ChannelSettings
    ) async throws {
        guard channel.kind == .slack else { return }
        var said = said
        said.text += "\nAnswered: \(press.verb.rawValue)."
        let shown = channel.shape(console: console).reply(said, code: nil)
        let now = clock.now()
        try await store.write { tx in
            guard let post = try Posts.find(entry.post, in: channel.name, tx) else { return }
            try Posts.put(
                NewPost(channel: channel.name, name: entry.post, room: post.room, thread: post.thread, content: shown),
                at: now, tx)
        }
        alarm.ring()
    }
}

extension GatehouseError {
    /// Whether it tells something to the one who asked, rather than that this has to be tried again.
    var isAnswer: Bool {
        switch code {
        case .internal, .unavailable, .timeout, .cancelled: domain != "store" && domain != "channels"
        default: true
        }
    }
}
