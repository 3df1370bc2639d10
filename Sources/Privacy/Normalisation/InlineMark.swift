/// Marks of Markdown and HTML that show as nothing, within what reads as one word: `4111**1111**`, `jane<b>.</b>doe`.
enum InlineMark {
    private static let longestTag = 96
    private static let longestComment = 256

    /// Elements that do not begin a new line or cell.
    private static let elements: [[UInt8]] = [
        "a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "samp",
        "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
    ].map { Array($0.utf8) }

    /// Past the marks that begin here, where what comes before and after them belongs together.
    static func end(_ bytes: UnsafeRawBufferPointer, at index: Int, after before: UInt8?) -> Int? {
        guard let before, joins(before) else { return nil }
        let end = endOfMarks(bytes, index)
        guard end > index, end < bytes.count, joins(bytes[end]) else { return nil }
        return end
    }

    /// Where marks begin that the end of the text cuts, or after which it ends: what comes next may belong to the word
    /// before them.
    static func openPlace(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var index = max(1, bytes.count - longestComment - longestTag)
        while index < bytes.count {
            if begins(bytes[index]), joins(bytes[index - 1]) {
                let end = endOfMarks(bytes, index)
                if end == bytes.count || isCutOff(bytes, end) { return index }
            }
            index += 1
        }
        return nil
    }

    @inline(__always)
    private static func begins(_ byte: UInt8) -> Bool { byte == 0x3c || byte == 0x2a || byte == 0x7e || byte == 0x60 }

    private static func joins(_ byte: UInt8) -> Bool { byte.isWord || byte == 0x40 || byte == 0x2e || byte == 0x2d }

    private static func endOfMarks(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var end = start
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "`"): end += 1
            case UInt8(ascii: "<"):
                guard let next = endOfTag(bytes, end) else { return end }
                end = next
            default: return end
            }
        }
        return end
    }

    private static func endOfTag(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        if bytes[start...].starts(with: "<!--".utf8) {
            let most = min(bytes.count - 2, start + longestComment)
            return (start + 4..<max(start + 4, most)).first { bytes[$0...].starts(with: "-->".utf8) }.map { $0 + 3 }
        }
        var name = start + 1
        if name < bytes.count, bytes[name] == UInt8(ascii: "/") { name += 1 }
        var end = name
        while end < bytes.count, bytes[end].isLetter, end - name < 8 { end += 1 }
        guard elements.contains(where: { $0.elementsEqual(bytes[name..<end].lazy.map { $0 | 0x20 }) }) else {
            return nil
        }
        while end < bytes.count, end - start < longestTag, bytes[end] != UInt8(ascii: "<") {
            if bytes[end] == UInt8(ascii: ">") { return end + 1 }
            end += 1
        }
        return nil
    }

    /// Whether a tag or comment has begun here and not ended, or an escape that may become one.
    private static func isCutOff(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        let rest = bytes[start...]
        if let first = rest.first, "&\\%".utf8.contains(first) { return rest.count < 12 }
        guard rest.first == UInt8(ascii: "<"), rest.count < longestComment else { return false }
        if rest.starts(with: "<!--".utf8) || "<!--".utf8.starts(with: rest) { return true }
        return rest.count < longestTag && !rest.contains(UInt8(ascii: ">"))
    }
}
