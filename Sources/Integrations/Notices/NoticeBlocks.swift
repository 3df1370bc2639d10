/// A notice's text in the few shapes that all destinations know. Anything else is a paragraph, as it stands.
enum NoticeBlock: Sendable, Hashable {
    /// From 1 to 6.
    case heading(Int, String)
    case list([String])
    case code(String)
    /// Its lines.
    case paragraph([String])

    static func blocks(of text: String) -> [NoticeBlock] {
        var reader = BlockReader()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.take(line) }
        return reader.finish()
    }
}

private struct BlockReader {
    private var blocks: [NoticeBlock] = []
    private var paragraph: [String] = []
    private var items: [String] = []
    /// Of a fence that is open.
    private var code: [String]?

    mutating func take(_ line: Substring) {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if trimmed.hasPrefix("```") { return turnFence() }
        if code != nil {
            code?.append(String(line))
        } else if trimmed.isEmpty {
            close()
        } else if let heading = Self.heading(trimmed) {
            close()
            blocks.append(heading)
        } else if trimmed.hasPrefix("- ") || trimmed.hasPrefix("* ") {
            closeParagraph()
            items.append(String(trimmed.dropFirst(2)))
        } else {
            closeList()
            paragraph.append(String(trimmed))
        }
    }

    mutating func finish() -> [NoticeBlock] {
        if code != nil { turnFence() }
        close()
        return blocks
    }

    private mutating func turnFence() {
        if let lines = code {
            if !lines.isEmpty { blocks.append(.code(lines.joined(separator: "\n"))) }
            code = nil
        } else {
            close()
            code = []
        }
    }

    private mutating func close() {
        closeParagraph()
        closeList()
    }

    private mutating func closeParagraph() {
        if !paragraph.isEmpty { blocks.append(.paragraph(paragraph)) }
        paragraph = []
    }

    private mutating func closeList() {
        if !items.isEmpty { blocks.append(.list(items)) }
        items = []
    }

    private static func heading(_ line: Substring) -> NoticeBlock? {
        let level = line.prefix { $0 == "#" }.count
        let rest = line.dropFirst(level)
        guard (1...6).contains(level), rest.first == " ", rest.count > 1 else { return nil }
        return .heading(level, String(rest.dropFirst()))
    }
}
