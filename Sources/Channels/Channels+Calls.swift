import Core
import Hub
import Integrations
import Logging
import Store

/// Calls: Twilio asks what to do next at each of their steps, and waits fifteen seconds for it.
extension Channels {
    /// Spoken in one go, in code points: more than ``SpokenText`` has, with what is said beside it.
    private static let longestWords = 1000

    private enum Standing: Sendable {
        case answered(String)
        case working(row: String)
    }

    func takeCall(_ request: ChannelRequest, _ channel: ChannelSettings) async throws -> ChannelAnswer {
        guard let phone = channel.phone else { throw GatehouseError.unsigned }
        let asked = try CallRequest.read(request, phone, token: channel.secret)
        let standing =
            if let place = asked.place { try await step(place, asked, channel, phone) } else {
                try await ring(asked, channel, phone)
            }
        switch standing {
        case .answered(let text): return .twiml(text)
        case .working(let row): return .twiml(try await answer(to: row, asked, channel, CallScript(phone: phone)))
        }
    }

    // MARK: It rings

    /// Who calls is not known by their number alone, which anybody can make up; who is not known by it is not asked for a pin.
    private func ring(
        _ asked: CallRequest, _ channel: ChannelSettings, _ phone: PhoneSettings
    ) async throws -> Standing {
        let script = CallScript(phone: phone)
        guard try await mayCall(asked.number, channel, phone) else {
            let nobody = Heard(id: asked.call, user: asked.number, text: "", room: "", thread: nil)
            _ = try await isTold(.heard(nobody), channel, CallWords.refused)
            return .answered(script.refusal)
        }
        let now = clock.now()
        return try await store.write { tx in
            if let known = try CallTable.find(asked.call, of: channel.name, tx) {
                guard known.step == 1, known.mark == asked.mark, let answer = known.answer else {
                    throw GatehouseError.stepIsOver
                }
                return .answered(answer)
            }
            if try WrongPins.isClosed(asked.number, of: channel.name, at: now, tx) { return .answered(script.refusal) }
            var call = PhoneCall(
                asked.call, from: asked.number, nonce: ChatCode.make(), marked: asked.mark, at: now)
            let text = script.text(.asksForPin(CallWords.pin), of: call) ?? script.refusal
            call.answer = text
            try CallTable.put(call, of: channel.name, at: now, tx)
            return .answered(text)
        }
    }

    private func mayCall(_ number: String, _ channel: ChannelSettings, _ phone: PhoneSettings) async throws -> Bool {
        guard let principal = channel.users[number], phone.pins[number] != nil else { return false }
        return try await callers(principal, channel.name) != nil
    }

    // MARK: Its steps

    /// Each is taken once: what comes again is answered alike.
    private func step(
        _ place: CallPlace, _ asked: CallRequest, _ channel: ChannelSettings, _ phone: PhoneSettings
    ) async throws -> Standing {
        let isRight = asked.keys.map { phone.pins[asked.number] == $0 } ?? false
        let (script, now) = (CallScript(phone: phone), clock.now())
        let (standing, event) = try await store.write { tx -> (Standing, PhoneCall.Event?) in
            guard var call = try CallTable.find(asked.call, of: channel.name, tx), call.nonce == place.nonce,
                call.number == asked.number, now - call.begun < PhoneCall.Limits.lifetime
            else { throw GatehouseError.stepIsOver }
            if place.step == call.step - 1, asked.mark == call.mark { return (try Self.standing(of: call), nil) }
            guard place.step == call.step, call.answer != nil, call.stage != .over else {
                throw GatehouseError.stepIsOver
            }
            let event = try Self.event(asked, place, call, isRight: isRight, channel, at: now, tx)
            let turn = call.take(event, marked: asked.mark)
            call.answer = script.text(turn, of: call)
            try CallTable.put(call, of: channel.name, at: now, tx)
            return (try Self.standing(of: call), event)
        }
        if event == .wrongPin || event == .closed {
            logger.warning(
                "a wrong pin was entered in a call, or its number is closed",
                metadata: ["channel": "\(channel.name)", "account": "\(asked.number)"])
        }
        // Somebody who hung up has said something nevertheless.
        if asked.recording != nil { alarm.ring() }
        return standing
    }

    private static func standing(of call: PhoneCall) throws -> Standing {
        if let answer = call.answer { return .answered(answer) }
        guard let row = call.row else { throw GatehouseError.stepIsOver }
        return .working(row: row)
    }

    private static func event(
        _ asked: CallRequest, _ place: CallPlace, _ call: PhoneCall, isRight: Bool, _ channel: ChannelSettings,
        at now: Timestamp, _ tx: Transaction
    ) throws -> PhoneCall.Event {
        switch call.stage {
        case .pin:
            if try WrongPins.isClosed(call.number, of: channel.name, at: now, tx) { return .closed }
            if asked.hasHungUp { return .hungUp }
            if isRight { return .rightPin }
            try WrongPins.note(call.number, of: channel.name, at: now, tx)
            return try WrongPins.isClosed(call.number, of: channel.name, at: now, tx) ? .closed : .wrongPin
        case .listening:
            guard let recording = asked.recording else { return asked.hasHungUp ? .hungUp : .silence }
            let heard = Heard(
                id: "\(call.id) \(place.step)", user: call.number, text: "", room: "", thread: nil,
                recording: recording)
            let (row, _) = try Inbox.put(.heard(heard), from: channel.name, digest: asked.mark, at: now, tx)
            return asked.hasHungUp ? .hungUp : .spoke(row: row.id)
        case .working, .over: return asked.hasHungUp ? .hungUp : .waited
        }
    }

    // MARK: What is said to what was spoken

    private func answer(
        to row: String, _ asked: CallRequest, _ channel: ChannelSettings, _ script: CallScript
    ) async throws -> String {
        guard waiters.open(row) else {
            throw GatehouseError("channels", .conflict, "this step of the call is being answered")
        }
        // It may have been answered before the line was open. Where that cannot be read, the next step sees it.
        if let told = (try? await answered(row)) ?? nil { waiters.give(told, to: row) } else { alarm.ring() }
        let told = await waiters.answer(for: row, within: pace.call)
        let words = told.map { PlainText.cut(PlainText.line($0.text), to: Self.longestWords) }
        let now = clock.now()
        return try await store.write { tx in
            guard var call = try CallTable.find(asked.call, of: channel.name, tx), call.mark == asked.mark else {
                throw GatehouseError.stepIsOver
            }
            if let answer = call.answer { return answer }
            let turn = call.hear(words)
            let text = script.text(turn, of: call) ?? script.refusal
            call.answer = text
            try CallTable.put(call, of: channel.name, at: now, tx)
            return text
        }
    }
}

extension GatehouseError {
    static let stepIsOver = GatehouseError(
        "channels", .conflict, "this step of the call is over, or there never was one")
}

extension ChannelAnswer {
    static func twiml(_ text: String) -> ChannelAnswer {
        ChannelAnswer(contentType: "text/xml; charset=utf-8", body: Array(text.utf8))
    }
}
