import JSON

extension ConfigSchema {
    /// The reference page in Markdown: a table for each section, with kinds, defaults and examples.
    public func reference() -> String {
        var page = ReferencePage()
        page.write("# \(title)\n\n")
        page.write(ReferencePage.introduction)
        for section in sections {
            page.write("\n## `\(section.name)`\n\n\(section.description)\n")
            page.section(section)
        }
        return page.text
    }
}

private struct ReferencePage {
    private(set) var text = ""

    static let introduction = """
        Every key is optional unless it is marked as required. Values may refer to the environment as `${NAME}` or
        `${NAME:-default}` (`$${` is a literal `${`); between braces or brackets such text needs quotes. Text and
        secrets may also stand in a file, as `file:/path`. Secrets are never printed.

        """

    mutating func write(_ more: String) { text += more }

    mutating func section(_ field: Field) {
        var notes: [String] = ["Kind: \(ReferencePage.name(field.kind))."]
        if let value = field.defaultValue { notes.append("Default: `\(ReferencePage.spell(value))`.") }
        if field.isRequired { notes.append("Required.") }
        if field.allowsFile {
            notes.append("May stand in a file of its own: `\(field.name): file:./\(field.name).json`.")
        }
        if let replacement = field.deprecated { notes.append("Deprecated: \(replacement).") }
        write("\n\(notes.joined(separator: " "))\n")
        if let example = field.example { write("\n```yaml\n\(field.name): \(example.text())\n```\n") }
        var rows: [String] = []
        collect(field.kind, "", &rows)
        guard !rows.isEmpty else { return }
        write("\n| key | kind | default | meaning |\n|---|---|---|---|\n")
        for row in rows { write(row) }
    }

    private func collect(_ kind: Kind, _ path: String, _ rows: inout [String]) {
        switch kind {
        case .object(let fields):
            for field in fields {
                let path = path.appendingKey(field.name)
                rows.append(row(field, path))
                collect(field.kind, path, &rows)
            }
        case .map(let kind, _): collect(kind, path.appendingKey("NAME"), &rows)
        case .list(let kind): collect(kind, "\(path)[]", &rows)
        case .oneOf(let kinds): for kind in kinds { collect(kind, path, &rows) }
        default: break
        }
    }

    private func row(_ field: Field, _ path: String) -> String {
        var meaning = field.description
        if field.isRequired { meaning += " Required." }
        if let replacement = field.deprecated { meaning += " Deprecated: \(replacement)." }
        if let example = field.example { meaning += " Example: `\(ReferencePage.spell(example))`." }
        let standard = field.defaultValue.map { "`\(ReferencePage.spell($0))`" } ?? ""
        let cells = ["`\(path)`", ReferencePage.name(field.kind), standard, meaning]
        return "| " + cells.map(ReferencePage.escape).joined(separator: " | ") + " |\n"
    }

    /// As it is written in YAML, where a single text needs no quotes.
    private static func spell(_ value: JSON) -> String { value.string ?? value.text() }

    /// A bar would end the cell, a line break the row.
    private static func escape(_ cell: String) -> String {
        cell.split(whereSeparator: \.isNewline).joined(separator: " ").split(
            separator: "|", omittingEmptySubsequences: false
        )
        .joined(separator: "\\|")
    }

    static func name(_ kind: Kind) -> String {
        switch kind {
        case .string: "text"
        case .secret: "secret"
        case .int(let range):
            range.upperBound == .max
                ? "integer from \(range.lowerBound)" : "integer \(range.lowerBound)–\(range.upperBound)"
        case .bool: "`true` or `false`"
        case .duration: "duration"
        case .bytes: "size in bytes"
        case .money: "money"
        case .url: "address"
        case .enumeration(let cases): cases.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let kind): "list of \(name(kind))"
        case .map(let kind, _): "mapping of names to \(name(kind))"
        case .object: "mapping"
        case .oneOf(let kinds): kinds.map(name).joined(separator: " or ")
        case .removed: "removed"
        }
    }
}
