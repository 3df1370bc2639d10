import Core
import JSON
import Store

/// Merges one assessment into the store, within one transaction.
struct FindingsImport {
    struct Known {
        var id: String
        var fingerprint: String
        var contentFingerprint: String
        var path: String
        var severity: Severity
        var state: Finding.State
        var isOnlyInHistory: Bool
        var triage: Triage?
        var firstSeen: Timestamp
        var standing: Standing

        init(_ row: Row) throws {
            id = try row.text("id")
            fingerprint = try row.text("fingerprint")
            contentFingerprint = try row.text("content_fingerprint")
            path = try row.text("path")
            severity = try row.severity()
            state = Finding.State(rawValue: try row.text("state")) ?? .open
            isOnlyInHistory = try row.bool("only_in_history")
            triage = try row.triage()
            firstSeen = try row.time("first_seen")
            standing = try Standing(row)
        }
    }

    private let assessment: Assessment
    private let levels: ServiceLevels
    private let tx: Transaction
    private var known: [String: Known] = [:]
    /// Content fingerprint → fingerprint of those that this assessment does not have where they were.
    private var gone: [String: String] = [:]
    /// Id → fingerprint.
    private var places: [String: String] = [:]
    private var sources: KnownSources

    init(_ assessment: Assessment, _ levels: ServiceLevels, _ tx: Transaction) {
        self.assessment = assessment
        self.levels = levels
        self.tx = tx
        sources = KnownSources(repository: assessment.repository)
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
            SELECT id, fingerprint, content_fingerprint, path, severity, state, only_in_history, triage, triage_reason,
            triage_record, first_seen, last_seen, opened_at, due_days, due_at, exploited
            FROM scan_findings WHERE repository = ?
            """
        try tx.forEach(sql, [.text(assessment.repository)]) { row in
            let entry = try Known(row)
            known[entry.fingerprint] = entry
            places[entry.id] = entry.fingerprint
            return true
        }
        try sources.load(tx)
    }

    private mutating func merge(_ found: Finding) throws -> Finding {
        var finding = found
        var earlier = known.removeValue(forKey: finding.fingerprint)
        if earlier == nil, let moved = gone.removeValue(forKey: finding.contentFingerprint) {
            earlier = known.removeValue(forKey: moved)
        }
        earlier = try joined(finding, earlier)
        // A part of a finding that has gone on under its own name is new, with what was decided about the whole.
        let isNew = earlier.map { sources.isTaken($0.id) } ?? true
        var standing = earlier?.standing ?? Standing(finding)
        if let earlier {
            sources.take(earlier)
            if !isNew { finding.id = earlier.id }
            finding.firstSeen = min(earlier.firstSeen, finding.firstSeen)
            // A look at some commits says nothing about the files that they left as they were.
            if assessment.scope != .whole, !earlier.isOnlyInHistory { finding.isOnlyInHistory = false }
            if let triage = earlier.triage {
                finding.state = triage.state
                finding.stateReason = triage.reason
                finding.triage = triage
            }
            standing.take(finding, at: assessment.finished)
            if finding.state == .open, earlier.state != .open { standing.reopen(at: assessment.finished) }
        }
        if finding.state == .open { finding.due = standing.due(finding.severity, levels) }
        for event in events(found, finding, isNew ? nil : earlier, standing) {
            try event.insert(finding.id, assessment.repository, finding.severity, tx)
        }
        try save(finding, found, standing, isNew: isNew)
        if isNew, let earlier { try sources.copyTriage(from: earlier.id, to: finding.id, tx) }
        try sources.save(finding, tx)
        return finding
    }

    /// What is known of a finding by any of those who saw it. Several findings of earlier assessments may turn out to be
    /// one: it goes on under the id of the first, with what people decided about any, and the others go.
    private mutating func joined(_ finding: Finding, _ own: Known?) throws -> Known? {
        var joined = own
        for fingerprint in Set(finding.sources.map(\.fingerprint) + [finding.fingerprint]).sorted() {
            let other = known.removeValue(forKey: fingerprint) ?? remembered(fingerprint)
            guard let other, other.id != joined?.id else { continue }
            guard var kept = joined else {
                joined = other
                continue
            }
            kept.firstSeen = min(kept.firstSeen, other.firstSeen)
            if kept.triage == nil, other.triage != nil {
                kept.triage = other.triage
                try sources.copyTriage(from: other.id, to: kept.id, tx)
            }
            joined = kept
            if !sources.isTaken(other.id) { try sources.absorb(other.id, into: kept.id, tx) }
        }
        return joined
    }

    /// The finding that a source was a part of.
    private mutating func remembered(_ fingerprint: String) -> Known? {
        guard let id = sources.finding(fingerprint) else { return nil }
        return places[id].flatMap { known.removeValue(forKey: $0) } ?? sources.taken(id)
    }

    /// What this assessment changes, in the order in which it is told.
    private func events(_ found: Finding, _ finding: Finding, _ earlier: Known?, _ standing: Standing) -> [FindingEvent]
    {
        func event(_ kind: FindingEvent.Kind, _ detail: String = "") -> FindingEvent {
            FindingEvent(
                kind, at: assessment.finished, finding.state, detail, assessment: assessment.id,
                openedAt: kind == .reopened ? standing.openedAt : nil, due: finding.due)
        }
        var events: [FindingEvent] = []
        if let earlier {
            if earlier.path != finding.path { events.append(event(.moved, "from \(earlier.path) to \(finding.path)")) }
            if earlier.state != finding.state {
                let again = earlier.state == .fixed ? "found again" : "accepted no more"
                let why = finding.state == .open ? again : finding.stateReason ?? ""
                events.append(event(finding.state == .open ? .reopened : .changed, why))
            }
        } else {
            events.append(event(.found, found.stateReason ?? ""))
        }
        if standing.isExploited, earlier?.standing.isExploited != true { events.append(event(.exploited)) }
        return events
    }

    /// - Parameter found: as the assessment has it, before what people decided.
    private func save(_ finding: Finding, _ found: Finding, _ standing: Standing, isNew: Bool) throws {
        let columns: [(String, Value)] = [
            ("repository", .text(assessment.repository)), ("fingerprint", .text(finding.fingerprint)),
            ("content_fingerprint", .text(finding.contentFingerprint)), ("rule", .text(finding.rule.id)),
            ("title", .text(finding.rule.title)), ("severity", Value(finding.severity.rank)),
            ("tier", Value(finding.priority.tier.rawValue)), ("path", .text(finding.path)),
            ("source", .text(finding.source)), ("state", .text(finding.state.rawValue)),
            ("found_state", .text(found.state.rawValue)), ("found_reason", Value(found.stateReason)),
            ("only_in_history", .bool(finding.isOnlyInHistory)), ("first_seen", .time(finding.firstSeen)),
            ("last_seen", .time(finding.lastSeen)), ("assessment", .text(assessment.id)),
            ("document", .text(AssessmentDocument.finding(finding).text())), ("opened_at", .time(standing.openedAt)),
            ("due_days", Value(standing.dueDays)), ("due_at", Value(standing.dueAt)),
            ("exploited", .bool(standing.isExploited)), ("fixed_at", .null), ("id", .text(finding.id)),
        ]
        let names = columns.map(\.0)
        let insert = """
            INSERT INTO scan_findings (\(names.joined(separator: ", ")))
            VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
            """
        let changes = names.dropLast().map { "\($0) = ?" }.joined(separator: ", ")
        try tx.execute(isNew ? insert : "UPDATE scan_findings SET \(changes) WHERE id = ?", columns.map(\.1))
    }

    /// What is left of the known ones is gone, where this assessment looked in its place.
    private func markFixed() throws {
        guard assessment.looksAtAll else { return }
        let unchecked = Set(assessment.unchecked.map(\.path))
        let spoken = assessment.toolsThatSpoke
        for entry in known.values where entry.state != .fixed {
            if entry.isOnlyInHistory && assessment.history == nil { continue }
            if unchecked.contains(entry.path) { continue }
            // Of a tool that had no say this time, or not all of it, nothing is known.
            if !sources.tools(of: entry.id).isSubset(of: spoken) { continue }
            if MemberPath.containers(of: entry.path).contains(where: unchecked.contains) { continue }
            let time = assessment.finished
            try tx.execute(
                "UPDATE scan_findings SET state = 'fixed', fixed_at = ?, assessment = ? WHERE id = ?",
                [.time(time), .text(assessment.id), .text(entry.id)])
            var event = FindingEvent(.fixed, at: time, .fixed, assessment: assessment.id)
            if entry.state == .open {
                event.openedAt = entry.standing.openedAt
                event.due = entry.standing.due(entry.severity, levels)
            }
            try event.insert(entry.id, assessment.repository, entry.severity, tx)
        }
    }

    private func insertAssessment(_ merged: Assessment) throws {
        try tx.execute(
            """
            INSERT INTO scan_assessments (id, repository, target, commit_id, branch, scope, started, finished, files,
            bytes, findings, unchecked, open_counts, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(merged.id), .text(merged.repository), .text(merged.target), Value(merged.commit),
                Value(merged.branch), .text(merged.scope == .whole ? "whole" : "part"),
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

extension Assessment {
    /// Whether what it does not have is gone, save what it could not check.
    fileprivate var looksAtAll: Bool {
        scope == .whole && findingsCut == 0 && uncheckedCount == unchecked.count
            && !unchecked.contains { $0.path.isEmpty && $0.reason == .git && listing != .folder }
    }
}

extension Assessment {
    /// Whoever said all that there is to say; our own scanners always do, but for what could not be checked.
    fileprivate var toolsThatSpoke: Set<String> {
        Set(tools.filter(\.isComplete).map(\.tool)).subtracting(tools.filter { !$0.isComplete }.map(\.tool))
            .union([FindingSource.own])
    }
}

extension Row {
    func severity() throws -> Severity {
        let rank = try int("severity")
        return Severity.allCases.indices.contains(rank) ? Severity.allCases[rank] : .info
    }

    /// What people decided; of what was kept before decisions had an owner, what is known.
    func triage() throws -> Triage? {
        if let record = try optionalText("triage_record") { return Triage(try JSON.parse(record)) }
        guard let state = try optionalText("triage").flatMap(Finding.State.init(rawValue:)) else { return nil }
        return Triage(
            state, reason: try optionalText("triage_reason") ?? "", owner: "", by: "", decided: try time("last_seen"))
    }
}
