/// Text that belongs together: what a stream sends in pieces, or one text that stands in it whole.
public struct Channel: Sendable, Hashable {
    /// Who wrote it, as in ``TextPosition``.
    public var writer: Writer
    public var isUntrusted = false
    /// A signature for it comes at its end: it passes unchanged or not at all.
    public var isSigned = false
    /// Whether the pieces are JSON (a tool call's arguments). A transform sees the plain text of one string, one key or
    /// one long number in them, never the JSON: there is one transform for each.
    public var isJSON = false
    /// The member under which the text stands: `content`, `thinking`; within JSON the member of the arguments.
    public var key: String
    /// Which choice, block or output item of the answer it belongs to, and which part of that.
    public var group = 0
    public var part = 0
}

/// What happens to one text. It is given in pieces that end between characters, and gives out what may pass.
public protocol TextTransform {
    /// UTF-8 that follows on what was given out before; may hold back what cannot be judged yet.
    mutating func push(_ text: [UInt8]) throws -> [UInt8]
    /// The text has ended: what was held back.
    mutating func finish() throws -> [UInt8]
}

extension TextTransform {
    mutating func whole(_ text: [UInt8]) throws -> [UInt8] {
        let start = try push(text)
        let rest = try finish()
        return rest.isEmpty ? start : start + rest
    }
}

/// Makes texts out of what a transform gives out, which may end within a character.
struct WholeCharacters {
    private var rest: [UInt8] = []

    mutating func push(_ bytes: [UInt8]) -> [UInt8] {
        if rest.isEmpty, (bytes.last ?? 0) < 0x80 { return bytes }
        var text = rest + bytes
        let cut = Self.incompleteSuffix(text)
        rest = [UInt8](text.suffix(cut))
        text.removeLast(cut)
        return text
    }

    /// A character that was never completed is no text; it goes as it is and is read as U+FFFD.
    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return rest
    }

    private static func incompleteSuffix(_ text: [UInt8]) -> Int {
        for length in 1...3 where length <= text.count {
            let byte = text[text.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > length ? length : 0
        }
        return 0
    }
}
