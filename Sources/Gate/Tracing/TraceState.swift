/// The form of `tracestate` (W3C Trace Context, section 3.3): members `key=value`, by commas.
enum TraceState {
    /// Members at the most, and bytes that have to be passed on at the least; of more, nothing is taken.
    private static let greatestCount = 32
    private static let greatestLength = 512

    static func isValid(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= greatestLength else { return false }
        let members = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        var keys: Set<[UInt8]> = []
        for member in members {
            let trimmed = trim(member)
            if trimmed.isEmpty { continue }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")), isKey(trimmed[..<equals]),
                isValue(trimmed[trimmed.index(after: equals)...]), keys.insert(Array(trimmed[..<equals])).inserted
            else { return false }
        }
        return !keys.isEmpty && keys.count <= greatestCount
    }

    private static func trim(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// `simple` or `tenant@system`.
    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let isWord = { (part: Substring.UTF8View, mayBeginWithDigit: Bool) in
            guard let first = part.first else { return false }
            return (isLetter(first) || mayBeginWithDigit && isDigit(first))
                && part.allSatisfy { isLetter($0) || isDigit($0) || [0x5F, 0x2D, 0x2A, 0x2F].contains($0) }
        }
        switch parts.count {
        case 1: return key.count <= 256 && isWord(parts[0], true)
        case 2:
            return parts[0].count <= 241 && parts[1].count <= 14 && isWord(parts[0], true) && isWord(parts[1], false)
        default: return false
        }
    }

    /// Printable ASCII without comma and equals sign, not ending in a space.
    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        (1...256).contains(value.count) && value.last != 0x20
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x2C && $0 != 0x3D }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
