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

/// A module's text and the name under which messages speak of it.
struct SourceText: Sendable {
    let name: String
    let bytes: [UInt8]

    /// The line of a row, without its end; of a long one only the start.
    func line(_ row: Int32) -> String {
        var current: Int32 = 1
        var start = 0
        while current < row, start < bytes.count {
            if bytes[start] == UInt8(ascii: "\n") { current += 1 }
            start += 1
        }
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), end - start < 240 { end += 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
