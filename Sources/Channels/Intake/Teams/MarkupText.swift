/// The text of a message in Teams: HTML of a few tags, in which mentions are `<at>…</at>`.
enum MarkupText {
    /// What was typed: mentions and tags are left out, entities undone once.
    static func plain(_ text: String) -> String {
        var reader = MarkupReader(bytes: Array(text.utf8))
        let words = reader.read()
        let start = words.drop(while: isSpace)
        return String(start.reversed().drop(while: isSpace).reversed())
    }

    private static func isSpace(_ character: Character) -> Bool { character.isWhitespace }
}

private struct MarkupReader {
    private static let longestTag = 2048
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
    ]

    let bytes: [UInt8]
    private var position = 0
    private var out: [UInt8] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() -> String {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "<"): tag()
            case UInt8(ascii: "&"): entity()
            default:
                out.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What opens no tag is a character like any other.
    private mutating func tag() {
        let window = bytes[position...].prefix(Self.longestTag)
        guard let end = window.firstIndex(of: UInt8(ascii: ">")), let name = name(bytes[(position + 1)..<end]) else {
            out.append(bytes[position])
            position += 1
            return
        }
        position = end + 1
        switch name {
        case "at": skipMention()
        case "br", "p", "div", "li", "tr": if out.last != 0x0A, !out.isEmpty { out.append(0x0A) }
        default: break
        }
    }

    private func name(_ inner: ArraySlice<UInt8>) -> String? {
        let start = inner.first == UInt8(ascii: "/") ? inner.dropFirst() : inner
        let letters = start.prefix { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
        guard let first = letters.first, (0x61...0x7A).contains(first | 0x20) else { return nil }
        let isClosing = inner.first == UInt8(ascii: "/")
        let name = String(decoding: letters, as: UTF8.self).lowercased()
        return isClosing && name == "at" ? "/at" : name
    }

    private mutating func skipMention() {
        let rest = bytes[position...].prefix(Self.longestTag)
        guard let end = rest.indices.first(where: { rest[$0...].starts(with: "</at>".utf8) }) else { return }
        position = end + 5
    }

    private mutating func entity() {
        let window = bytes[(position + 1)...].prefix(10)
        guard let end = window.firstIndex(of: UInt8(ascii: ";")), let scalar = Self.scalar(window[..<end]) else {
            out.append(bytes[position])
            position += 1
            return
        }
        out += String(scalar).utf8
        position = end + 1
    }

    private static func scalar(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        let text = String(decoding: name, as: UTF8.self)
        guard text.hasPrefix("#") else { return named[text] }
        let isHex = text.hasPrefix("#x") || text.hasPrefix("#X")
        return UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
    }
}
