import JSON

/// What a model may write where it may write at all: words. Neither HTML nor an address that it was not given, since what
/// it writes is shown to people, and an address that is followed or loaded tells whoever made it what is in it.
struct Wording: Sendable {
    static let longest = 64 << 10

    /// What the addresses may be taken from: the texts that the model was given.
    let given: String

    /// What is wrong with a text; nil where nothing is.
    func objection(to text: String) -> String? {
        if text.utf8.count > Self.longest { return "has more than \(Self.longest) bytes" }
        let bytes = Array(text.utf8)
        if Self.holdsTag(bytes) { return "holds HTML" }
        for address in Self.addresses(in: bytes) where !given.contains(address) {
            return "holds an address that was not given"
        }
        return nil
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

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func ends(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x22, 0x27, 0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x60, 0x7C].contains(byte)
    }
}
