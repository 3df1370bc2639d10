/// A look at the bytes before Yams sees them: it recurses once a level and hashes keys through their aliases, so both
/// must be bounded beforehand. Both looks err on the side of refusing odd documents.
public enum YAMLShape {
    /// The place where flow collections or block indicators in one line go deeper than `depth`, if there is one.
    public static func unboundedNesting(_ bytes: [UInt8], depth: Int, file: String) -> ConfigPlace? {
        var flow = 0
        var dashes = 0
        var line = 1
        var lineStart = 0
        var quote: UInt8?
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0a {
                (line, lineStart, dashes) = (line + 1, index + 1, 0)
                continue
            }
            if let open = quote {
                if byte == open, open == UInt8(ascii: "'") || !isEscaped(bytes, index) { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): if startsToken(bytes, index) { quote = byte }
            case UInt8(ascii: "["), UInt8(ascii: "{"): flow += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): flow = max(0, flow - 1)
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if endsToken(bytes, index + 1) { dashes += 1 }
            default: break
            }
            // Text outside quotes may use brackets and dashes freely, hence the generous factor.
            if flow > depth * 8 || dashes > depth * 8 {
                return ConfigPlace(file: file, line: line, column: index - lineStart + 1)
            }
        }
        return nil
    }

    /// A few aliases cannot grow into many values. Many can, and Yams would hash keys through them: then every key
    /// must be plain. What names no anchor is no alias, as the stars of patterns.
    public static func isSafeToCompose(_ bytes: [UInt8]) -> Bool {
        let anchors = anchors(bytes)
        guard !anchors.isEmpty else { return true }
        var aliases = 0
        var complexKeys = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "*") where startsToken(bytes, index) && !endsToken(bytes, index + 1):
                let name = name(bytes, index + 1)
                guard anchors.contains(name) else { continue }
                aliases += 1
                if nextIsColon(bytes, name.endIndex) { complexKeys = true }
            case UInt8(ascii: "?") where startsToken(bytes, index) && endsToken(bytes, index + 1): complexKeys = true
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if nextIsColon(bytes, index + 1) { complexKeys = true }
            default: break
            }
        }
        return aliases <= 8 || !complexKeys
    }

    /// The names of everything that looks like an anchor.
    private static func anchors(_ bytes: [UInt8]) -> Set<ArraySlice<UInt8>> {
        var names: Set<ArraySlice<UInt8>> = []
        for (index, byte) in bytes.enumerated()
        where byte == UInt8(ascii: "&") && startsToken(bytes, index) && !endsToken(bytes, index + 1) {
            names.insert(name(bytes, index + 1))
        }
        return names
    }

    private static func name(_ bytes: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
        var end = start
        while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
        return bytes[start..<end]
    }

    /// Bytes of other scripts count as well: some of them are line breaks in YAML.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d || byte >= 0x80
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func startsToken(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index > 0 else { return true }
        let before = bytes[index - 1]
        return isSpace(before) || [UInt8]("[{,:-?".utf8).contains(before)
    }

    private static func endsToken(_ bytes: [UInt8], _ index: Int) -> Bool {
        index >= bytes.count || isSpace(bytes[index])
    }

    private static func nextIsColon(_ bytes: [UInt8], _ index: Int) -> Bool {
        var index = index
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: ":")
    }

    private static func isEscaped(_ bytes: [UInt8], _ index: Int) -> Bool {
        var count = 0
        while index - count > 0, bytes[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
        return !count.isMultiple(of: 2)
    }
}
