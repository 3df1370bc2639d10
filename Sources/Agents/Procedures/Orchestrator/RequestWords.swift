/// A request taken apart: its words in lower case, without those that it denies, and the names of things in it.
struct RequestWords {
    /// Of one request; the rest says nothing.
    private static let mostBytes = 32_768
    private static let mostWords = 2_000
    /// `do not fix`, `without fixing`: what follows such a word, up to the end of its part of the sentence, is not wanted.
    private static let denials: Set<String> = ["not", "don't", "dont", "never", "without", "no", "cannot", "nothing"]
    private static let turns: Set<String> = ["but", "just", "only", "instead", "then", "and"]

    let words: [String]
    /// What looks like a folder: `/srv/shop`, `./web`.
    let paths: [String]
    /// `CVE-2026-1234`, `GHSA-…`
    let flaws: [String]

    init(_ request: String) {
        var (words, paths, flaws): ([String], [String], [String]) = ([], [], [])
        var isDenied = false
        for token in Self.tokens(request) {
            if Self.isPath(token) {
                paths.append(Self.trimmed(token))
                continue
            }
            let word = Self.trimmed(token).lowercased()
            if word.hasPrefix("cve-") || word.hasPrefix("ghsa-") { flaws.append(Self.trimmed(token)) }
            if Self.denials.contains(word) {
                isDenied = true
            } else if Self.turns.contains(word) {
                isDenied = false
            } else if !isDenied, !word.isEmpty {
                words.append(word)
            }
            if let last = token.last, ",;.!?:".contains(last) { isDenied = false }
        }
        (self.words, self.paths, self.flaws) = (words, paths, flaws)
    }

    func has(_ wanted: Set<String>) -> Bool { words.contains(where: wanted.contains) }

    /// The first of the words that stands there.
    func first(of wanted: Set<String>) -> String? { words.first(where: wanted.contains) }

    /// The word after this one.
    func word(after word: String) -> String? {
        words.firstIndex(of: word).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }

    /// In the order of the request, white space between them.
    static func tokens(_ request: String) -> [String] {
        let text = String(decoding: request.utf8.prefix(mostBytes), as: UTF8.self)
        return text.split(maxSplits: mostWords, whereSeparator: \.isWhitespace).prefix(mostWords).map(String.init)
    }

    /// Without quotes and the marks of a sentence around it.
    static func trimmed(_ token: String) -> String {
        let marks: Set<Character> = ["\"", "'", "`", ",", ";", "!", "?", "(", ")", "“", "”", "‘", "’"]
        var rest = Substring(token)
        while let first = rest.first, marks.contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, marks.contains(last) || last == "." || last == ":" { rest = rest.dropLast() }
        return String(rest)
    }

    /// Whether it begins as paths do.
    static func isPath(_ token: String) -> Bool {
        let token = trimmed(token)
        return ["/", "./", "../", "~/"].contains { token.hasPrefix($0) } && token.utf8.count > 1
            && token.utf8.count <= 4096
    }
}
