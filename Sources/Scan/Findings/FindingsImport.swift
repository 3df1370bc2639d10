import Core
import JSON
import Store

/// Merges one assessment into the store, within one transaction.
struct FindingsImport {
    private struct Known {
        var id: String
        var fingerprint: String
        var contentFingerprint: String
        var path: String
        var state: Finding.State
        var isOnlyInHistory: Bool
        var triage: String?
        var triageReason: String?
        var firstSeen: Timestamp
    }

    private let assessment: Assessment
    private let tx: Transaction
    private var known: [String: Known] = [:]
    /// Content fingerprint → fingerprint of those that this assessment does not have where they were.
    private var gone: [String: String] = [:]

    init(_ assessment: Assessment, _ tx: Transaction) {
        self.assessment = assessment
        self.tx = tx
    }

    mutating func run() throws -> Assessment {
        try load()
        let present = Set(assessment.findings.map(\.fingerprint))
        for entry in known.values where !present.contains(entry.fingerprint) {
            gone[entry.contentFingerprint] = entry.fingerprint
        }
        var merged = assessment
        merged.findings = try assessment.findings.map { try merge($0) }
        try markFixed()
        try insertAssessment(merged)
        return merged
    }

    private mutating func load() throws {
        let sql = """
            SELECT id, fingerprint, content_fingerprint, path, state, only_in_history, triage, triage_reason, first_seen
            FROM scan_findings WHERE repository = ?
            """
        try tx.forEach(sql, [.text(assessment.repository)]) { row in
            let entry = Known(
                id: try row.text("id"), fingerprint: try row.text("fingerprint"),
                contentFingerprint: try row.text("content_fingerprint"), path: try row.text("path"),
                state: Finding.State(rawValue: try row.text("state")) ?? .open,
                isOnlyInHistory: try row.bool("only_in_history"),
                triage: try row.optionalText("triage"), triageReason: try row.optionalText("triage_reason"),
                firstSeen: try row.time("first_seen"))
            known[entry.fingerprint] = entry
            return true
        }
    }

    private mutating func merge(_ found: Finding) throws -> Finding {
        var finding = found
        var earlier = known.removeValue(forKey: finding.fingerprint)
        if earlier == nil, let moved = gone.removeValue(forKey: finding.contentFingerprint) {
            earlier = known.removeValue(forKey: moved)
        }
        if let earlier {
            finding.id = earlier.id
            finding.firstSeen = min(earlier.firstSeen, finding.firstSeen)
            // A look at some commits says nothing about the files that they left as they were.
            if assessment.scope != .whole, !earlier.isOnlyInHistory { finding.isOnlyInHistory = false }
            if finding.state == .open, let triage = earlier.triage, let state = Finding.State(rawValue: triage) {
                finding.state = state
                finding.stateReason = earlier.triageReason
            }
        }
        try save(finding, isNew: earlier == nil)
        return finding
    }

    private func save(_ finding: Finding, isNew: Bool) throws {
        let values: [Value] = [
            .text(assessment.repository), .text(finding.fingerprint), .text(finding.contentFingerprint),
            .text(finding.rule.id),
            .text(finding.rule.title), Value(finding.severity.rank), Value(finding.priority.tier.rawValue),
            .text(finding.path),
            .text(finding.state.rawValue), .bool(finding.isOnlyInHistory), .time(finding.firstSeen),
            .time(finding.lastSeen),
            .text(assessment.id), .text(AssessmentDocument.finding(finding).text()), .text(finding.id),
        ]
        let insert = """
            INSERT INTO scan_findings (repository, fingerprint, content_fingerprint, rule, title, severity, tier,
            path, state,
            only_in_history, first_seen, last_seen, assessment, document, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            ?, ?, ?, ?)
            """
        let update = """
            UPDATE scan_findings SET repository = ?, fingerprint = ?, content_fingerprint = ?, rule = ?, title = ?,
            severity = ?,
            tier = ?, path = ?, state = ?, only_in_history = ?, first_seen = ?, last_seen = ?, assessment = ?,
            document = ?,
            fixed_at = NULL WHERE id = ?
            """
        try tx.execute(isNew ? insert : update, values)
    }

    /// What is left of the known ones is gone, where this assessment looked in its place.
    private func markFixed() throws {
        let isWhole =
            assessment.scope == .whole && assessment.findingsCut == 0
            && assessment.uncheckedCount == assessment.unchecked.count
            && !assessment.unchecked.contains { $0.path.isEmpty && $0.reason == .git && assessment.listing != .folder }
        guard isWhole else { return }
        let unchecked = Set(assessment.unchecked.map(\.path))
        for entry in known.values where entry.state != .fixed {
            if entry.isOnlyInHistory && assessment.history == nil { continue }
            if unchecked.contains(entry.path) { continue }
            if MemberPath.containers(of: entry.path).contains(where: unchecked.contains) { continue }
            try tx.execute(
                "UPDATE scan_findings SET state = 'fixed', fixed_at = ?, assessment = ? WHERE id = ?",
                [.time(assessment.finished), .text(assessment.id), .text(entry.id)])
        }
    }

    private func insertAssessment(_ merged: Assessment) throws {
        try tx.execute(
            """
            INSERT INTO scan_assessments (id, repository, target, commit_id, branch, started, finished, files, bytes,
            findings,
            unchecked, open_counts, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(merged.id), .text(merged.repository), .text(merged.target), Value(merged.commit),
                Value(merged.branch),
                .time(merged.started), .time(merged.finished), Value(merged.inventory.total.files),
                Value(merged.inventory.total.bytes),
                Value(merged.findings.count), Value(merged.uncheckedCount),
                .text(AssessmentDocument.openCounts(merged).text()),
                .text(AssessmentDocument.json(merged).text()),
            ])
        try tx.execute(
            """
            UPDATE scan_assessments SET document = NULL WHERE repository = ? AND document IS NOT NULL AND id NOT IN
            (SELECT id FROM scan_assessments WHERE repository = ? ORDER BY started DESC, id DESC LIMIT ?)
            """,
            [.text(merged.repository), .text(merged.repository), Value(FindingsStore.keptReports)])
    }
}
