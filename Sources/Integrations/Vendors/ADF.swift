import Core
import JSON

/// A notice as a document of Atlassian's (developer.atlassian.com: "Atlassian Document Format", "Document structure").
/// What the text says stays text: it is put into nodes and never read as markup.
enum ADF {
    /// Of the texts in a document: what a field takes at the most, with some room for its structure.
    private static let limit = 30_000

    static func document(of notice: Notice) -> JSON {
        var content = NoticeBlock.blocks(of: PlainText.cut(notice.text, to: limit)).map(node)
        content.append(paragraph([text("Severity: \(notice.severity.rawValue) · \(notice.kind.rawValue)")]))
        if let link = notice.link {
            content.append(paragraph([text(link, marks: [["type": "link", "attrs": ["href": .string(link)]]])]))
        }
        let facts = notice.facts.text(pretty: true)
        if notice.facts.object?.isEmpty == false, facts.utf8.count <= limit / 3 { content.append(code(facts, "json")) }
        return ["type": "doc", "version": 1, "content": .array(content)]
    }

    private static func node(_ block: NoticeBlock) -> JSON {
        switch block {
        case .heading(let level, let words):
            return ["type": "heading", "attrs": ["level": JSON(level)], "content": [text(words)]]
        case .list(let items):
            let nodes = items.map { item -> JSON in ["type": "listItem", "content": [paragraph([text(item)])]] }
            return ["type": "bulletList", "content": .array(nodes)]
        case .code(let lines): return code(lines, nil)
        case .paragraph(let lines):
            let hardBreak: JSON = ["type": "hardBreak"]
            return paragraph(Array(lines.map { [text($0)] }.joined(separator: [hardBreak])))
        }
    }

    private static func paragraph(_ content: [JSON]) -> JSON { ["type": "paragraph", "content": .array(content)] }

    private static func code(_ lines: String, _ language: String?) -> JSON {
        var node: JSON = ["type": "codeBlock", "content": [text(lines)]]
        if let language { node["attrs"] = ["language": .string(language)] }
        return node
    }

    /// A text may not be empty there.
    private static func text(_ words: String, marks: JSON? = nil) -> JSON {
        var node: JSON = ["type": "text", "text": .string(words.isEmpty ? " " : words)]
        if let marks { node["marks"] = marks }
        return node
    }
}
