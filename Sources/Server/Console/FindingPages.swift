import Core
import HTTPTypes
import HummingbirdCore
import Scan
import Web

/// What assessments found: the list with its filter.
struct FindingPages: Sendable {
    let page: Page
    let rooms: Rooms

    private static let perPage = 100

    var routes: [Route] { [Route(.get, "/findings", access: .console, handler: list)] }

    func openCounts() async throws -> [Severity: Int] { try await rooms.findings.openCounts() }

    func overdueCount() async throws -> Int {
        var filter = FindingsFilter()
        (filter.isOverdue, filter.limit) = (true, 1)
        return try await rooms.findings.findings(filter).total
    }

    private func list(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see findings")
        var filter = try FindingRoutes.filter(call)
        filter.limit = Self.perPage
        if call.query["state"] == nil, call.query.names.isEmpty { filter.states = [.open] }
        let found = try await rooms.findings.findings(filter)
        let repositories = try await rooms.findings.repositories()
        let now = rooms.clock.now()
        var values: Shown.Values = [
            "tabs": FindingTabs.values(at: "/findings"), "any": !found.findings.isEmpty,
            "filtered": !call.query.names.isEmpty, "rows": found.findings.map { Self.row($0, now) },
            "summary": Self.summary(found, filter, repositories.count), "filter": ["text": filter.text ?? ""],
            "severities": Choices.of(
                Severity.allCases.reversed().map(\.rawValue), chosen: filter.severities.first?.rawValue),
            "states": Choices.of(Finding.State.allCases.map(\.rawValue), chosen: filter.states.first?.rawValue),
            "priorities": Choices.of(PriorityWord.allCases.map(\.rawValue), chosen: filter.tiers.first?.word),
            "orders": Choices.of(FindingsFilter.Order.allCases.map(\.rawValue), chosen: filter.order.rawValue),
            "overdue": filter.isOverdue,
            "sources": Choices.of(try await rooms.findings.sources(), chosen: filter.source) { source in
                source.hasPrefix("scan.") ? Choices.capitalised(String(source.dropFirst(5))) : source
            },
            "repositories": Choices.of(repositories, chosen: filter.repository) { $0 },
        ]
        let next = filter.offset + found.findings.count
        if next < found.total { values["next"] = Self.address(filter, offset: next) }
        return try page.response(
            "findings", title: "Findings", place: "/findings", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func summary(_ found: FindingsPage, _ filter: FindingsFilter, _ repositories: Int) -> String {
        guard repositories > 0 else { return "Nothing has been assessed yet." }
        var onlyState = FindingsFilter()
        onlyState.states = [.open]
        (onlyState.limit, onlyState.offset, onlyState.order) = (filter.limit, filter.offset, filter.order)
        let isOpen = filter == onlyState
        let counted = Shown.count(
            found.total, isOpen ? "open finding" : "finding", isOpen ? "open findings" : "findings")
        return "\(counted) in \(Shown.count(repositories, "repository", "repositories"))."
    }

    private static func address(_ filter: FindingsFilter, offset: Int) -> String {
        var parts = ["offset=\(offset)", "order=\(filter.order.rawValue)"]
        if let severity = filter.severities.first { parts.append("severity=\(severity.rawValue)") }
        if let state = filter.states.first { parts.append("state=\(state.rawValue)") }
        if let tier = filter.tiers.first { parts.append("priority=\(tier.word)") }
        if let repository = filter.repository { parts.append("repository=\(Percent.encode(repository))") }
        if let source = filter.source { parts.append("source=\(Percent.encode(source))") }
        if let text = filter.text { parts.append("text=\(Percent.encode(text))") }
        if filter.isOverdue { parts.append("overdue=true") }
        return "/findings?" + parts.joined(separator: "&")
    }

    static func row(_ stored: StoredFinding, _ now: Timestamp) -> Shown.Values {
        let finding = stored.finding
        var row: Shown.Values = [
            "id": finding.id, "title": finding.rule.title, "place": "\(finding.path):\(finding.start.line)",
            "severity": Shown.chip(finding.severity), "repository": shortName(stored.repository),
            "state": Shown.findingState(finding.state), "priority": finding.priority.tier.word,
            "when": Shown.time(finding.firstSeen, at: now),
        ]
        if let due = finding.due { row["due"] = ["late": stored.isOverdue, "when": Shown.time(due, at: now)] }
        return row
    }

    private static func shortName(_ repository: String) -> String {
        repository.split(separator: "/").last.map(String.init) ?? repository
    }
}

/// The pages that are about findings, as tabs.
enum FindingTabs {
    static func values(at path: String) -> [Shown.Values] {
        [
            ("Findings", "/findings"), ("Dependencies", "/dependencies"), ("Bills of materials", "/sbom"),
            ("Trends", "/trends"),
        ].map { ["name": $0.0, "path": $0.1, "current": $0.1 == path] }
    }
}

/// What a form offers to choose from.
enum Choices {
    static func of(
        _ words: [String], chosen: String?, name: (String) -> String = Choices.capitalised
    ) -> [Shown.Values] {
        words.map { ["value": $0, "name": name($0), "chosen": $0 == chosen] }
    }

    static func capitalised(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}

extension Shown {
    static func findingState(_ state: Finding.State) -> Values {
        switch state {
        case .open: chip("waiting", "s-wait", "open")
        case .fixed: chip("done", "s-yes", "fixed")
        case .known, .suppressed: chip("info", "s-info", state.rawValue)
        case .accepted: chip("change", "s-change", "accepted")
        }
    }
}
