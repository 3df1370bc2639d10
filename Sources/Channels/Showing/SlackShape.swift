import Integrations
import JSON

/// Messages in Slack's Block Kit: see ``SlackBlocks``.
struct SlackShape: ChannelShape {
    /// Of a table, in code points.
    private static let table = 1500

    /// The console's address.
    var console: String?

    func reply(_ said: Said, code: String?) -> JSON {
        var blocks = said.text.isEmpty ? [] : [SlackBlocks.section(said.text)]
        if !said.rows.isEmpty { blocks.append(SlackBlocks.code(FixedTable.text(said, limit: Self.table))) }
        if let plan = said.plan {
            blocks += SlackBlocks.fields(plan.facts.pairs)
            if let code { blocks.append(Self.buttons([("Yes", .yes, "primary"), ("No", .no, nil)], code)) }
        }
        if let link = said.link, let console { blocks.append(SlackBlocks.more("\(console)\(link)")) }
        return SlackBlocks.message(said.text, blocks)
    }

    func approval(_ view: ApprovalView, code: String?) -> JSON {
        let head = view.outcome == nil ? "Somebody has to agree: \(view.title)" : view.title
        var blocks = [SlackBlocks.section(head)] + SlackBlocks.fields(view.facts.pairs)
        if let outcome = view.outcome {
            blocks.append(SlackBlocks.section(outcome))
        } else if let code {
            blocks.append(Self.buttons([("Approve", .approve, "primary"), ("Deny", .deny, "danger")], code))
        }
        if let link = view.link { blocks.append(SlackBlocks.more(link)) }
        return SlackBlocks.message(view.outcome.map { "\(view.title): \($0)" } ?? head, blocks)
    }

    func notice(_ notice: Notice, mention: String?) -> JSON {
        SlackBlocks.notice(notice, before: mention.map { "\($0) " } ?? "")
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
