import Core

/// One channel's text on its way through a transform, with what is needed to write its repeats alike.
struct ChannelState<Transform: TextTransform> {
    let channel: Channel
    /// One of the two, by ``Channel/isJSON``; not cases of one type, so that each changes in place.
    private var plain: Transform?
    private var characters = WholeCharacters()
    private var json: HeldJSONStream<Transform>?
    /// Came in and did not go out, as long as nothing has changed.
    private var pending: [UInt8] = []
    /// How much went out as it came in, and all that went out after.
    private var same = 0
    private var tail: [UInt8]?
    private var fingerprint = Fingerprint()

    init(_ channel: Channel, make: @escaping (Channel) throws -> Transform) throws {
        self.channel = channel
        guard channel.isJSON else {
            plain = try make(channel)
            return
        }
        json = HeldJSONStream { key in
            var own = channel
            own.key = key
            return try make(own)
        }
    }

    var isChanged: Bool { tail != nil }
    /// What a text equal to this channel's becomes.
    var outcome: SeenTexts.Outcome { SeenTexts.Outcome(same: same, tail: tail) }
    var textKey: Fingerprint.Key { fingerprint.key(channel.writer, isJSON: channel.isJSON) }

    mutating func push(_ text: [UInt8]) throws -> [UInt8] {
        fingerprint.add(text)
        if tail == nil { pending += text }
        if let given = try plain?.push(text) { return note(characters.push(given)) }
        return note(try json?.push(text) ?? [])
    }

    mutating func finish() throws -> [UInt8] {
        let last = note(try lastOut())
        // What the transform never gave out is a change too.
        if !pending.isEmpty, tail == nil { tail = [] }
        pending = []
        return last
    }

    private mutating func lastOut() throws -> [UInt8] {
        guard let given = try plain?.finish() else { return try json?.finish() ?? [] }
        return characters.push(given) + characters.finish()
    }

    private mutating func note(_ out: [UInt8]) -> [UInt8] {
        if tail != nil {
            tail? += out
        } else if pending.starts(with: out) {
            pending.removeFirst(out.count)
            same += out.count
        } else {
            tail = out
            pending = []
        }
        return out
    }
}
