import Core
import Dialects
import JSON
import Privacy

/// Hands a provider's answer to the client: converted to its dialect, inspected, with the session's values put back.
struct AnswerRelay: Sendable {
    /// Of an answer that comes in one piece, in bytes.
    static let greatestAnswer = 64 << 20

    let call: ModelCall
    let candidate: Candidate
    let meter: CallMeter
    let vault: TokenVault
    let privacy: ModelPrivacy
    /// Nil where no other attempt at the call is under way.
    let entry: HedgeRace.Entry?
    /// Where the provider's answer is kept; nil where it is not.
    let slot: AnswerCache.Slot?
    /// Unix time in seconds.
    let created: Int

    private var surface: Surface { call.request.surface }
    var classifiers: Classifiers { privacy.setup.answerClassifiers }
    var answerStream: AnswerStream { AnswerStream(surface: surface, hidesUsage: !call.request.asksUsage) }

    /// - Throws: ``UpstreamFailure``, ``ClientGone``, and `GatehouseError` for what cannot be read, inspected or passed.
    func relay(_ answer: UpstreamAnswer) async throws {
        meter.headCame(answer.status)
        switch answer.status {
        case 200...299:
            guard isEventStream(answer.head) else { return try await whole(answer) }
            try await classifiers.isEmpty ? stream(answer) : heldStream(answer)
        case 400, 404, 409, 413, 422: try await refusal(answer)
        case 401, 402, 403:
            throw GatehouseError(
                "models", .unavailable, "\(candidate.provider.id) does not take the key that is configured for it",
                hint: "have its key looked at under models.providers")
        default: throw UpstreamFailure.status(answer.status, retryAfter: answer.retryAfter).error(from: candidate.model)
        }
    }

    private func isEventStream(_ head: AnswerHead) -> Bool { type(of: head).hasPrefix("text/event-stream") }

    private func type(of head: AnswerHead) -> String {
        head.headers.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
    }

    // MARK: Streams

    private func stream(_ answer: UpstreamAnswer) async throws {
        var conversion = candidate.direction.map { StreamConversion($0, created: created) }
        var rewriter = StreamRewriter(answerStream, signedText: .strip) { [privacy, vault, meter] channel in
            privacy.guardian(vault, isSigned: channel.isSigned, meter)
        }
        for try await piece in answer.body {
            let events = try conversion?.push(piece) ?? piece
            let out = try rewriter.push(events)
            note(rewriter.stream)
            try await send(out, answer.head)
        }
        let last: [UInt8] = try conversion?.finish() ?? []
        var rest = try rewriter.push(last)
        rest += try rewriter.finish()
        note(rewriter.stream)
        if rewriter.stream.isWhole || meter.hasBegun { try await send(rest, answer.head) }
        try requireWhole(rewriter.stream)
    }

    func requireWhole(_ stream: AnswerStream) throws {
        guard stream.isWhole else { throw UpstreamFailure.reset("the stream ended before its answer did") }
    }

    func note(_ stream: AnswerStream) {
        meter.told(stream.usage, stopReason: stream.stopReason, isComplete: stream.isFinished)
    }

    // MARK: Answers in one piece

    private func whole(_ answer: UpstreamAnswer) async throws {
        let body = try await answer.body.collected(upTo: Self.greatestAnswer)
        try await give(body, answer.head)
        slot?.keep(AnswerCache.Kept(model: candidate.model, head: answer.head, body: body))
    }

    /// An answer that is there as a whole, as the provider gave it.
    func give(_ body: [UInt8], _ head: AnswerHead) async throws {
        if surface == .openAITranscriptions, !type(of: head).contains("json") {
            meter.told(nil, stopReason: nil, isComplete: true)
            return try await send(try await passed(body), head)
        }
        let converted = try candidate.direction.map { (direction) throws in
            try DialectConversion(direction).answer(body, created: created)
        }
        try await send(try await inspected(converted ?? body), head)
    }

    private func inspected(_ body: [UInt8]) async throws -> [UInt8] {
        let answer = try ModelAnswer(body, surface: surface)
        meter.told(answer.usage, stopReason: answer.stopReason, isComplete: true)
        let classified = classifiers.isEmpty ? .none : try await classifiers.ask(about: answer.positions.map(\.text))
        meter.copy?.note(classified)
        var texts: [(TextPosition, [UInt8])] = []
        for position in answer.positions {
            let text = position.text
            let new = try passed(text, isSigned: position.isSigned, classified)
            if new != text { texts.append((position, new)) }
        }
        return try answer.rewritten(texts: texts)
    }

    private func passed(_ text: [UInt8]) async throws -> [UInt8] {
        let classified = try await classifiers.ask(about: [text])
        meter.copy?.note(classified)
        return try passed(text, isSigned: false, classified)
    }

    private func passed(_ text: [UInt8], isSigned: Bool, _ classified: ClassifiedTexts) throws -> [UInt8] {
        var guarded = privacy.guardian(vault, isSigned: isSigned, meter)
        if !classified.isNone {
            meter.tally.came(text.count)
            return try guarded.whole(text, try classified.findings(in: text))
        }
        let start = try guarded.push(text)
        return try start + guarded.finish()
    }

    /// The provider finds fault with the request. In its own words where the client speaks its dialect.
    private func refusal(_ answer: UpstreamAnswer) async throws {
        let body = try await answer.body.collected(upTo: 1 << 20)
        if candidate.direction == nil, let inspected = try? await inspected(body) {
            return try await send(inspected, answer.head)
        }
        let words = (try? JSON.parse(body))?["error"]?["message"]?.string ?? "it refuses the request"
        let code: GatehouseError.Code = answer.status == 404 ? .notFound : answer.status == 413 ? .tooLarge : .invalid
        throw GatehouseError(
            "models", code,
            "\(candidate.provider.id): \(String(decoding: try await passed([UInt8](words.utf8)), as: UTF8.self))")
    }

    // MARK: To the client

    func send(_ bytes: [UInt8], _ head: AnswerHead) async throws {
        guard !bytes.isEmpty else { return }
        try entry?.claim()
        do {
            if !meter.hasBegun { try await call.sink.begin(status: head.status, headers: head.headers) }
            meter.sent(bytes, status: head.status)
            try await call.sink.write(bytes)
        } catch { throw ClientGone() }
    }
}

extension AnswerStream {
    /// Whether all of the answer has come.
    fileprivate var isWhole: Bool { isFinished || stopReason != nil || failure != nil }
}
