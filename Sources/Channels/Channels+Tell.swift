import Core
import Gate
import Integrations
import JSON
import Logging
import Store

extension Channels {
    // MARK: Answers

    /// Tells an answer where the question was asked. Once this returns, the question is done with.
    func tell(_ told: Told, _ row: InboxRow, _ channel: ChannelSettings, with postman: Postman) async throws {
        guard channel.kind != .slack else { return try await post(told, row, channel, with: postman) }
        let now = clock.now()
        // What a conversation keeps is read from there.
        let answer = told.number == nil ? told.json : nil
        try await store.write { tx in try Inbox.finish(row.id, answer: answer, at: now, tx) }
        if waiters.give(told, to: row.id) { return }
        guard channel.url != nil else { return }
        let late = try await shown(told.keepable, channel)
        try await store.write { tx in
            let post = NewPost(channel: channel.name, name: "reply \(row.id)", room: row.content.room, content: late)
            try Posts.put(post, at: now, tx)
        }
        alarm.ring()
    }

    /// An answer as a channel shows it that waits for it.
    func shown(_ told: Told, _ channel: ChannelSettings) async throws -> JSON {
        var told = told
        if channel.kind == .teams, told.kept != nil {
            // Everybody in the team sees it.
            told = told.keepable
            told.json["text"] = .string(
                "\(told.text) Secrets are not said here: see the console.")
        }
        let said = Said(told.json)
        let code = try await approvalCode(said, channel)
        guard channel.kind == .webhook else { return channel.shape(console: console).reply(said, code: code) }
        var json = told.json
        json["code"] = code.map { .string($0) }
        return json
    }

    private func approvalCode(_ said: Said, _ channel: ChannelSettings) async throws -> String? {
        guard let id = said.approval else { return nil }
        let approval = try await gate.approvals.approval(id)
        guard approval.state == .waiting else { return nil }
        let now = clock.now()
        return try await store.write { tx in
            try CodeTable.code(
                for: id, in: "said \(id)", of: channel.name, binding: approval.binding, expires: approval.expires,
                at: now, tx)
        }
    }

    /// Slack: a message in the thread of the question, and one more for an approval that is waited for.
    private func post(_ told: Told, _ row: InboxRow, _ channel: ChannelSettings, with postman: Postman) async throws {
        let (now, content, shape) = (clock.now(), row.content, channel.shape(console: console))
        let name = "reply \(row.id)"
        let said = Said(told.keepable.json)
        let plan = Self.expiry(ofPlanIn: told.json)
        var approval: NewPost?
        if let id = said.approval {
            let view = try await self.view(of: try await gate.approvals.approval(id))
            approval = NewPost(
                channel: channel.name, name: "approval \(id) \(content.room) \(content.thread ?? "")",
                room: content.room, thread: content.thread, content: shape.approval(view, code: nil), approval: id)
        }
        let waiting = approval
        try await store.write { tx in
            var code: String?
            if let plan, let conversation = told.conversation, let number = told.number {
                code = try CodeTable.code(
                    for: conversation, in: name, of: channel.name, user: content.user, number: number, expires: plan,
                    at: now, tx)
            }
            let reply = NewPost(
                channel: channel.name, name: name, room: content.room, thread: content.thread,
                content: shape.reply(said, code: code))
            try Posts.put(reply, at: now, tx)
            if let waiting { try Posts.put(waiting, at: now, tx) }
            try Inbox.finish(row.id, answer: told.number == nil ? told.json : nil, at: now, tx)
        }
        // A secret is in no store: it is told from here, to the one who asked, or not at all.
        if told.kept != nil { await whisper(told, row, channel, with: postman) }
        alarm.ring()
        if waiting != nil { await syncApprovals() }
    }

    private func whisper(_ told: Told, _ row: InboxRow, _ channel: ChannelSettings, with postman: Postman) async {
        let secret = SecretPost.make(
            channel.shape(console: console).reply(Said(told.json), code: nil), room: row.content.room,
            account: row.content.user)
        guard let secret else { return }
        if case .delivered = await postman.carry(secret, thread: row.content.thread, to: channel) { return }
        logger.warning("what was revealed could not be told", metadata: ["channel": "\(channel.name)"])
    }

    static func expiry(ofPlanIn json: JSON) -> Timestamp? {
        json["plan"]?["expires"]?.string.flatMap { Timestamp($0) }
    }

    // MARK: Approvals

    /// An approval with what became of its action.
    func view(of approval: Approval) async throws -> ApprovalView {
        let action: ActionRecord.State?
        do { action = try await gate.action(approval.actionID).state } catch let error as GatehouseError {
            guard error.code == .notFound else { throw error }
            action = nil
        }
        return ApprovalView(approval, action: action, console: console)
    }
}

extension Told {
    /// Without what may not be kept.
    var keepable: Told {
        var told = self
        if let kept { (told.json, told.kept) = (kept, nil) }
        return told
    }
}
