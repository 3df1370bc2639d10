/// JSON as editors keep their settings: with comments and commas before a closing bracket.
enum RelaxedJSON {
    /// The same text as plain JSON, byte for byte at its old place: what is left out becomes blanks.
    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var out = bytes
        var reader = Reader(bytes: bytes)
        var comma: Int?
        while let token = reader.next() {
            switch token {
            case .comment(let range):
                for at in range where out[at] != UInt8(ascii: "\n") { out[at] = UInt8(ascii: " ") }
            case .comma(let at): comma = at
            case .close:
                if let comma { out[comma] = UInt8(ascii: " ") }
                comma = nil
            case .other: comma = nil
            }
        }
        return out
    }

    private enum Token {
        case comment(Range<Int>), comma(Int), close, other
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        /// The next thing that is no blank.
        mutating func next() -> Token? {
            while at < bytes.count, " \t\r\n".utf8.contains(bytes[at]) { at += 1 }
            guard at < bytes.count else { return nil }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                skipString()
                return .other
            case UInt8(ascii: "/") where isAt("//"): return .comment(skip(past: "\n"))
            case UInt8(ascii: "/") where isAt("/*"): return .comment(skip(past: "*/"))
            case UInt8(ascii: ","):
                at += 1
                return .comma(at - 1)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                at += 1
                return .close
            default:
                at += 1
                return .other
            }
        }

        private func isAt(_ text: StaticString) -> Bool {
            guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
            return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
        }

        /// From here to the end of what comes first, or of everything.
        private mutating func skip(past text: StaticString) -> Range<Int> {
            let start = at
            at += 2
            while at < bytes.count, !isAt(text) { at += 1 }
            at = min(at + text.utf8CodeUnitCount, bytes.count)
            return start..<at
        }

        private mutating func skipString() {
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
            at = min(at + 1, bytes.count)
        }
    }
}
