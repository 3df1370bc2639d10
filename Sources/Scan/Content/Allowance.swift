/// A comment in the code that accepts a finding: `gatehouse:allow RULE reason`, on its line or on the line above.
enum Allowance: Sendable, Hashable {
    case granted(reason: String)
    /// Without a reason it counts for nothing.
    case withoutReason

    private static let mark = Array("gatehouse:allow".utf8)
    /// How far from the finding the comment may stand, in bytes; lines of generated code have no end.
    private static let reach = 1024

    static func find(_ rule: String, around range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Allowance? {
        let end = line(from: range.upperBound, in: bytes)
        var start = lineStart(before: range.lowerBound, in: bytes)
        if start > 0, bytes[start - 1] == 0x0A { start = lineStart(before: start - 1, in: bytes) }
        var found: Allowance?
        for area in [start..<range.lowerBound, range.upperBound..<end] where !area.isEmpty {
            for line in bytes[area].split(separator: 0x0A) {
                guard let comment = comment(in: Array(line), for: rule) else { continue }
                if case .granted = comment { return comment }
                found = comment
            }
        }
        return found
    }

    private static func comment(in line: [UInt8], for rule: String) -> Allowance? {
        guard line.count > mark.count else { return nil }
        for start in 0...(line.count - mark.count) where line[start..<start + mark.count].elementsEqual(mark) {
            var words = String(decoding: line[(start + mark.count)...], as: UTF8.self).split {
                $0 == " " || $0 == "\t" || $0 == "\r"
            }
            guard let name = words.first, name == rule || name == "*" else { return nil }
            words.removeFirst()
            words.removeAll { ["*/", "-->", "#}", "--%>"].contains($0) }
            if words.isEmpty { return .withoutReason }
            return .granted(reason: Printable.text(words.joined(separator: " ").utf8.prefix(200)))
        }
        return nil
    }

    private static func lineStart(before position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var start = position
        let limit = max(0, position - reach)
        while start > limit, bytes[start - 1] != 0x0A { start -= 1 }
        return start
    }

    private static func line(from position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var end = position
        let limit = min(bytes.count, position + reach)
        while end < limit, bytes[end] != 0x0A { end += 1 }
        return end
    }
}
