/// A text as words: each as it is compared, and as it stands in the text. Politeness around it is left out.
struct Wording: Sendable, Hashable {
    struct Word: Sendable, Hashable {
        /// In lower case, without marks around it.
        var plain: String
        /// Without sentence marks behind it and quotation marks around it.
        var written: String
    }

    /// Of a text; what comes after is not looked at.
    private static let limit = 256
    private static let before: [[String]] = [
        ["please"], ["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"], ["i", "want", "you", "to"],
        ["i'd", "like", "you", "to"], ["i", "would", "like", "to"], ["i'd", "like", "to"], ["i", "want", "to"],
        ["i", "need", "to"], ["hey", "gatehouse"], ["gatehouse"], ["ok"], ["okay"], ["so"], ["and"], ["then"], ["now"],
        ["kindly"], ["just"], ["let", "us"], ["let's"],
    ]
    private static let after: [[String]] = [
        ["please"], ["now"], ["for", "me"], ["thanks"], ["thank", "you"], ["gatehouse"], ["right", "away"], ["then"],
    ]
    private static let opening: Set<Character> = ["(", "[", "\"", "'", "`", "¿", "¡", "“", "‘", "«"]
    private static let closing: Set<Character> = [
        ")", "]", "\"", "'", "`", ".", ",", ";", ":", "!", "?", "”", "’", "»", "…",
    ]

    private(set) var words: [Word]

    init(_ text: String) {
        let all = text.split(whereSeparator: \.isWhitespace).prefix(Self.limit).compactMap(Self.word)
        words = all
        while let count = Self.before.first(where: { words.map(\.plain).starts(with: $0) })?.count {
            words.removeFirst(count)
        }
        while let count = Self.after.first(where: { Self.ends(words, with: $0) })?.count { words.removeLast(count) }
        if words.isEmpty { words = all }
    }

    /// As it is compared, in one line.
    var plain: String { words.map(\.plain).joined(separator: " ") }

    /// Without politeness, and with its own letters.
    var written: String { words.map(\.written).joined(separator: " ") }

    func written(_ range: Range<Int>) -> String { words[range].map(\.written).joined(separator: " ") }

    private static func word(_ text: Substring) -> Word? {
        var text = text
        while let first = text.first, opening.contains(first) { text.removeFirst() }
        while let last = text.last, closing.contains(last) { text.removeLast() }
        guard !text.isEmpty else { return nil }
        let plain = String(text.lowercased().map { $0 == "’" ? "'" : $0 })
        return Word(plain: plain, written: String(text))
    }

    private static func ends(_ words: [Word], with tail: [String]) -> Bool {
        words.count >= tail.count && zip(words.suffix(tail.count), tail).allSatisfy { $0.plain == $1 }
    }
}
