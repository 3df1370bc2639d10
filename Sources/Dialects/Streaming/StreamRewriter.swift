import Core
import JSON
public import Web

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
    /// Of ``open``, place by place: what is searched at every event.
    private var channels: [Channel] = []
    private var ended: Set<Channel> = []
    private var seen = SeenTexts()
    private var stripped: Set<Int> = []
    private var failure: GatehouseError?
    /// Of the last event that was read whole and had one.
    private var shape: EventShape?
    /// Without shapes every event is read whole, to the same outcome.
    var takesShapes = true
    private static var mostChannels: Int { 1024 }

    private struct OpenChannel {
        var state: ChannelState<Transform>
        /// In which the channel was last met: what an event of the same shape is made from.
        var last: StreamEvent
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
        if let shape, try rewrite(event, as: shape, &out) { return }
        let reading = try stream.read(event)
        guard !reading.isHidden else { return }
        let mayKeepAsides = try areHarmless(event)
        guard let document = reading.document else {
            try flush(&out) { reading.ends($0) }
            out += mayKeepAsides ? event.raw : event.withoutAsides(data: event.hasData ? event.data : nil)
            return
        }
        if takesShapes, let own = EventShape(event, reading) { shape = own }
        var replacements: [(range: Range<Int>, bytes: [UInt8])] = []
        var (textIn, textOut) = (0, 0)
        for delta in reading.deltas {
            let text = delta.view.withUTF8 { [UInt8]($0) } ?? []
            let new = try pass(text, delta, event, reading)
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
    /// Passes an event of which nothing but its piece of text is new; false, and nothing done, for any other.
    private mutating func rewrite(
        _ event: StreamEvent, as shape: EventShape, _ out: inout [UInt8]
    ) throws -> Bool {
        guard let place = shape.place(in: event.raw), let text = EventShape.text(event.raw[place]),
            let known = channels.firstIndex(of: shape.channel)
        else { return false }
        open[known].last = event
        let new = try open[known].state.push(text)
        try checkSignature(open[known].state)
        if shape.isOnlyText, new.isEmpty, !text.isEmpty { return true }
        if new == text {
            out += event.raw
        } else {
            out += event.raw[..<place.lowerBound]
            out += TextRewriting.quoted(new)
            out += event.raw[place.upperBound...]
        }
        return true
    }

    /// What a piece becomes; where its channel ends with this event, all that was held back with it.
    private mutating func pass(
        _ text: [UInt8], _ delta: EventReading.Delta, _ event: StreamEvent, _ reading: EventReading
    ) throws -> [UInt8] {
        let known = channels.firstIndex(of: delta.channel)
        // An empty piece begins nothing, and some providers send one after the end.
        if text.isEmpty, known == nil { return [] }
        let place = try known ?? begin(delta, event)
        open[place].last = event
        let new = try open[place].state.push(text)
        try checkSignature(open[place].state)
        guard reading.ends(delta.channel) else { return new }
        return new + (try end(place))
    }

    private mutating func begin(_ delta: EventReading.Delta, _ event: StreamEvent) throws -> Int {
        guard !ended.contains(delta.channel) else {
            throw AnswerStream.unreadable("goes on with a text that had ended")
        }
        guard open.count + ended.count < Self.mostChannels else {
            throw GatehouseError(
                "models", .tooLarge, "the provider's stream has more than \(Self.mostChannels) texts at once")
        }
        open.append(OpenChannel(state: try ChannelState(delta.channel, make: make), last: event))
        channels.append(delta.channel)
        return open.count - 1
    }

    private mutating func end(_ place: Int) throws -> [UInt8] {
        var state = open.remove(at: place).state
        channels.remove(at: place)
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
        while let place = channels.firstIndex(where: isEnding) {
            let (channel, last) = (channels[place], open[place].last)
            let text = try end(place)
            if !text.isEmpty { out += try SameShape.event(text, channel, last, of: stream) }
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
