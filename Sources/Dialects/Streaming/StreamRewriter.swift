import Core
import JSON

/// A streamed answer on its way to the client: bytes in, bytes that may be sent on out.
///
/// Each channel's text runs through its own transform. Events are passed byte for byte unless a text in them changes;
/// an event whose text is held back whole and that carries nothing else is left out, and what was held back comes as an
/// event of the same shape before the channel's end. A text that is told again later becomes what its pieces became.
/// After an error nothing more passes: the stream ends with ``DialectError/streamEvent``.
public struct StreamRewriter<Transform: TextTransform> {
    /// What happens to a signed text (a thinking block) that a transform would change.
    public enum SignedText: Sendable {
        /// The stream ends with an error.
        case refuse
        /// The changed text passes without its signature; the provider will not take the block back in a later turn.
        case strip
    }

    public private(set) var stream: AnswerStream
    private let signedText: SignedText
    private let make: (Channel) throws -> Transform
    private var parser: EventParser
    private var open: [OpenChannel] = []
    private var ended: Set<Channel> = []
    private var seen = SeenTexts()
    private var stripped: Set<Int> = []
    private var failure: GatehouseError?
    private static var mostChannels: Int { 1024 }

    private struct OpenChannel {
        var state: ChannelState<Transform>
        /// The event in which the channel was last met, and where: what an event of the same shape is made from.
        var template: (event: StreamEvent, document: JSONDocument, delta: EventReading.Delta)
    }

    public init(
        _ stream: AnswerStream, signedText: SignedText = .refuse, limits: EventParser.Limits = .init(),
        transform make: @escaping (Channel) throws -> Transform
    ) {
        self.stream = stream
        self.signedText = signedText
        self.make = make
        parser = EventParser(limits: limits)
    }

    /// What may be sent on. Throws what a transform throws, and `unavailable`, `too_large`, `unsupported` or `denied`
    /// for a stream that cannot be read, inspected or passed.
    public mutating func push(_ bytes: some Collection<UInt8>) throws -> [UInt8] {
        try guarded { rewriter throws in
            let events = try rewriter.parser.push(bytes)
            var out: [UInt8] = []
            for event in events { try rewriter.rewrite(event, &out) }
            return out
        }
    }

    /// The provider's stream has ended, whether complete or not.
    public mutating func finish() throws -> [UInt8] {
        try guarded { rewriter throws in
            let events = try rewriter.parser.finish()
            var out: [UInt8] = []
            for event in events { try rewriter.rewrite(event, &out) }
            var rest: [UInt8] = []
            try rewriter.flush(&rest) { _ in true }
            // An event that was cut off has no blank line, which what follows must not be taken into.
            if !rest.isEmpty, events.last?.isComplete == false { out += [LineEnd.feed, LineEnd.feed] }
            return out + rest
        }
    }

    private mutating func guarded(_ work: (inout Self) throws -> [UInt8]) throws -> [UInt8] {
        if let failure { throw failure }
        do {
            return try work(&self)
        } catch {
            failure =
                error as? GatehouseError ?? GatehouseError("models", .internal, "an inspector failed", from: error)
            throw error
        }
    }

    private mutating func rewrite(_ event: StreamEvent, _ out: inout [UInt8]) throws {
        let reading = try stream.read(event)
        guard !reading.isHidden else { return }
        let mayKeepAsides = try areHarmless(event)
        guard let document = reading.document else {
            try flush(&out) { reading.ends($0) }
            out += mayKeepAsides ? event.raw : event.withoutAsides(data: event.hasData ? event.data : nil)
            return
        }
        var replacements: [(range: Range<Int>, bytes: [UInt8])] = []
        var (textIn, textOut) = (0, 0)
        for delta in reading.deltas {
            let text = delta.view.withUTF8 { [UInt8]($0) } ?? []
            let new = try pass(text, delta, event, document, reading)
            if new != text { replacements.append((delta.view.raw, TextRewriting.quoted(new))) }
            textIn += text.count
            textOut += new.count
        }
        try flush(&out) { reading.ends($0) }
        if let block = reading.signatureOf, stripped.contains(block) { return }
        for whole in reading.wholes {
            let text = whole.text
            let new = try pass(whole: whole, text)
            if new != text { replacements += try TextRewriting.replacements([(whole, new)]) }
        }
        if reading.isOnlyText, textIn > 0, textOut == 0 { return }
        if replacements.isEmpty, mayKeepAsides {
            out += event.raw
        } else {
            if !replacements.isEmpty { replacements += Logprobs.emptied(in: document.root) }
            let data = document.replacing(replacements)
            out += mayKeepAsides ? event.replacing(data: data) : event.withoutAsides(data: data)
        }
    }
}

extension StreamRewriter {
    /// What a piece becomes; where its channel ends with this event, all that was held back with it.
    private mutating func pass(
        _ text: [UInt8], _ delta: EventReading.Delta, _ event: StreamEvent, _ document: JSONDocument,
        _ reading: EventReading
    ) throws -> [UInt8] {
        let known = open.firstIndex { $0.state.channel == delta.channel }
        // An empty piece begins nothing, and some providers send one after the end.
        if text.isEmpty, known == nil { return [] }
        let place = try known ?? begin(delta, event, document)
        open[place].template = (event, document, delta)
        let new = try open[place].state.push(text)
        try checkSignature(open[place].state)
        guard reading.ends(delta.channel) else { return new }
        return new + (try end(place))
    }

    private mutating func begin(
        _ delta: EventReading.Delta, _ event: StreamEvent, _ document: JSONDocument
    ) throws -> Int {
        guard !ended.contains(delta.channel) else {
            throw AnswerStream.unreadable("goes on with a text that had ended")
        }
        guard open.count + ended.count < Self.mostChannels else {
            throw GatehouseError(
                "models", .tooLarge, "the provider's stream has more than \(Self.mostChannels) texts at once")
        }
        open.append(
            OpenChannel(state: try ChannelState(delta.channel, make: make), template: (event, document, delta)))
        return open.count - 1
    }

    private mutating func end(_ place: Int) throws -> [UInt8] {
        var state = open.remove(at: place).state
        let last = try state.finish()
        try checkSignature(state)
        ended.insert(state.channel)
        seen.remember(state.textKey, state.outcome)
        return last
    }

    private mutating func checkSignature(_ state: ChannelState<Transform>) throws {
        guard state.channel.isSigned, state.isChanged else { return }
        guard signedText == .strip else {
            throw GatehouseError(
                "models", .denied, "the model's thinking is signed and may not be sent as it is",
                hint: "turn thinking off, or let signatures be left out")
        }
        stripped.insert(state.channel.group)
    }

    /// Ends channels; what they held back goes out as events of their own.
    private mutating func flush(_ out: inout [UInt8], where isEnding: (Channel) -> Bool) throws {
        while let place = open.firstIndex(where: { isEnding($0.state.channel) }) {
            let (channel, template) = (open[place].state.channel, open[place].template)
            let text = try end(place)
            if !text.isEmpty {
                out += SameShape.event(
                    text, surface: stream.surface, channel: channel, template.event, template.document, template.delta)
            }
        }
    }

    private mutating func pass(whole position: TextPosition, _ text: [UInt8]) throws -> [UInt8] {
        let key = Fingerprint.key(of: text, writer: position.writer, isJSON: position.holdsJSON)
        if let outcome = seen.outcome(of: key) { return outcome.applied(to: text) }
        var channel = Channel(writer: position.writer, key: position.key)
        channel.isUntrusted = position.isUntrusted
        channel.isSigned = position.isSigned
        channel.isJSON = position.holdsJSON
        var state = try ChannelState(channel, make: make)
        let start = try state.push(text)
        let new = start + (try state.finish())
        seen.remember(key, state.outcome)
        return new
    }

    /// Comments and unknown fields are texts as well; where one would change, they are left out.
    private func areHarmless(_ event: StreamEvent) throws -> Bool {
        if let name = event.nameRange {
            let isName = event.raw.withUnsafeBufferPointer {
                TokenShape.matches(UnsafeBufferPointer(rebasing: $0[name]))
            }
            guard isName else { throw AnswerStream.unreadable("has a name that is none") }
        }
        for aside in event.asides where aside.count > 1 {
            var transform = try make(Channel(writer: .unknown, key: ""))
            let text = [UInt8](event.raw[aside])
            if try transform.whole(text) != text { return false }
        }
        return true
    }
}
