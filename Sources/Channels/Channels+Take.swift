import Core
import Integrations
import JSON

extension Channels {
    /// Takes a request: looks who signed it, keeps what it says, and acknowledges or answers it.
    ///
    /// - Throws: `unauthenticated`, always in the same words, for a name that is no channel's and for any request that is
    ///   not signed as its channel asks for; `tooLarge` and `invalid` for what cannot be read; `conflict` for another
    ///   message under an id that was taken; `exhausted` where too much waits.
    public func take(_ request: ChannelRequest) async throws -> ChannelAnswer {
        guard request.body.count <= IntakeLimits.body else {
            throw GatehouseError(
                "channels", .tooLarge,
                "the request has \(request.body.count) bytes; \(IntakeLimits.body) are taken")
        }
        guard let channel = settings.channels[request.name] else { throw GatehouseError.unsigned }
        switch (channel.kind, request.tail) {
        case (.slack, "events"), (.slack, "actions"): return try await takeSlack(request, channel)
        case (.teams, ""):
            try TeamsSignature.check(request.headers(TeamsSignature.header), body: request.body, token: channel.secret)
            guard let heard = try TeamsActivity.read(request.body, at: clock.now()) else { return .nothing }
            return try await answer(heard, request, channel, within: pace.teams)
        case (.webhook, ""):
            try GenericSignature.check(
                request.headers(GenericSignature.header), body: request.body, secret: channel.secret, at: clock.now())
            return try await answer(
                try GenericMessage.read(request.body), request, channel, within: pace.webhook)
        case (.twilio, _): return try await takeCall(request, channel)
        default: throw GatehouseError.unsigned
        }
    }

    /// Slack is answered with nothing at once: it would ask again after three seconds.
    private func takeSlack(_ request: ChannelRequest, _ channel: ChannelSettings) async throws -> ChannelAnswer {
        try SlackSignature.check(
            request.headers(SlackSignature.header), seconds: request.headers(SlackSignature.timeHeader),
            body: request.body, secret: channel.secret, at: clock.now())
        if request.tail == "actions" {
            guard let press = try SlackPress.read(request.body) else { return .nothing }
            _ = try await admit(.press(press), channel, request.body)
            return .nothing
        }
        switch try SlackEvent.read(request.body) {
        case .challenge(let text): return ChannelAnswer(contentType: "text/plain", body: Array(text.utf8))
        case .nothing: return .nothing
        case .said(let heard):
            _ = try await admit(.heard(heard), channel, request.body)
            return .nothing
        }
    }

    /// Whoever is known gets into the inbox. Whoever is not is told so, once in a while, and nothing is kept of what they
    /// said.
    /// - Returns: nil for a stranger who was told already.
    private func admit(
        _ content: InboxRow.Content, _ channel: ChannelSettings, _ body: [UInt8]
    ) async throws -> Admission? {
        guard channel.users[content.user] != nil else {
            let why =
                "This account is not known to the house; an administrator maps it under channels.\(channel.name).users."
            return try await isTold(content, channel, why) ? .stranger(why) : nil
        }
        let (row, isNew) = try await inbox.put(
            content, from: channel.name, digest: Inbox.digest(body), at: clock.now())
        return .row(row, isNew: isNew)
    }

    private enum Admission: Sendable {
        case row(InboxRow, isNew: Bool)
        case stranger(String)
    }

    // MARK: Channels that wait for an answer

    private func answer(
        _ heard: Heard, _ request: ChannelRequest, _ channel: ChannelSettings, within time: Duration
    ) async throws -> ChannelAnswer {
        switch try await admit(.heard(heard), channel, request.body) {
        case nil: return .json([:])
        case .stranger(let why): return .json(try await shown(Told(why), channel))
        case .row(let row, _):
            guard row.digest == Inbox.digest(request.body) else {
                throw GatehouseError(
                    "channels", .conflict, "another message was taken under this id",
                    hint: "give each message an id of its own")
            }
            guard waiters.open(row.id) else { return .json(try await shown(.working, channel)) }
            // It may have been answered before the line was open.
            if let told = try await answered(row.id) { waiters.give(told, to: row.id) } else { alarm.ring() }
            let told = await waiters.answer(for: row.id, within: time) ?? .working
            return .json(try await shown(told, channel))
        }
    }

    /// What was answered to what was taken before; nil while nothing is.
    func answered(_ id: String) async throws -> Told? {
        guard let row = try await inbox.find(id) else { return nil }
        switch row.state {
        case .waiting, .saying: return nil
        case .dead: return Told("That could not be heard: \(row.problem ?? "it was tried too often").")
        case .done:
            if let answer = row.answer { return Told(answer) }
            guard let caller = try await caller(row), let conversation = row.conversation, let heard = row.heard else {
                return Told("This was answered before.")
            }
            return try await reply(in: conversation, after: heard, caller) ?? Told("This was answered before.")
        }
    }
}

extension Told {
    static let working = Told("I am still working on it. Ask me for the status.")
}

extension ChannelAnswer {
    static let nothing = ChannelAnswer(contentType: "text/plain", body: [])

    static func json(_ json: JSON) -> ChannelAnswer {
        ChannelAnswer(contentType: "application/json", body: json.bytes())
    }
}
