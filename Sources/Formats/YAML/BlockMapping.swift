/// Mappings within mappings by indentation, as programs write lockfiles in YAML (and as yarn 1 writes them without
/// colons). This is a part of YAML and no more: sequences and flow collections are kept as text, aliases and tags mean
/// nothing, and block texts are left out.
public struct BlockMapping: Sendable, Hashable {
    /// What stands after the key, without its quotes; empty for a mapping.
    public internal(set) var value: String
    /// In their order.
    public internal(set) var members: [(key: String, value: BlockMapping)] = []
    public internal(set) var line: Int

    public static let maximumDepth = 32
    public static let maximumBytes = 64 << 20

    public subscript(key: String) -> BlockMapping? { members.first { $0.key == key }?.value }

    public static func == (a: BlockMapping, b: BlockMapping) -> Bool {
        a.value == b.value && a.line == b.line
            && a.members.elementsEqual(b.members) { $0.key == $1.key && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(line)
        for member in members { hasher.combine(member.key) }
    }

    /// - Parameter spaced: whether a key may end at a space, as in yarn 1.
    /// - Throws: the place of a line that is none of these.
    public static func parse(_ bytes: [UInt8], spaced: Bool = false) throws(TextError) -> BlockMapping {
        guard bytes.count <= maximumBytes else {
            throw TextError(line: 1, reason: "has more than \(maximumBytes) bytes")
        }
        var reader = BlockReader(spaced: spaced)
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            try reader.take(line.last == 0x0D ? line.dropLast() : line, number)
        }
        return reader.finish()
    }
}

/// Takes lines one by one, with the open mappings on a stack.
private struct BlockReader {
    private struct Level {
        var indent: Int
        var key: String
        var mapping: BlockMapping
    }

    private let spaced: Bool
    private var levels = [Level(indent: -1, key: "", mapping: BlockMapping(value: "", line: 1))]
    /// Deeper lines belong to a text or a sequence.
    private var skipsBelow: Int?

    init(spaced: Bool) { self.spaced = spaced }

    mutating func take(_ line: ArraySlice<UInt8>, _ number: Int) throws(TextError) {
        let indent = line.prefix { $0 == 0x20 }.count
        let content = line.dropFirst(indent)
        guard let first = content.first, first != UInt8(ascii: "#") else { return }
        if let skipsBelow, indent > skipsBelow { return }
        skipsBelow = nil
        guard first != 0x09 else { throw TextError(line: number, reason: "a tab where spaces indent") }
        if indent == 0, content.elementsEqual("---".utf8) || content.elementsEqual("...".utf8) { return }
        if first == UInt8(ascii: "-"), content.count == 1 || content.dropFirst().first == 0x20 {
            skipsBelow = indent
            return
        }
        let (key, value) = try split(String(decoding: content, as: UTF8.self), number)
        close(downTo: indent)
        guard levels.count <= BlockMapping.maximumDepth else {
            throw TextError(line: number, reason: "is nested too deeply")
        }
        if value.hasPrefix("|") || value.hasPrefix(">"), value.utf8.count <= 3 { skipsBelow = indent }
        levels.append(Level(indent: indent, key: key, mapping: BlockMapping(value: value, line: number)))
    }

    mutating func finish() -> BlockMapping {
        close(downTo: -1)
        return levels[0].mapping
    }

    private mutating func close(downTo indent: Int) {
        while levels.count > 1, let last = levels.last, last.indent >= indent {
            levels.removeLast()
            levels[levels.count - 1].mapping.members.append((last.key, last.mapping))
        }
    }

    private func split(_ text: String, _ number: Int) throws(TextError) -> (String, String) {
        if spaced, text.hasSuffix(":") { return (String(text.dropLast()), "") }
        let (key, rest) = Self.key(text)
        if rest == ":" { return (key, "") }
        if rest.hasPrefix(": ") { return (key, Self.unquoted(rest.dropFirst(2))) }
        if spaced, rest.hasPrefix(" ") { return (key, Self.unquoted(rest.dropFirst())) }
        throw TextError(line: number, reason: "neither a key with its value nor an item")
    }

    /// A quoted key, or all up to the mark.
    private static func key(_ text: String) -> (String, Substring) {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let body = text.dropFirst()
            guard let end = body.firstIndex(of: quote) else { return ("", "") }
            return (String(body[..<end]), body[body.index(after: end)...])
        }
        // A colon within a key is followed by no space.
        var place = text.startIndex
        while place < text.endIndex {
            if text[place] == ":" {
                let next = text.index(after: place)
                if next == text.endIndex || text[next] == " " { return (String(text[..<place]), text[place...]) }
            }
            place = text.index(after: place)
        }
        guard let space = text.firstIndex(of: " ") else { return (text, "") }
        return (String(text[..<space]), text[space...])
    }

    private static func unquoted(_ text: Substring) -> String {
        let value = text.drop { $0 == " " }
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            let end = value.firstRange(of: " #")?.lowerBound ?? value.endIndex
            return String(value[..<end].reversed().drop { $0 == " " }.reversed())
        }
        let body = value.dropFirst()
        return String(body[..<(body.firstIndex(of: quote) ?? body.endIndex)])
    }
}
