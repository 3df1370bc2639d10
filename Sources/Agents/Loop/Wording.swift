import JSON

/// What a model may write where it may write at all: words. Neither HTML nor addresses, since what it writes is shown to
/// people, it may have its addresses from whoever wrote a README, and one that is followed or loaded tells its maker what
/// is in it.
enum Wording {
    static let longest = 64 << 10

    /// What is wrong with a text; nil where nothing is.
    /// - Parameter before: what the procedure says there, whose addresses may stay.
    static func objection(to text: String, before: String = "") -> String? {
        if text.utf8.count > longest { return "has more than \(longest) bytes" }
        let bytes = Array(text.utf8)
        if holdsTag(bytes) { return "holds HTML" }
        return Set(addresses(in: Array(before.utf8))).isSuperset(of: addresses(in: bytes)) ? nil : "holds an address"
    }

    /// A tag, an end tag, a comment or a declaration (HTML, section 13.2.5.6).
    private static func holdsTag(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { first, second in
            first == UInt8(ascii: "<")
                && (isLetter(second) || [UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "?")].contains(second))
        }
    }

    /// What stands around each `://`, and where links of Markdown lead.
    private static func addresses(in bytes: [UInt8]) -> [String] {
        var found: [String] = []
        for index in bytes.indices {
            if bytes[index...].starts(with: "://".utf8) {
                let start = bytes[..<index].lastIndex { !isLetter($0) }.map { $0 + 1 } ?? 0
                found.append(text(bytes[start...].prefix { !ends($0) }))
            } else if bytes[index...].starts(with: "](".utf8) || bytes[index...].starts(with: "]:".utf8) {
                let target = bytes[(index + 2)...].drop { $0 == 0x20 || $0 == UInt8(ascii: "<") }
                found.append(text(target.prefix { !ends($0) }))
            } else if bytes[index...].starts(with: "//".utf8), index == 0 || ends(bytes[index - 1]) {
                found.append(text(bytes[index...].prefix { !ends($0) }))
            }
        }
        return found.filter { $0.utf8.count > 2 }
    }

    /// Without what ends a sentence.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let last = bytes.last, [0x21, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F].contains(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func ends(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x22, 0x27, 0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x60, 0x7C].contains(byte)
    }
}

extension JSON {
    /// All texts in it, the keys of members as well.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.texts)
        case .object(let members): members.flatMap { [$0.key] + $0.value.texts }
        case .null, .bool, .number: []
        }
    }
}
