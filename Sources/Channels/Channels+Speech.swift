import Core
public import Gate
import Hub
import Integrations
import JSON
import Logging
import Store

/// What is spoken: written down as its speaker's own request, said to the conversation, and answered for ears.
extension Channels {
    /// Has somebody's own model write down what was said.
    public typealias Transcription =
        @Sendable (_ sound: [UInt8], _ mediaType: String, _ speaker: Caller) async throws -> String

    /// - Returns: the text with its words. They are kept before Twilio's recording goes.
    func writtenDown(
        _ heard: Heard, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller, with postman: Postman
    ) async throws -> Heard {
        guard let recording = heard.recording, heard.text.isEmpty else { return heard }
        let recordings = TwilioRecordings(http: postman.http, channel: channel)
        var heard = heard
        heard.text = try await transcribe(
            try await recordings.sound(recording), TwilioRecordings.mediaType, caller)
        try await inbox.written(row.id, .heard(heard))
        do { try await recordings.remove(recording) } catch {
            logger.warning(
                "a recording stays at Twilio",
                metadata: ["channel": "\(channel.name)", "recording": "\(recording)", "why": "\(error.message)"])
        }
        return heard
    }

    /// Tells an answer to who called, whether they still hold the line or not. A plan is put where it can be agreed to.
    func speak(_ told: Told, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller) async throws {
        let plan = try await plan(of: told, row, channel, caller)
        var words = [SpokenText.words(Said(told.keepable.json))]
        if told.kept != nil { words.append(CallWords.secret) }
        if told.json["plan"] != nil {
            words.append(plan.map { CallWords.confirmed(in: $0.channel.name) } ?? CallWords.inConsole)
        }
        let answer = Told(words.filter { !$0.isEmpty }.joined(separator: " "))
        let (now, console) = (clock.now(), console)
        try await store.write { tx in
            try plan?.put(console: console, at: now, tx)
            try Inbox.finish(row.id, answer: answer.json, at: now, tx)
        }
        waiters.give(answer, to: row.id)
        alarm.ring()
    }

    /// Nil where it can be agreed to in the console alone.
    private func plan(
        of told: Told, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller
    ) async throws -> SpokenPlan? {
        guard let expires = Self.expiry(ofPlanIn: told.json), let conversation = told.conversation,
            let number = told.number, let name = channel.phone?.confirm, let there = settings.channels[name],
            there.canAsk
        else { return nil }
        let names = [channel.users[row.content.user], caller.principal.id, caller.principal.name]
        for (account, principal) in there.users.sorted(by: { $0.key < $1.key }) where names.contains(principal) {
            guard try await callers(principal, name)?.principal.id == caller.principal.id else { continue }
            return SpokenPlan(
                channel: there, account: account, conversation: conversation, number: number, expires: expires,
                said: Said(told.keepable.json))
        }
        return nil
    }
}

/// A plan that was spoken of, for the one channel and account that it may be agreed to by.
private struct SpokenPlan: Sendable {
    let channel: ChannelSettings
    let account: String
    let conversation: String
    let number: Int
    let expires: Timestamp
    let said: Said

    /// The same plan said again is the same message, whose button is good again.
    func put(console: String?, at now: Timestamp, _ tx: Transaction) throws {
        let name = "plan \(conversation) \(expires)"
        let code = try CodeTable.code(
            for: conversation, in: name, of: channel.name, user: account, number: number, expires: expires, at: now, tx)
        guard try Posts.find(name, in: channel.name, tx) == nil else { return }
        var said = said
        said.text = "In a call: \(said.text)"
        var content = channel.shape(console: console).reply(said, code: code)
        if channel.kind == .webhook { content["user"] = .string(account) }
        // In Slack, a message to an account is one in its direct line.
        let room = channel.kind == .slack ? account : channel.room ?? ""
        try Posts.put(NewPost(channel: channel.name, name: name, room: room, content: content), at: now, tx)
    }
}
