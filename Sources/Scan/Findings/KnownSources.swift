import Store

/// Which tools saw the findings of a repository, and under which fingerprints: kept apart from the findings, so that one
/// is known again whichever of its tools is at hand.
struct KnownSources {
    private let repository: String
    private var byFingerprint: [String: (tool: String, finding: String)] = [:]
    private var tools: [String: Set<String>] = [:]
    /// Findings that this assessment has had already.
    private var taken: [String: FindingsImport.Known] = [:]

    init(repository: String) { self.repository = repository }

    mutating func load(_ tx: Transaction) throws {
        try tx.forEach(
            "SELECT fingerprint, tool, finding FROM scan_sources WHERE repository = ?", [.text(repository)]
        ) { row in
            let (tool, finding) = (try row.text("tool"), try row.text("finding"))
            byFingerprint[try row.text("fingerprint")] = (tool, finding)
            tools[finding, default: []].insert(tool)
            return true
        }
    }

    func finding(_ fingerprint: String) -> String? { byFingerprint[fingerprint]?.finding }

    /// None for what only scanners of our own have seen.
    func tools(of finding: String) -> Set<String> { tools[finding] ?? [] }

    mutating func take(_ entry: FindingsImport.Known) { taken[entry.id] = entry }
    func isTaken(_ id: String) -> Bool { taken[id] != nil }
    func taken(_ id: String) -> FindingsImport.Known? { taken[id] }

    /// What people decided about one finding holds for another too.
    func copyTriage(from finding: String, to other: String, _ tx: Transaction) throws {
        let columns = ["triage", "triage_reason", "triage_record", "triage_expires"]
        let changes = columns.map { "\($0) = (SELECT f.\($0) FROM scan_findings f WHERE f.id = ?)" }
        try tx.execute(
            "UPDATE scan_findings SET \(changes.joined(separator: ", ")) WHERE id = ?",
            columns.map { _ in .text(finding) } + [.text(other)])
    }

    /// A finding that turned out to be a part of another goes; what people decided about it stays in the history.
    mutating func absorb(_ finding: String, into other: String, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM scan_findings WHERE id = ?", [.text(finding)])
        try tx.execute(
            "DELETE FROM scan_finding_events WHERE finding = ? AND kind <> 'triaged'", [.text(finding)])
        try tx.execute(
            "UPDATE scan_finding_events SET finding = ? WHERE finding = ?", [.text(other), .text(finding)])
        tools[finding] = nil
    }

    mutating func save(_ finding: Finding, _ tx: Transaction) throws {
        for source in finding.sources where byFingerprint[source.fingerprint]?.finding != finding.id {
            try tx.execute(
                """
                INSERT INTO scan_sources (repository, fingerprint, tool, finding) VALUES (?, ?, ?, ?)
                ON CONFLICT (repository, fingerprint) DO UPDATE SET finding = excluded.finding
                """,
                [.text(repository), .text(source.fingerprint), .text(source.tool), .text(finding.id)])
            byFingerprint[source.fingerprint] = (source.tool, finding.id)
            tools[finding.id, default: []].insert(source.tool)
        }
    }
}
