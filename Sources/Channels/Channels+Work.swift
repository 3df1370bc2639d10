import Core
import Gate
import Hub
import Integrations
import JSON
import Logging
import Store

extension Channels {
    private static let pauses: [Duration] = [.seconds(1), .seconds(4), .seconds(15), .seconds(60)]

    /// Works one thing through that was taken. What goes wrong on the way is tried again; what the house says no to is
    /// an answer.
    func work(_ row: InboxRow, with postman: Postman) async {
        defer { land(row) }
        do {
            guard let channel = settings.channels[row.channel] else {
                return try await inbox.gaveUp(row.id, why: "the channel is not configured any more", at: clock.now())
            }
            guard let caller = try await caller(row) else { return try await turnAway(row, channel) }
            switch row.content {
            case .heard(let heard):
                let told = try await heed(heard, row, channel, caller, with: postman)
                guard channel.kind != .twilio else { return try await speak(told, row, channel, caller) }
                try await tell(told, row, channel, with: postman)
            case .press(let press): try await heed(press, row, channel, caller, with: postman)
            }
        } catch { await postpone(row, GatehouseError.wrapped(error)) }
    }

    private func postpone(_ row: InboxRow, _ error: GatehouseError) async {
        do {
            if Self.pauses.indices.contains(row.attempts) {
                let pause = max(Self.pauses[row.attempts], error.retryAfter ?? .zero)
                return try await inbox.failed(row.id, why: error.message, next: clock.now() + pause)
            }
            try await inbox.gaveUp(row.id, why: error.message, at: clock.now())
            waiters.give(Told(error), to: row.id)
            logger.warning(
                "what somebody said in a channel is a dead letter",
                metadata: ["channel": "\(row.channel)", "id": "\(row.id)", "why": "\(error.message)"])
        } catch { logger.error("what became of a text could not be kept", metadata: ["error": "\(error)"]) }
    }

    // MARK: Who speaks

    func caller(_ row: InboxRow) async throws -> Caller? {
        guard let principal = settings.channels[row.channel]?.users[row.content.user] else { return nil }
        return try await callers(principal, row.channel)
    }

    private func turnAway(_ row: InboxRow, _ channel: ChannelSettings) async throws {
        let why =
            "This account may not sign in to the house now; an administrator maps it under "
            + "channels.\(channel.name).users."
        let isTold = try await isTold(row.content, channel, why)
        let answer = isTold ? Told(why) : Told([:])
        let now = clock.now()
        try await store.write { tx in try Inbox.finish(row.id, answer: answer.json, at: now, tx) }
        waiters.give(answer, to: row.id)
    }

    /// Notes that somebody spoke who may not, and tells them where they can be told.
    /// - Returns: whether they are to be told now.
    func isTold(_ content: InboxRow.Content, _ channel: ChannelSettings, _ why: String) async throws -> Bool {
        let now = clock.now()
        let pause = pace.strangers
        let content = content
        let shown = channel.shape(console: console).reply(Said(why), code: nil)
        let isDue = try await store.write { tx in
            let isDue = try ChannelTables.note(
                stranger: content.user, of: channel.name, every: pause, at: now, tx)
            if isDue, channel.kind == .slack {
                try Posts.put(
                    Self.whisper(shown, "stranger \(content.user) \(now.seconds)", content, channel), at: now, tx)
            }
            return isDue
        }
        logger.warning(
            "somebody spoke in a channel who is not known or may not sign in",
            metadata: ["channel": "\(channel.name)", "account": "\(content.user)"])
        alarm.ring()
        return isDue
    }

    /// A message for one person: alone in a direct line, and where others are, so that they do not see it.
    static func whisper(
        _ shown: JSON, _ name: String, _ content: InboxRow.Content, _ channel: ChannelSettings
    ) -> NewPost {
        NewPost(
            channel: channel.name, name: name, room: content.room, thread: content.thread,
            user: content.room.hasPrefix("D") ? nil : content.user, content: shown)
    }

    // MARK: Saying it to the house

    private func heed(
        _ heard: Heard, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller, with postman: Postman
    ) async throws -> Told {
        var heard = heard
        do {
            heard = try await writtenDown(heard, row, channel, caller, with: postman)
            if let told = try await verdict(heard, row, channel, caller) { return told }
        } catch let error as GatehouseError where error.isAnswer { return Told(error) }
        if let told = try await resumed(row, caller) { return told }
        do {
            return try await say(heard.text, in: try await conversation(heard, channel, caller), row, caller)
        } catch let error as GatehouseError where error.isFull {
            let fresh = try await begin(heard, channel, caller)
            return try await say(heard.text, in: fresh, row, caller)
        }
    }

    /// What came of a verdict; nil for all that is none. What is spoken decides nothing.
    private func verdict(
        _ heard: Heard, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller
    ) async throws -> Told? {
        guard row.content.mouth == .written, let verdict = TypedVerdict(heard.text) else { return nil }
        if try await codes.isOfPlan(verdict.code, of: channel.name) {
            let press = Press(
                id: heard.id, user: heard.user, verb: verdict.approves ? .yes : .no, code: verdict.code,
                room: heard.room, thread: heard.thread)
            return try await answerPlan(press, row, channel, caller)
        }
        let word = try await decide(verdict.code, approves: verdict.approves, by: row.id, channel, caller)
        bell.ring()
        return Told(word)
    }

    /// Says a text once: what was about to be said is in the store with where it was to be said.
    func say(_ text: String, in conversation: String, _ row: InboxRow, _ caller: Caller) async throws -> Told {
        let before = try await hub.messages(of: conversation, as: caller.principal.id).last?.number ?? 0
        try await inbox.saying(row.id, in: conversation, after: before)
        do {
            let said = try await hub.say(text, in: conversation, as: caller, by: row.content.mouth)
            var told = Told(said.json)
            (told.conversation, told.number) = (conversation, before + 2)
            if try await reveals(told) {
                told.kept = try await reply(in: conversation, after: before, caller)?.json ?? Told("Done.").json
            }
            return told
        } catch let error as GatehouseError where error.code == .tooLarge || error.code == .invalid {
            return Told(error)
        }
    }

    /// What came of a text that may have been said before the process ended.
    /// - Returns: nil where it was not.
    func resumed(_ row: InboxRow, _ caller: Caller) async throws -> Told? {
        guard row.state == .saying, let conversation = row.conversation, let before = row.heard else { return nil }
        let messages: [Message]
        do { messages = try await hub.messages(of: conversation, as: caller.principal.id) } catch { return nil }
        guard messages.contains(where: { $0.number == before + 1 && $0.role == .person }) else { return nil }
        if let told = try await reply(in: conversation, after: before, caller) { return told }
        // It was begun and not told: the house takes that up at the next text, and this one only looks.
        var told = Told(try await hub.say("status of that", in: conversation, as: caller).json)
        told.conversation = conversation
        return told
    }

    /// The first thing that the house said after so many messages, as it is kept.
    func reply(in conversation: String, after before: Int, _ caller: Caller) async throws -> Told? {
        let messages = try await hub.messages(of: conversation, as: caller.principal.id)
        guard let message = messages.first(where: { $0.number > before && $0.role == .house }) else { return nil }
        var told = message.data.map { Told($0) } ?? Told(message.text)
        (told.conversation, told.number) = (conversation, message.number)
        return told
    }

    /// Whether a secret is in it. What cannot be looked at is taken for one.
    private func reveals(_ told: Told) async throws -> Bool {
        guard let action = told.json["action"]?.string else { return false }
        do { return try await gate.action(action).effect == .reveal } catch let error as GatehouseError {
            return error.code != .notFound
        }
    }

    private func conversation(_ heard: Heard, _ channel: ChannelSettings, _ caller: Caller) async throws -> String {
        guard let known = try await tables.conversation(channel.name, lane: heard.lane) else {
            return try await begin(heard, channel, caller)
        }
        try await tables.keep(known, channel.name, lane: heard.lane, at: clock.now())
        return known
    }

    private func begin(_ heard: Heard, _ channel: ChannelSettings, _ caller: Caller) async throws -> String {
        let conversation = try await hub.begin(as: caller).id
        try await tables.keep(conversation, channel.name, lane: heard.lane, at: clock.now())
        return conversation
    }
}

extension GatehouseError {
    static func wrapped(_ error: any Error) -> GatehouseError {
        (error as? GatehouseError)
            ?? GatehouseError("channels", .internal, "an unexpected failure: \(type(of: error))")
    }

    /// A conversation takes no more, as opposed to not now.
    fileprivate var isFull: Bool { code == .notFound || code == .exhausted && retryAfter == nil }
}
