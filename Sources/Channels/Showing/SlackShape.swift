import Core
import Integrations
import JSON

/// Messages in Slack's Block Kit (api.slack.com, "Reference: blocks"): `{text, blocks}`, of which the text is what
/// notifications show. All that is said is data: escaped, and marked so that Slack makes nothing else of it.
struct SlackShape: ChannelShape {
    private enum Limits {
        static let text = 3000
        static let summary = 400
        static let blocks = 50
        static let fields = 10
        static let field = 1000
    }

    /// The console's address.
    var console: String?

    func reply(_ said: Said, code: String?) -> JSON {
        var blocks = said.text.isEmpty ? [] : [Self.section(said.text)]
        if !said.rows.isEmpty { blocks.append(Self.code(FixedTable.text(said, limit: Limits.text / 2))) }
        if let plan = said.plan {
            blocks += Self.fields(plan.facts)
            if let code { blocks.append(Self.buttons([("Yes", .yes, "primary"), ("No", .no, nil)], code)) }
        }
        if let link = said.link, let console { blocks.append(Self.more("\(console)\(link)")) }
        return Self.message(said.text, blocks)
    }

    func approval(_ view: ApprovalView, code: String?) -> JSON {
        let head = view.outcome == nil ? "Somebody has to agree: \(view.title)" : view.title
        var blocks = [Self.section(head)] + Self.fields(view.facts)
        if let outcome = view.outcome {
            blocks.append(Self.section(outcome))
        } else if let code {
            blocks.append(Self.buttons([("Approve", .approve, "primary"), ("Deny", .deny, "danger")], code))
        }
        if let link = view.link { blocks.append(Self.more(link)) }
        return Self.message(view.outcome.map { "\(view.title): \($0)" } ?? head, blocks)
    }

    func notice(_ notice: Notice, mention: String?) -> JSON {
        let state = notice.state == .open ? "" : " (\(notice.state.rawValue))"
        let head = "[\(notice.severity.rawValue)] \(notice.title)\(state)"
        var blocks = [Self.section(head, before: mention.map { "\($0) " } ?? "")]
        if !notice.text.isEmpty { blocks.append(Self.section(notice.text)) }
        if let link = notice.link { blocks.append(Self.more(link)) }
        return Self.message(head, blocks, before: mention.map { "\($0) " } ?? "")
    }

    // MARK: Blocks

    private static func message(_ text: String, _ blocks: [JSON], before: String = "") -> JSON {
        [
            "text": .string(before + SlackText.escape(text, limit: Limits.summary)),
            "blocks": .array(Array(blocks.prefix(Limits.blocks))),
        ]
    }

    /// - Parameter before: already in Slack's form.
    private static func section(_ text: String, before: String = "") -> JSON {
        let limit = Limits.text - before.unicodeScalars.count
        return ["type": "section", "text": mrkdwn(before + SlackText.escape(text, limit: limit))]
    }

    private static func code(_ text: String) -> JSON {
        ["type": "section", "text": mrkdwn("```\(SlackText.escape(text, limit: Limits.text - 6))```")]
    }

    private static func fields(_ facts: [Said.Fact]) -> [JSON] {
        guard !facts.isEmpty else { return [] }
        let shown = facts.prefix(Limits.fields).map { fact in
            let name = SlackText.escape(fact.name, limit: 80)
            return mrkdwn("*\(name)*\n\(SlackText.escape(fact.value, limit: Limits.field))")
        }
        return [["type": "section", "fields": .array(shown)]]
    }

    private static func more(_ url: String) -> JSON {
        let plain = SlackText.escape(String(url.filter { $0 != "|" }))
        return ["type": "context", "elements": [mrkdwn("<\(plain)|More in the console>")]]
    }

    private static func mrkdwn(_ text: String) -> JSON {
        ["type": "mrkdwn", "text": .string(text), "verbatim": true]
    }

    private static func buttons(_ buttons: [(label: String, verb: Press.Verb, style: String?)], _ code: String) -> JSON
    {
        let elements = buttons.map { button -> JSON in
            var json: JSON = [
                "type": "button", "action_id": .string(button.verb.action), "value": .string(code),
                "text": ["type": "plain_text", "text": .string(button.label)],
            ]
            if let style = button.style { json["style"] = .string(style) }
            return json
        }
        return ["type": "actions", "elements": .array(elements)]
    }
}
