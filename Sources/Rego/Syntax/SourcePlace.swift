/// Where something stands in a module's text.
public struct SourcePlace: Sendable, Hashable {
    /// From 1.
    public var row: Int32
    /// In bytes, from 1.
    public var column: Int32
    /// In bytes from the start of the text.
    public var offset: Int32

    public init(row: Int32, column: Int32, offset: Int32) {
        self.row = row
        self.column = column
        self.offset = offset
    }

    /// For what the compiler adds.
    public static let start = SourcePlace(row: 1, column: 1, offset: 0)
}

/// A piece of a module's text.
struct SourceSpan: Sendable, Hashable {
    var start: SourcePlace
    /// The offset after it.
    var end: Int32
}

/// A module's text and the name under which messages speak of it.
struct SourceText: Sendable {
    let name: String
    let bytes: [UInt8]

    /// The text of a span on one line: blanks and comments between its parts are one blank. Long text is cut.
    func text(_ span: SourceSpan, limit: Int = 240) -> String {
        var text: [UInt8] = []
        var at = Int(span.start.offset)
        var quote: UInt8?
        while at < min(Int(span.end), bytes.count) {
            let byte = bytes[at]
            at += 1
            guard text.count < limit else { return String(decoding: text, as: UTF8.self) + "…" }
            if let open = quote {
                text.append(byte)
                if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\""), at < bytes.count {
                    text.append(bytes[at])
                    at += 1
                } else if byte == open {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "#") {
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
            } else if byte <= 0x20 {
                if text.last != 0x20 { text.append(0x20) }
            } else {
                text.append(byte)
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") { quote = byte }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The line of a place, without its end; of a long one only the start.
    func line(of place: SourcePlace) -> String {
        let start = min(max(0, Int(place.offset) - Int(place.column) + 1), bytes.count)
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), end - start < 240 { end += 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
