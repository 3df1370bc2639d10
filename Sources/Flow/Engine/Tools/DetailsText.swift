import JSON

/// What people look at before they agree, as they would write it down: texts as they are, lists as lines, and JSON only
/// where nothing plainer says it.
enum DetailsText {
    static func of(_ details: JSON) -> String {
        guard let members = details.object else { return text(details) }
        return members.map { section($0.key, $0.value) }.joined(separator: "\n")
    }

    private static func section(_ name: String, _ value: JSON) -> String {
        let text = text(value)
        guard text.utf8.contains(UInt8(ascii: "\n")) || isList(value) else { return "\(name): \(text)" }
        return "\(name):\n\(text)"
    }

    private static func text(_ value: JSON) -> String {
        if let text = value.string { return text }
        guard isList(value), let elements = value.array else { return value.text(pretty: true) }
        return elements.map { "  - \($0.string ?? $0.text())" }.joined(separator: "\n")
    }

    /// Of plain values that each fit on a line.
    private static func isList(_ value: JSON) -> Bool {
        guard let elements = value.array, !elements.isEmpty else { return false }
        return elements.allSatisfy { element in
            guard let text = element.string else { return element.object == nil && element.array == nil }
            return !text.utf8.contains(UInt8(ascii: "\n"))
        }
    }
}
