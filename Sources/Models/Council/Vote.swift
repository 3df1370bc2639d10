import Core
import JSON

/// What a member's answer comes to, so that it can be compared with those of others.
struct Vote: Sendable {
    /// As the answer has it.
    let value: JSON
    /// The same for answers that say the same.
    let key: [UInt8]

    /// - Parameter on: where the value stands in an answer that is JSON; nil takes the whole text.
    /// - Throws: `unsupported` for an answer that has no such value.
    init(_ text: String, on pointer: JSONPointer?) throws(GatehouseError) {
        let text = text.trimmed
        guard let pointer else {
            value = .string(text)
            key = Self.key(of: value)
            return
        }
        guard let answer = try? JSON.parse(Self.unfenced(text)) else {
            throw GatehouseError("models", .unsupported, "the answer is not JSON, which the council compares")
        }
        guard let value = pointer.value(in: answer) else {
            throw GatehouseError("models", .unsupported, "the answer has nothing at \"\(pointer.text.prefix(80))\"")
        }
        self.value = value
        key = Self.key(of: value)
    }

    /// Texts by what they say, everything else by its canonical form (RFC 8785). The first byte tells them apart.
    private static func key(of value: JSON) -> [UInt8] {
        if let text = value.string { return [0] + Array(PlainWords.of(text).utf8) }
        return [1] + ((try? value.canonicalBytes()) ?? value.bytes())
    }

    /// Models like to put JSON between the marks of Markdown for code.
    private static func unfenced(_ text: String) -> String {
        guard text.hasPrefix("```"), text.hasSuffix("```"), text.utf8.count >= 6, let line = text.firstIndex(of: "\n")
        else { return text }
        return String(text[line...].dropLast(3))
    }
}

/// A text without what does not change what it says: case, the number of spaces, and punctuation around it.
enum PlainWords {
    /// A sign before a number is no punctuation, nor is the point of `.5`.
    private static let around: Set<Character> = [
        "\"", "'", "`", "*", "_", "(", ")", "[", "]", "{", "}", "“", "”", "„", "‘", "’", "«", "»", " ",
    ]
    private static let after: Set<Character> = [".", ",", ";", ":", "!", "?", "…", "。"]

    static func of(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var rest = words[...].drop { around.contains($0) }
        while let last = rest.last, around.contains(last) || after.contains(last) { rest.removeLast() }
        return rest.isEmpty ? words : String(rest)
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
