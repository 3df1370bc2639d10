import JSON

/// What changed since a revision: in the threat model, and the findings that its commits brought.
struct ChangeSummary {
    private static let mostNames = 100

    private let comparison: JSON
    private var since: String?
    private var commit: String?
    private var files: Int?
    private var findings: [String]?

    /// - Parameter model: the answer of `scan.threats`, which compares with the commit before where none is named.
    init(_ model: JSON) {
        comparison = model["comparison"] ?? ["compared": false, "reason": "there is no threat model"]
        commit = comparison["commit"]?.string
    }

    /// - Parameter assessment: of what the commits since then brought; nil where it could not be had.
    mutating func take(_ assessment: JSON?, since: String) {
        self.since = since
        guard let assessment else { return }
        commit = assessment["scope"]?["commit"]?.string ?? commit
        files = assessment["inventory"]?["files"]?.int
        findings = KnownFindings(assessment).open.map(\.id)
    }

    var json: JSON {
        [
            "compared": comparison["compared"] ?? false, "reason": comparison["reason"] ?? .null,
            "since": since.map { .string($0) } ?? .null, "commit": commit.map { .string($0) } ?? .null,
            "files": files.map { JSON($0) } ?? .null,
            "findings": findings.map { .array($0.map { .string($0) }) } ?? .null,
            "points": comparison["points"] ?? 0, "components": parts("elements"),
            "entry_points": parts("entry_points"), "threats": parts("threats"),
        ]
    }

    /// Nil where nothing was compared.
    var words: String? {
        guard since != nil || comparison["compared"]?.bool == true else { return nil }
        var parts: [String] = []
        if let files { parts.append("\(files) files changed") }
        if let findings { parts.append("\(findings.count) findings are in what changed") }
        for (name, word) in [("entry_points", "entry points"), ("threats", "threats")] {
            let count = comparison[name]?["added"]?.array?.count ?? 0
            if count > 0 { parts.append("\(count) \(word) were added") }
        }
        let commit = commit.map { " \($0.prefix(12))" } ?? ""
        return "Since\(commit): \(parts.isEmpty ? "no change of the model" : parts.joined(separator: ", "))."
    }

    private func parts(_ name: String) -> JSON {
        func names(_ list: JSON?) -> JSON {
            .array(Array((list?.array ?? []).prefix(Self.mostNames)).fitting(bytes: 16 << 10))
        }
        let part = comparison[name]
        return ["added": names(part?["added"]), "removed": names(part?["removed"]), "changed": names(part?["changed"])]
    }
}
