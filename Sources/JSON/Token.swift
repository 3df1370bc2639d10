/// One value or key on the tape of a validated text. A container is followed by what it holds, up to `next`;
/// an object holds key, value, key, value.
struct Token {
    /// Bytes of the token, quotes and brackets included.
    var start: UInt32
    var end: UInt32
    /// Place on the tape after this value and all that it holds.
    var next: UInt32
    private var info: UInt32

    init(_ kind: JSON.Kind, start: Int, end: Int, next: Int, isEscaped: Bool = false, isKey: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
        info = UInt32(kind.rawValue) | (isEscaped ? 8 : 0) | (isKey ? 16 : 0)
    }

    var kind: JSON.Kind { JSON.Kind(rawValue: UInt8(info & 7)) ?? .null }
    /// Whether a text has a backslash in it.
    var isEscaped: Bool { info & 8 != 0 }
    var isKey: Bool { info & 16 != 0 }

    var range: Range<Int> { Int(start)..<Int(end) }
    /// The inside of a text, without its quotes.
    var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}
