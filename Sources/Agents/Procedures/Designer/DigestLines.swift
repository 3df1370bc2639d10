import JSON

/// A digest of findings as part of a document.
struct DigestLines {
    private static let sections: [(name: String, title: String)] = [
        ("exploited", "Newly known to be exploited"), ("overdue", "Overdue"), ("new", "New"),
        ("reopened", "Open again"),
        ("expiring", "Acceptances that end soon"), ("fixed", "Fixed"),
    ]

    private let digest: JSON

    /// - Parameter digest: as `findings.digest` gives it in JSON; null for none.
    init(_ digest: JSON) { self.digest = digest }

    var lines: [String] { (digest["repositories"]?.array ?? []).prefix(50).flatMap(repository) }

    /// `3 new, 1 fixed`; nil where nothing happened.
    var words: String {
        let totals = Self.sections.compactMap { section -> String? in
            let total = (digest["repositories"]?.array ?? []).reduce(0) { $0 + ($1[section.name]?["total"]?.int ?? 0) }
            return total == 0 ? nil : "\(total) \(section.title.lowercased())"
        }
        return totals.isEmpty ? "nothing new" : totals.joined(separator: ", ")
    }

    private func repository(_ repository: JSON) -> [String] {
        let open = (repository["open"]?.object ?? [:]).compactMap { level, count in
            (count.int ?? 0) > 0 ? "\(count.int ?? 0) \(Markdown.escaped(level))" : nil
        }
        var lines = [
            "## \(Markdown.escaped(repository["repository"]?.string ?? ""))", "",
            "Open: \(open.isEmpty ? "none" : open.joined(separator: ", ")).", "",
        ]
        for section in Self.sections {
            guard let total = repository[section.name]?["total"]?.int, total > 0 else { continue }
            lines += ["### \(section.title) (\(total))", ""]
            lines += (repository[section.name]?["findings"]?.array ?? []).prefix(50).map { finding in
                let severity = Markdown.escaped(finding["severity"]?.string ?? "")
                let title = Markdown.escaped(finding["title"]?.string ?? "")
                return "- **\(severity)**: \(title) in \(Markdown.code(finding["path"]?.string ?? ""))"
            }
            lines.append("")
        }
        return lines
    }
}
