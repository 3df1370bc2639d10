/// New bytes in the place of some of a text's; an empty range inserts.
struct TextEdit: Sendable, Hashable {
    var range: Range<Int>
    var bytes: [UInt8]

    init(_ range: Range<Int>, _ bytes: [UInt8]) {
        self.range = range
        self.bytes = bytes
    }

    init(_ range: Range<Int>, _ text: String) { self.init(range, Array(text.utf8)) }

    static func insert(_ text: String, at offset: Int) -> TextEdit { TextEdit(offset..<offset, text) }
}

extension [TextEdit] {
    /// The text with all of them, all else byte for byte. Nil where two overlap or one lies outside.
    func applied(to text: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        var copied = 0
        for edit in sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard edit.range.lowerBound >= copied, edit.range.upperBound <= text.count else { return nil }
            out += text[copied..<edit.range.lowerBound]
            out += edit.bytes
            copied = edit.range.upperBound
        }
        return out + text[copied...]
    }
}
