import Core
package import JSON

/// A message for Teams with an Adaptive Card 1.4 (adaptivecards.io, "Schema Explorer"). What is said stands in text runs, which
/// have no markup of their own.
package enum TeamsCard {
    private enum Limits {
        static let lines = 40
        static let line = 1000
        static let facts = 12
    }

    /// - Parameter links: pages of the console.
    package static func message(_ body: [JSON], links: [String?] = []) -> JSON {
        var card: JSON = [
            "type": "AdaptiveCard", "version": "1.4", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "body": .array(body),
        ]
        let actions = links.compactMap(\.self).map { url -> JSON in
            ["type": "Action.OpenUrl", "title": "Open in the console", "url": .string(url)]
        }
        if !actions.isEmpty { card["actions"] = .array(actions) }
        return [
            "type": "message",
            "attachments": [["contentType": "application/vnd.microsoft.card.adaptive", "content": card]],
        ]
    }

    package static func text(_ text: String, isFixed: Bool = false, isStrong: Bool = false) -> JSON {
        var run: JSON = ["type": "TextRun", "text": .string(PlainText.cut(text, to: Limits.line))]
        if isFixed { run["fontType"] = "Monospace" }
        if isStrong { run["weight"] = "Bolder" }
        return ["type": "RichTextBlock", "inlines": [run]]
    }

    /// A block for each line, as many as there is room for.
    package static func lines(_ text: String) -> [JSON] {
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.count > Limits.lines else { return lines.map { self.text($0) } }
        return lines.prefix(Limits.lines - 1).map { self.text($0) } + [
            self.text("… (cut, \(lines.count) lines in all)")
        ]
    }

    /// Names and values, one to a line. Those of the card's own fact sets would be read as Markdown.
    package static func facts(_ facts: [(name: String, value: String)]) -> JSON {
        let blocks = facts.prefix(Limits.facts).map { fact -> JSON in
            [
                "type": "RichTextBlock",
                "inlines": [
                    ["type": "TextRun", "text": .string("\(PlainText.cut(fact.name, to: 80)): "), "weight": "Bolder"],
                    ["type": "TextRun", "text": .string(PlainText.cut(fact.value, to: Limits.line))],
                ],
            ]
        }
        return ["type": "Container", "items": .array(blocks)]
    }

    package static func notice(_ notice: Notice, mention: String? = nil) -> JSON {
        let state = notice.state == .open ? "" : " (\(notice.state.rawValue))"
        let head = text("[\(notice.severity.rawValue)] \(notice.title)\(state)", isStrong: true)
        return message((mention.map { [text($0)] } ?? []) + [head] + lines(notice.text), links: [notice.link])
    }
}
