import JSON

/// A phrase of a workflow, such as `assess {path} and fix it`, held against a request.
struct PhraseMatch {
    private static let mostTokens = 60

    /// The values of what stands in braces, by name; nil where the request is not this phrase. Words are compared in any
    /// case; a value is as short as it may be.
    static func values(of phrase: String, in request: String) -> JSONObject? {
        let pattern = RequestWords.tokens(phrase)
        var words = RequestWords.tokens(request)
        if words.first.map({ RequestWords.trimmed($0).lowercased() == "please" }) == true { words.removeFirst() }
        guard !pattern.isEmpty, pattern.count <= mostTokens, words.count <= mostTokens else { return nil }
        return match(pattern[...], words[...])
    }

    private static func match(_ pattern: ArraySlice<String>, _ words: ArraySlice<String>) -> JSONObject? {
        guard let first = pattern.first else { return words.isEmpty ? [:] : nil }
        guard let word = words.first else { return nil }
        guard let name = slot(first) else {
            guard RequestWords.trimmed(first).lowercased() == RequestWords.trimmed(word).lowercased() else {
                return nil
            }
            return match(pattern.dropFirst(), words.dropFirst())
        }
        // A value runs to where the next word of the phrase stands; two values in a row take a word each.
        let next = pattern.dropFirst().first
        var end = words.startIndex + 1
        if let next, slot(next) == nil {
            let wanted = RequestWords.trimmed(next).lowercased()
            guard let place = words[end...].firstIndex(where: { RequestWords.trimmed($0).lowercased() == wanted })
            else {
                return nil
            }
            end = place
        } else if next == nil {
            end = words.endIndex
        }
        let value = RequestWords.trimmed(words[words.startIndex..<end].joined(separator: " "))
        guard isValue(value, of: name), var values = match(pattern.dropFirst(), words[end...]) else { return nil }
        values[name] = .string(value)
        return values
    }

    /// A folder looks like one: "fix what can be fixed" names none.
    private static func isValue(_ value: String, of name: String) -> Bool {
        guard !value.isEmpty else { return false }
        return !["path", "folder", "repository"].contains(name) || RequestWords.isPath(value)
    }

    private static func slot(_ token: String) -> String? {
        let token = RequestWords.trimmed(token)
        guard token.hasPrefix("{"), token.hasSuffix("}"), token.utf8.count > 2 else { return nil }
        return String(token.dropFirst().dropLast())
    }
}
