import Core
import Dialects
import JSON
import Privacy

/// Hands a provider's answer to the client: converted to its dialect, inspected, with the session's values put back.
struct AnswerRelay: Sendable {
    /// Of an answer that comes in one piece, in bytes.
    private static let greatestAnswer = 64 << 20

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

    /// - Throws: ``UpstreamFailure``, ``ClientGone``, and `GatehouseError` for what cannot be read, inspected or passed.
    func relay(_ answer: UpstreamAnswer) async throws {
        meter.headCame(answer.status)
        switch answer.status {
        case 200...299: try await isEventStream(answer.head) ? stream(answer) : whole(answer)
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
        var rewriter = StreamRewriter(
            AnswerStream(surface: surface, hidesUsage: !call.request.asksUsage), signedText: .strip
        ) { [privacy, vault, meter] channel in privacy.guardian(vault, isSigned: channel.isSigned, meter) }
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
        let isWhole = rewriter.stream.isFinished || rewriter.stream.stopReason != nil || rewriter.stream.failure != nil
        if isWhole || meter.hasBegun { try await send(rest, answer.head) }
        guard isWhole else { throw UpstreamFailure.reset("the stream ended before its answer did") }
    }

    private func note(_ stream: AnswerStream) {
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
            return try await send(try passed(body), head)
        }
        let converted = try candidate.direction.map { (direction) throws in
            try DialectConversion(direction).answer(body, created: created)
        }
        try await send(try inspected(converted ?? body), head)
    }

    private func inspected(_ body: [UInt8]) throws -> [UInt8] {
        let answer = try ModelAnswer(body, surface: surface)
        meter.told(answer.usage, stopReason: answer.stopReason, isComplete: true)
        var texts: [(TextPosition, [UInt8])] = []
        for position in answer.positions {
            let text = position.text
            let new = try passed(text, isSigned: position.isSigned)
            if new != text { texts.append((position, new)) }
        }
        return try answer.rewritten(texts: texts)
    }

    private func passed(_ text: [UInt8], isSigned: Bool = false) throws -> [UInt8] {
        var guarded = privacy.guardian(vault, isSigned: isSigned, meter)
        let start = try guarded.push(text)
        return try start + guarded.finish()
    }

    /// The provider finds fault with the request. In its own words where the client speaks its dialect.
    private func refusal(_ answer: UpstreamAnswer) async throws {
        let body = try await answer.body.collected(upTo: 1 << 20)
        if candidate.direction == nil, let inspected = try? inspected(body) {
            return try await send(inspected, answer.head)
        }
        let words = (try? JSON.parse(body))?["error"]?["message"]?.string ?? "it refuses the request"
        let code: GatehouseError.Code = answer.status == 404 ? .notFound : answer.status == 413 ? .tooLarge : .invalid
        throw GatehouseError(
            "models", code,
            "\(candidate.provider.id): \(String(decoding: try passed([UInt8](words.utf8)), as: UTF8.self))")
    }

    // MARK: To the client

    private func send(_ bytes: [UInt8], _ head: AnswerHead) async throws {
        guard !bytes.isEmpty else { return }
        try entry?.claim()
        do {
            if !meter.hasBegun { try await call.sink.begin(status: head.status, headers: head.headers) }
            meter.sent(bytes, status: head.status)
            try await call.sink.write(bytes)
        } catch { throw ClientGone() }
    }
}
