import Core
import Integrations
import JSON

/// Messages with an Adaptive Card 1.4 (adaptivecards.io, "Schema Explorer"). What is said stands in text runs, which have
/// no markup of their own.
struct TeamsShape: ChannelShape {
    private enum Limits {
        static let lines = 40
        static let line = 1000
        static let facts = 12
        static let table = 4000
    }

    var console: String?

    func reply(_ said: Said, code: String?) -> JSON {
        var body = said.lines(most: Limits.lines).map { Self.text($0) }
        if !said.rows.isEmpty {
            body += FixedTable.text(said, limit: Limits.table).split(separator: "\n").map {
                Self.text(String($0), isFixed: true)
            }
        }
        if let plan = said.plan { body.append(Self.facts(plan.facts)) }
        if said.approval != nil, let code { body.append(Self.text(Self.how(code))) }
        return Self.message(body, links: [console.flatMap { base in said.link.map { base + $0 } }])
    }

    func approval(_ view: ApprovalView, code: String?) -> JSON {
        var body = [
            Self.text(view.outcome == nil ? "Somebody has to agree: \(view.title)" : view.title, isStrong: true),
            Self.facts(view.facts),
        ]
        if let outcome = view.outcome {
            body.append(Self.text(outcome))
        } else if let code {
            body.append(Self.text(Self.how(code)))
        }
        return Self.message(body, links: [view.link])
    }

    func notice(_ notice: Notice, mention: String?) -> JSON {
        let state = notice.state == .open ? "" : " (\(notice.state.rawValue))"
        var said = Said(notice.text)
        said.link = nil
        let head = Self.text("[\(notice.severity.rawValue)] \(notice.title)\(state)", isStrong: true)
        let lines = said.lines(most: Limits.lines).map { Self.text($0) }
        return Self.message((mention.map { [Self.text($0)] } ?? []) + [head] + lines, links: [notice.link])
    }

    /// An outgoing webhook takes no submits: what a button would do is said.
    private static func how(_ code: String) -> String { "Say \"approve \(code)\" or \"deny \(code)\" to decide." }

    // MARK: The card

    private static func message(_ body: [JSON], links: [String?]) -> JSON {
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

    private static func text(_ text: String, isFixed: Bool = false, isStrong: Bool = false) -> JSON {
        var run: JSON = ["type": "TextRun", "text": .string(PlainText.cut(text, to: Limits.line))]
        if isFixed { run["fontType"] = "Monospace" }
        if isStrong { run["weight"] = "Bolder" }
        return ["type": "RichTextBlock", "inlines": [run]]
    }

    /// Names and values, one to a line. Those of the card's own fact sets would be read as Markdown.
    private static func facts(_ facts: [Said.Fact]) -> JSON {
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
}
