import Core
import JSON

/// What a document is made of: what other agents found, each in the form in which they give it.
struct DocumentContent {
    let title: String
    let subject: String
    /// In words of people, or of an agent.
    let summary: String
    let findings: [FindingBrief]
    /// What of them is open now.
    let open: [FindingBrief]
    let counts: String
    /// As the oracle gives it.
    let risk: JSON
    let ranked: [JSON]
    let plan: [JSON]
    /// As the librarian gives them.
    let entries: [JSON]
    /// As the fixer gives them.
    let fixes: [JSON]
    let left: [JSON]
    /// As the council gives it.
    let council: JSON
    /// What people were asked, and what they said: `what`, `state`, `by`.
    let decisions: [JSON]
    /// As `findings.digest` gives it.
    var digest = JSON.null
    /// Of which a control is to be for a document on compliance; empty for all.
    let framework: String
    let timeline: [TimelineEvent]
    private(set) var gaps: [Gap]

    init(_ input: TaskInput, _ kind: DocumentKind) throws(GatehouseError) {
        subject = try input.text("subject", most: 1000) ?? ""
        title = try input.text("title", most: 300) ?? "\(kind.title)\(subject.isEmpty ? "" : " of \(subject)")"
        summary = try input.text("summary", most: 20_000) ?? ""
        let given = try input.list("findings", most: 1000) ?? []
        findings = given.compactMap(FindingBrief.init)
        let now = try input.list("open", most: 1000)?.compactMap(FindingBrief.init) ?? findings
        open = now.filter(\.isOpen)
        counts = Self.counts(open)
        risk = try input.object("risk") ?? [:]
        ranked = try input.list("ranked", most: 1000) ?? []
        plan = try input.list("plan", most: 1000) ?? []
        entries = try input.list("entries", most: 2000) ?? []
        fixes = try input.list("fixes", most: 1000) ?? []
        left = try input.list("left", most: 1000) ?? []
        council = try input.object("council") ?? [:]
        decisions = try input.list("decisions", most: 200) ?? []
        framework = try input.text("framework", most: 100) ?? ""
        gaps = try (input.list("gaps", most: 1000) ?? []).compactMap(Gap.init)
        if findings.count < given.count {
            gaps.append(Gap("findings", "\(given.count - findings.count) could not be read"))
        }
        let told = try (input.list("events", most: 1000) ?? []) + (input.list("log", most: 1000) ?? [])
        let read = told.compactMap(TimelineEvent.init)
        if read.count < told.count {
            gaps.append(Gap("timeline", "\(told.count - read.count) events have no time that can be read (RFC 3339)"))
        }
        let all = TimelineEvent.ordered(read + (kind.tellsFindings ? TimelineEvent.events(of: findings) : []))
        timeline = Array(all.prefix(TimelineEvent.most))
        if all.count > timeline.count {
            gaps.append(Gap("timeline", "\(all.count - timeline.count) later events are left out"))
        }
    }

    /// Whether nobody gave anything to write about.
    var isEmpty: Bool {
        summary.isEmpty && findings.isEmpty && ranked.isEmpty && entries.isEmpty && fixes.isEmpty && timeline.isEmpty
            && plan.isEmpty && risk["level"] == nil && council["votes"] == nil
    }

    mutating func take(_ digest: JSON?, _ more: [Gap]) {
        self.digest = digest ?? .null
        gaps += more
    }

    private static func counts(_ findings: [FindingBrief]) -> String {
        Severity.allCases.reversed().compactMap { level -> String? in
            let count = findings.count { $0.severity == level }
            return count == 0 ? nil : "\(count) \(level.rawValue)"
        }.joined(separator: ", ")
    }
}

/// What a document is for, and which parts it has.
enum DocumentKind: String, CaseIterable {
    case report, timeline, incident, compliance

    var title: String {
        switch self {
        case .report: "Security report"
        case .timeline: "Timeline"
        case .incident: "Incident"
        case .compliance: "Controls"
        }
    }

    /// Whether findings are events too.
    var tellsFindings: Bool { self == .incident || self == .timeline }

    var sections: [DocumentSection] {
        switch self {
        case .report:
            [.summary, .risk, .ranked, .findings, .changes, .council, .decisions, .plan, .sources, .digest, .gaps]
        case .timeline: [.summary, .timeline, .gaps]
        case .incident:
            [
                .summary, .risk, .timeline, .ranked, .findings, .sources, .changes, .council, .decisions, .plan, .gaps,
            ]
        case .compliance: [.summary, .risk, .controls, .findings, .changes, .decisions, .plan, .sources, .gaps]
        }
    }
}
