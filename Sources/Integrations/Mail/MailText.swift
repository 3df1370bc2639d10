import Core
import JSON
import Web

/// A notice as the two texts of a mail.
enum MailText {
    static func plain(_ notice: Notice) -> String {
        var parts = [notice.title, about(notice)]
        if !notice.text.isEmpty { parts.append(notice.text) }
        if let link = notice.link { parts.append(link) }
        if let facts = facts(notice) { parts.append(facts) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// A page of its own, with nothing in it that is fetched or run.
    static func html(_ notice: Notice) -> String {
        var body = [
            "<h1 style=\"font-size:18px\">\(MarkupEscape.text(notice.title))</h1>",
            "<p>\(MarkupEscape.text(about(notice)))</p>",
        ]
        body += NoticeBlock.blocks(of: notice.text).map(block)
        if let link = notice.link {
            body.append("<p><a href=\"\(MarkupEscape.text(link))\">\(MarkupEscape.text(link))</a></p>")
        }
        if let facts = facts(notice) { body.append("<pre>\(MarkupEscape.text(facts))</pre>") }
        let start =
            "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head>\n<body style=\"font-family:sans-serif\">"
        return ([start] + body + ["</body></html>", ""]).joined(separator: "\n")
    }

    private static func about(_ notice: Notice) -> String {
        "Severity: \(notice.severity.rawValue). Kind: \(notice.kind.rawValue). State: \(notice.state.rawValue)."
    }

    private static func facts(_ notice: Notice) -> String? {
        notice.facts.object?.isEmpty == false ? notice.facts.text(pretty: true) : nil
    }

    private static func block(_ block: NoticeBlock) -> String {
        switch block {
        case .heading(let level, let words):
            "<h\(min(6, level + 1))>\(MarkupEscape.text(words))</h\(min(6, level + 1))>"
        case .list(let items): "<ul>\n" + items.map { "<li>\(MarkupEscape.text($0))</li>\n" }.joined() + "</ul>"
        case .code(let lines): "<pre>\(MarkupEscape.text(lines))</pre>"
        case .paragraph(let lines): "<p>\(lines.map { MarkupEscape.text($0) }.joined(separator: "<br>\n"))</p>"
        }
    }
}
