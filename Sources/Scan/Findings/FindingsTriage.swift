public import Core
import JSON
import Store

extension FindingsStore {
    /// Records what somebody decided about a finding: it holds through later assessments, until its time is over.
    ///
    /// - Throws: `notFound`; `invalid` for what ``Triage/check()`` refuses.
    public func triage(_ findingID: String, _ triage: Triage) async throws {
        try triage.check()
        try await store.write { tx in
            let kept = try Kept.find(findingID, tx)
            try tx.execute(
                """
                UPDATE scan_findings SET state = CASE WHEN state = 'fixed' THEN state ELSE ? END, triage = ?,
                triage_reason = ?, triage_record = ?, triage_expires = ? WHERE id = ?
                """,
                [
                    .text(triage.state.rawValue), .text(triage.state.rawValue), .text(triage.reason),
                    .text(triage.json.text()), Value(triage.expires), .text(findingID),
                ])
            let event = FindingEvent(
                .triaged, at: triage.decided, kept.isFixed ? .fixed : triage.state, triage.reason, triage: triage)
            try event.insert(findingID, kept.repository, kept.severity, tx)
        }
    }

    /// Takes back what was decided: the finding is as assessments have it, which mostly is open, from now on.
    ///
    /// - Throws: `notFound`; `conflict` where nothing was decided.
    public func takeBack(_ findingID: String, reason: String, by: String, at time: Timestamp) async throws {
        try await store.write { tx in
            let kept = try Kept.find(findingID, tx)
            guard kept.triage != nil else { throw Self.undecided(findingID, kept) }
            try kept.open(tx, at: time, "taken back by \(by): \(reason)")
        }
    }

    private static func undecided(_ id: String, _ kept: Kept) -> GatehouseError {
        let hint =
            switch kept.foundState {
            case .known: "it is known by a baseline: take it out there and assess again"
            case .suppressed: "a comment in the code or a VEX document says so: change that and assess again"
            default: "it is \(kept.isFixed ? "fixed" : "open") as it is"
            }
        return GatehouseError("scan", .conflict, "nobody decided anything about finding \(id)", hint: hint)
    }

    /// Opens again what was decided for a time that is over; asked before anything is read.
    func settle() async throws {
        let now = clock.now()
        let over = "SELECT id FROM scan_findings WHERE triage_expires <= ?"
        let isAny = try await store.read { tx in try tx.first("\(over) LIMIT 1", [.time(now)]) != nil }
        guard isAny else { return }
        try await store.write { tx in
            for id in try tx.query(over, [.time(now)]).map({ try $0.text("id") }) {
                let kept = try Kept.find(id, tx)
                guard let triage = kept.triage, let end = triage.expires else { continue }
                try kept.open(
                    tx, at: end, "\(triage.state.rawValue) until \(end.description.prefix(10)): the time is over")
            }
        }
    }

    /// A finding's history, oldest first; of a long one the newest 1,000 events.
    ///
    /// - Throws: `notFound`.
    public func history(of findingID: String) async throws -> [FindingEvent] {
        try await settle()
        return try await store.read { tx in
            _ = try Kept.find(findingID, tx)
            return try tx.query(
                """
                SELECT \(FindingEvent.columns) FROM scan_finding_events WHERE finding = ? ORDER BY number DESC LIMIT 1000
                """, [.text(findingID)]
            ).reversed().map { try FindingEvent($0) }
        }
    }
}

/// What a decision needs to know of a finding.
private struct Kept {
    var id: String
    var repository: String
    var severity: Severity
    var isFixed: Bool
    var foundState: Finding.State
    var triage: Triage?
    var standing: Standing

    static func find(_ id: String, _ tx: Transaction) throws -> Kept {
        let row = try tx.first(
            """
            SELECT id, repository, severity, state, found_state, triage, triage_reason, triage_record, first_seen,
            last_seen, opened_at, due_days, due_at, exploited FROM scan_findings WHERE id = ?
            """, [.text(id)])
        guard let row else { throw FindingsStore.missing("finding", id) }
        return Kept(
            id: id, repository: try row.text("repository"), severity: try row.severity(),
            isFixed: try row.text("state") == Finding.State.fixed.rawValue,
            foundState: Finding.State(rawValue: try row.text("found_state")) ?? .open, triage: try row.triage(),
            standing: try Standing(row))
    }

    /// Forgets what was decided, and says why.
    func open(_ tx: Transaction, at time: Timestamp, _ why: String) throws {
        var standing = standing
        let isOpen = !isFixed && foundState == .open
        if isOpen { standing.reopen(at: time) }
        try tx.execute(
            """
            UPDATE scan_findings SET state = ?, triage = NULL, triage_reason = NULL, triage_record = NULL,
            triage_expires = NULL, opened_at = ?, due_at = ? WHERE id = ?
            """,
            [
                .text(isFixed ? Finding.State.fixed.rawValue : foundState.rawValue), .time(standing.openedAt),
                Value(standing.dueAt), .text(id),
            ])
        let event = FindingEvent(
            isOpen ? .reopened : .changed, at: time, isFixed ? .fixed : foundState, why,
            openedAt: isOpen ? standing.openedAt : nil)
        try event.insert(id, repository, severity, tx)
    }
}
