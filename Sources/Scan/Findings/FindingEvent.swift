public import Core
public import JSON
import Store

/// Something that became of a finding.
public struct FindingEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case found
        /// Its file has another name.
        case moved
        /// A baseline or a comment in the code accepts it, or does so no more.
        case changed
        /// Somebody decided about it.
        case triaged
        case fixed
        /// Found again, taken back, or accepted for a time that is over.
        case reopened
        /// It came among the known exploited vulnerabilities.
        case exploited
    }

    public var kind: Kind
    public var time: Timestamp
    /// After it.
    public var state: Finding.State
    /// In words.
    public var detail: String
    /// The assessment that saw it; nil for what people did.
    public var assessmentID: String?
    /// What was decided.
    public var triage: Triage?
    /// Of something fixed: since when it was open, and when it was due.
    public var openedAt: Timestamp?
    public var due: Timestamp?

    init(
        _ kind: Kind, at time: Timestamp, _ state: Finding.State, _ detail: String = "", assessment: String? = nil,
        triage: Triage? = nil, openedAt: Timestamp? = nil, due: Timestamp? = nil
    ) {
        self.kind = kind
        self.time = time
        self.state = state
        self.detail = detail
        assessmentID = assessment
        self.triage = triage
        self.openedAt = openedAt
        self.due = due
    }

    public var json: JSON {
        let members: [(String, JSON?)] = [
            ("kind", .string(kind.rawValue)), ("time", .string(time.description)), ("state", .string(state.rawValue)),
            ("detail", detail.isEmpty ? nil : .string(detail)), ("assessment", assessmentID.map { .string($0) }),
            ("triage", triage?.json), ("open_since", openedAt.map { .string($0.description) }),
            ("due", due.map { .string($0.description) }),
        ]
        return .object(JSONObject(members.compactMap { key, value in value.map { (key, $0) } }))
    }
}

extension FindingEvent {
    /// Keeps it with its finding, for good.
    func insert(_ finding: String, _ repository: String, _ severity: Severity, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO scan_finding_events (finding, repository, severity, kind, time, state, detail, assessment, triage,
            opened_at, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(finding), .text(repository), Value(severity.rank), .text(kind.rawValue), .time(time),
                .text(state.rawValue), .text(detail), Value(assessmentID), Value(triage?.json.text()), Value(openedAt),
                Value(due),
            ])
    }

    static let columns = "kind, time, state, detail, assessment, triage, opened_at, due"

    init(_ row: Row) throws {
        self.init(
            Kind(rawValue: try row.text("kind")) ?? .changed, at: try row.time("time"),
            Finding.State(rawValue: try row.text("state")) ?? .open, try row.text("detail"),
            assessment: try row.optionalText("assessment"),
            triage: try row.optionalText("triage").flatMap { Triage(try JSON.parse($0)) },
            openedAt: try row.optionalTime("opened_at"), due: try row.optionalTime("due"))
    }
}
