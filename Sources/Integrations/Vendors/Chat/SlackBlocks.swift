import Core
package import JSON

/// Parts of messages in Slack's Block Kit (api.slack.com, "Reference: blocks"), within its bounds. All that is said is data:
/// escaped, and marked so that Slack makes nothing else of it.
package enum SlackBlocks {
    private enum Limits {
        static let text = 3000
        static let summary = 400
        static let blocks = 50
        static let fields = 10
        static let field = 1000
    }

    /// `{text, blocks}`, of which the text is what notifications show.
    /// - Parameter before: already in Slack's form.
    package static func message(_ text: String, _ blocks: [JSON], before: String = "") -> JSON {
        [
            "text": .string(before + SlackMarkup.escape(text, limit: Limits.summary)),
            "blocks": .array(Array(blocks.prefix(Limits.blocks))),
        ]
    }

    /// - Parameter before: already in Slack's form.
    package static func section(_ text: String, before: String = "") -> JSON {
        let limit = Limits.text - before.unicodeScalars.count
        return ["type": "section", "text": mrkdwn(before + SlackMarkup.escape(text, limit: limit))]
    }

    /// In letters of one width.
    package static func code(_ text: String) -> JSON {
        ["type": "section", "text": mrkdwn("```\(SlackMarkup.escape(text, limit: Limits.text - 6))```")]
    }

    /// None where there are none.
    package static func fields(_ facts: [(name: String, value: String)]) -> [JSON] {
        guard !facts.isEmpty else { return [] }
        let shown = facts.prefix(Limits.fields).map { fact in
            let name = SlackMarkup.escape(fact.name, limit: 80)
            return mrkdwn("*\(name)*\n\(SlackMarkup.escape(fact.value, limit: Limits.field))")
        }
        return [["type": "section", "fields": .array(shown)]]
    }

    package static func more(_ url: String, label: String = "More in the console") -> JSON {
        let plain = SlackMarkup.escape(String(url.filter { $0 != "|" }))
        return ["type": "context", "elements": [mrkdwn("<\(plain)|\(label)>")]]
    }

    /// - Parameter before: a mention, in Slack's form.
    package static func notice(_ notice: Notice, before: String = "") -> JSON {
        let state = notice.state == .open ? "" : " (\(notice.state.rawValue))"
        let head = "[\(notice.severity.rawValue)] \(notice.title)\(state)"
        var blocks = [section(head, before: before)]
        if !notice.text.isEmpty { blocks.append(section(notice.text)) }
        if let link = notice.link { blocks.append(more(link)) }
        return message(head, blocks, before: before)
    }

    private static func mrkdwn(_ text: String) -> JSON {
        ["type": "mrkdwn", "text": .string(text), "verbatim": true]
    }
}
