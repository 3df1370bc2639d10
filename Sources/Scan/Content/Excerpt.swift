import Privacy

/// The part of a line around a secret, with that secret and every other known one in it cut to what may be shown.
struct Excerpt {
    private static let before = 60
    private static let after = 40
    /// Of a line that holds no secret, from the place on.
    private static let line = 160

    let text: String
    let contextTag: UInt64

    init(of secret: Range<Int>, hiding others: [Range<Int>], in bytes: UnsafeRawBufferPointer) {
        let start = Self.lineStart(secret.lowerBound, in: bytes)
        let end = Self.lineEnd(secret.upperBound, in: bytes)
        var hidden = others.filter { $0.overlaps(start..<end) || $0 == secret }.map { Self.widened($0, in: bytes) }
        hidden += Self.repeats(of: secret, in: bytes, within: start..<end)
        self.init(start..<end, hiding: hidden, in: bytes)
    }

    /// The line around a place that is no secret itself, without white space at its start.
    init(at place: Int, hiding secrets: [Range<Int>], in bytes: UnsafeRawBufferPointer) {
        var start = Self.lineStart(place, in: bytes)
        var end = Self.lineEnd(place, in: bytes, Self.line)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        let hidden = secrets.filter { $0.overlaps(start..<end) }.map { Self.widened($0, in: bytes) }
        self.init(start..<end, hiding: hidden, in: bytes)
    }

    private init(_ area: Range<Int>, hiding ranges: [Range<Int>], in bytes: UnsafeRawBufferPointer) {
        let (start, end) = (area.lowerBound, area.upperBound)
        let hidden = ranges.sorted { $0.lowerBound < $1.lowerBound }
        var out = ""
        var context = [UInt8]()
        var position = start
        for range in hidden where range.upperBound > position {
            if range.lowerBound > position {
                out += Printable.text(bytes[position..<range.lowerBound])
                context += bytes[position..<range.lowerBound]
            }
            let from = max(range.lowerBound, position)
            out += SecretMatch.preview(of: bytes[from..<range.upperBound]) + "(\(range.count))"
            context.append(0)
            position = range.upperBound
        }
        if position < end {
            out += Printable.text(bytes[position..<end])
            context += bytes[position..<end]
        }
        text = out
        contextTag = Digest.context(context)
    }

    private static func lineStart(_ position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var start = position
        let limit = max(0, position - before)
        while start > limit, bytes[start - 1] != 0x0A { start -= 1 }
        // Not in the middle of a character.
        while start > 0, start < position, bytes[start] & 0xC0 == 0x80 { start += 1 }
        return start
    }

    private static func lineEnd(
        _ position: Int, in bytes: UnsafeRawBufferPointer, _ reach: Int = after
    ) -> Int {
        var end = position
        let limit = min(bytes.count, position + reach)
        while end < limit, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        while end > position, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// A pattern may end before the secret does: the rest of the word is hidden too.
    private static func widened(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Range<Int> {
        var end = range.upperBound
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        return range.lowerBound..<end
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// Where the same bytes stand again, in a place that no rule looks at.
    private static func repeats(
        of secret: Range<Int>, in bytes: UnsafeRawBufferPointer, within area: Range<Int>
    ) -> [Range<Int>] {
        guard !secret.isEmpty, secret.count <= area.count else { return [] }
        var found: [Range<Int>] = []
        for start in area.lowerBound...(area.upperBound - secret.count) where start != secret.lowerBound {
            if bytes[start..<start + secret.count].elementsEqual(bytes[secret]) {
                found.append(start..<start + secret.count)
            }
        }
        return found
    }
}
