import Core

/// One channel's text on its way through a transform, with what is needed to write its repeats alike.
struct ChannelState<Transform: TextTransform> {
    private enum Way {
        case plain(Transform, WholeCharacters)
        case json(HeldJSONStream<Transform>)
    }

    let channel: Channel
    private var way: Way
    /// Came in and did not go out, as long as nothing has changed.
    private var pending: [UInt8] = []
    /// How much went out as it came in, and all that went out after.
    private var same = 0
    private var tail: [UInt8]?
    private var fingerprint = Fingerprint()

    init(_ channel: Channel, make: @escaping (Channel) throws -> Transform) throws {
        self.channel = channel
        guard channel.isJSON else {
            way = .plain(try make(channel), WholeCharacters())
            return
        }
        way = .json(
            HeldJSONStream { key in
                var own = channel
                own.key = key
                return try make(own)
            })
    }

    var isChanged: Bool { tail != nil }
    /// What a text equal to this channel's becomes.
    var outcome: SeenTexts.Outcome { SeenTexts.Outcome(same: same, tail: tail) }
    var textKey: Fingerprint.Key { fingerprint.key(channel.writer, isJSON: channel.isJSON) }

    mutating func push(_ text: [UInt8]) throws -> [UInt8] {
        fingerprint.add(text)
        if tail == nil { pending += text }
        let out: [UInt8]
        switch way {
        case .plain(var transform, var characters):
            out = characters.push(try transform.push(text))
            way = .plain(transform, characters)
        case .json(var stream):
            out = try stream.push(text)
            way = .json(stream)
        }
        return note(out)
    }

    mutating func finish() throws -> [UInt8] {
        let out: [UInt8]
        switch way {
        case .plain(var transform, var characters):
            out = characters.push(try transform.finish()) + characters.finish()
            way = .plain(transform, characters)
        case .json(var stream):
            out = try stream.finish()
            way = .json(stream)
        }
        let last = note(out)
        // What the transform never gave out is a change too.
        if !pending.isEmpty, tail == nil { tail = [] }
        pending = []
        return last
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
