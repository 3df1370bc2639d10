import Core
import Dialects
import Privacy
import Synchronization

extension AnswerRelay {
    /// A stream in whose texts classifiers look as well. They need whole texts: it is read to its end and asked about, and
    /// only then does the client get the first of it.
    func heldStream(_ answer: UpstreamAnswer) async throws {
        let (texts, tally) = (GatheredTexts(), meter.tally)
        var conversion = candidate.direction.map { StreamConversion($0, created: created) }
        var reader = StreamRewriter(answerStream) { _ in GatheredText(texts, tally) }
        var held: [UInt8] = []
        for try await piece in answer.body {
            let events = try conversion?.push(piece) ?? piece
            held += events
            guard held.count <= Self.greatestAnswer else { throw UpstreamFailure.tooLarge }
            _ = try reader.push(events)
            note(reader.stream)
        }
        let last: [UInt8] = try conversion?.finish() ?? []
        held += last
        _ = try reader.push(last)
        _ = try reader.finish()
        note(reader.stream)
        try requireWhole(reader.stream)
        let classified = try await classifiers.ask(about: texts.all)
        meter.copy?.note(classified)
        var rewriter = StreamRewriter(answerStream, signedText: .strip) { [privacy, vault, meter] channel in
            HeldText(privacy.guardian(vault, isSigned: channel.isSigned, meter), classified)
        }
        var out = try rewriter.push(held)
        out += try rewriter.finish()
        try await send(out, answer.head)
    }
}

/// All texts of a stream, whole.
private final class GatheredTexts: Sendable {
    private let state = Mutex<[[UInt8]]>([])

    var all: [[UInt8]] { state.withLock { $0 } }

    func add(_ text: [UInt8]) { state.withLock { $0.append(text) } }
}

/// Takes a text down, and lets it pass as it is.
private struct GatheredText: TextTransform {
    private var text: [UInt8] = []
    private let texts: GatheredTexts
    private let tally: AnswerTally

    init(_ texts: GatheredTexts, _ tally: AnswerTally) {
        self.texts = texts
        self.tally = tally
    }

    mutating func push(_ piece: [UInt8]) -> [UInt8] {
        text += piece
        tally.came(piece.count)
        return piece
    }

    mutating func finish() -> [UInt8] {
        texts.add(text)
        return []
    }
}

/// A text that comes in pieces and is given out at its end, guarded as a whole.
private struct HeldText: TextTransform {
    private var text: [UInt8] = []
    private var guarded: GuardedText
    private let classified: ClassifiedTexts

    init(_ guarded: GuardedText, _ classified: ClassifiedTexts) {
        self.guarded = guarded
        self.classified = classified
    }

    mutating func push(_ piece: [UInt8]) -> [UInt8] {
        text += piece
        return []
    }

    mutating func finish() throws -> [UInt8] { try guarded.whole(text, try classified.findings(in: text)) }
}
