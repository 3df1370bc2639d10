import JSON

/// A finding as text: a table's row, and a page with its history.
enum FindingText {
    static let columns = ["ID", "SEVERITY", "WHEN", "STATE", "DUE", "WHERE", "WHAT"]

    static func row(_ finding: JSON) -> [String] {
        [
            text(finding, "id"), text(finding, "severity"), text(finding, "priority"), text(finding, "state"),
            due(finding), "\(text(finding, "path")):\(finding["start"]?["line"]?.int ?? 0)", text(finding, "title"),
        ]
    }

    static func page(_ finding: JSON, _ history: [JSON]) -> String {
        var lines = ["\(text(finding, "id")) · \(text(finding, "severity")) · \(text(finding, "state"))"]
        let triage = finding["triage"] ?? [:]
        let facts: [(String, String)] = [
            ("what", text(finding, "title")),
            ("where", "\(text(finding, "path")):\(finding["start"]?["line"]?.int ?? 0)"),
            ("in", text(finding, "repository")), ("rule", text(finding, "rule")),
            ("do it", "\(text(finding, "priority")): \(text(finding, "priority_reason"))"),
            ("remedy", text(finding, "remedy")), ("due", due(finding)), ("reason", text(finding, "state_reason")),
            ("owner", text(triage, "owner")), ("risk", text(triage, "risk")),
            ("because", text(triage, "justification")), ("until", String(text(triage, "expires").prefix(10))),
            ("agreed", (triage["approvers"]?.array ?? []).compactMap(\.string).joined(separator: ", ")),
        ]
        for (name, value) in facts where !value.isEmpty {
            lines.append("  \(name)\(String(repeating: " ", count: 10 - name.count))\(value)")
        }
        lines.append("")
        for event in history {
            let by = event["triage"].map { " \(text($0, "state")) by \(text($0, "by"))" } ?? ""
            let detail = text(event, "detail")
            lines.append(
                "  \(text(event, "time").prefix(19))Z  \(text(event, "kind"))\(by)\(detail.isEmpty ? "" : ": \(detail)")"
            )
        }
        return lines.map(Plain.text).joined(separator: "\n") + "\n"
    }

    private static func due(_ finding: JSON) -> String {
        let day = String(text(finding, "due").prefix(10))
        return finding["overdue"]?.bool == true ? "\(day) overdue" : day
    }

    private static func text(_ json: JSON, _ name: String) -> String { json[name]?.string ?? "" }
}
