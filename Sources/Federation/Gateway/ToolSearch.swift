import JSON

/// Finds tools by words, for clients that a list of thousands is too much for.
struct ToolSearch {
    static let name = "search_tools"
    static let callName = "call_tool"

    static let definitions: [(name: String, definition: JSON)] = [
        (
            callName,
            [
                "name": .string(callName), "title": "Call a tool",
                "description": "Calls a tool that search_tools has found, by its name.",
                "inputSchema": [
                    "type": "object", "required": ["name"],
                    "properties": [
                        "name": ["type": "string", "description": "As search_tools gave it."],
                        "arguments": ["type": "object", "description": "As the tool's inputSchema says."],
                    ],
                ],
            ]
        ),
        (
            name,
            [
                "name": .string(name), "title": "Search tools",
                "description":
                    "Finds tools by what they do and gives their definitions. Call what it finds with call_tool.",
                "inputSchema": [
                    "type": "object", "required": ["query"],
                    "properties": [
                        "query": ["type": "string", "description": "Words that say what is to be done."],
                        "limit": ["type": "integer", "minimum": 1, "maximum": 50, "default": 10],
                    ],
                ],
                "annotations": ["readOnlyHint": true, "openWorldHint": false],
            ]
        ),
    ]

    private static let mostWords = 32

    /// The tools that have most of the words; rare words count for more, and those in the name for most.
    static func find(_ query: String, limit: Int, in offer: Offer) -> [JSON] {
        let words = Set(words(query).prefix(mostWords))
        let texts = offer.entries.map { tool in
            (name: Set(self.words(tool.name)), all: Set(self.words(text(of: tool.definition))))
        }
        let weights = Dictionary(
            words.map { word in
                let count = texts.count { $0.name.contains(word) || $0.all.contains(word) }
                return (word, 1.0 / Double(count + 1))
            }, uniquingKeysWith: { first, _ in first })
        let scored = texts.enumerated().map { index, text in
            let score = words.reduce(0.0) { score, word in
                let weight = weights[word] ?? 0
                return score + (text.name.contains(word) ? 3 * weight : text.all.contains(word) ? weight : 0)
            }
            return (index: index, score: score)
        }
        return scored.filter { $0.score > 0 }
            .sorted { ($1.score, $0.index) < ($0.score, $1.index) }
            .prefix(limit).map { offer.entries[$0.index].definition }
    }

    private static func text(of definition: JSON) -> String {
        let names = definition["inputSchema"]?["properties"]?.object?.keys.joined(separator: " ") ?? ""
        return "\(definition["title"]?.string ?? "") \(definition["description"]?.string ?? "") \(names)"
    }

    /// Lower case; `createIssue` and `create_issues` both are `create` and `issue`.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        func end() {
            if word.count > 3, word.last == "s" { word.removeLast() }
            if word.count > 1 { words.append(word) }
            word = ""
        }
        for character in text {
            let isWord = character.isLetter || character.isNumber
            if !isWord || wasLower && character.isUppercase { end() }
            if isWord { word += character.lowercased() }
            wasLower = character.isLowercase
        }
        end()
        return words
    }
}
