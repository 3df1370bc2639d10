import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Scan
import Web

/// What assessments found: the list with its filter, and one finding with what to do about it.
struct FindingPages: Sendable {
    let page: Page
    let rooms: Rooms

    private static let perPage = 100

    var routes: [Route] {
        [
            Route(.get, "/findings", access: .console, handler: list),
            Route(.get, "/findings/{id}", access: .console, handler: show),
        ]
    }

    func openCounts() async throws -> [Severity: Int] { try await rooms.findings.openCounts() }

    private func list(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see findings")
        var filter = try FindingRoutes.filter(call)
        filter.limit = Self.perPage
        if call.query["state"] == nil, call.query.names.isEmpty { filter.states = [.open] }
        let found = try await rooms.findings.findings(filter)
        let assessments = try await rooms.findings.assessments(limit: 200)
        let now = rooms.clock.now()
        let isFiltered = !call.query.names.isEmpty
        var values: Shown.Values = [
            "any": !found.findings.isEmpty, "filtered": isFiltered, "rows": found.findings.map { Self.row($0, now) },
            "summary": Self.summary(found, filter, assessments), "filter": ["text": filter.text ?? ""],
            "severities": Self.choices(
                Severity.allCases.reversed().map(\.rawValue), chosen: filter.severities.first?.rawValue),
            "states": Self.choices(Finding.State.allCases.map(\.rawValue), chosen: filter.states.first?.rawValue),
            "repositories": Self.choices(
                Set(assessments.map(\.repository)).sorted(), chosen: filter.repository, capitalised: false),
        ]
        let next = filter.offset + found.findings.count
        if next < found.total { values["next"] = Self.address(filter, offset: next) }
        return try page.response(
            "findings", title: "Findings", place: "/findings", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func summary(_ found: FindingsPage, _ filter: FindingsFilter, _ assessments: [AssessmentSummary])
        -> String
    {
        guard !assessments.isEmpty else { return "Nothing has been assessed yet." }
        let repositories = Set(assessments.map(\.repository)).count
        let which =
            filter.states == [.open] && filter.severities.isEmpty && filter.text == nil ? "open findings" : "findings"
        let counted = Shown.count(found.total, which == "findings" ? "finding" : "open finding", which)
        return
            "\(counted) in \(Shown.count(repositories, "repository", "repositories")), what to do first before the rest."
    }

    private static func choices(_ words: [String], chosen: String?, capitalised: Bool = true) -> [Shown.Values] {
        words.map { word in
            [
                "value": word, "name": capitalised ? word.prefix(1).uppercased() + word.dropFirst() : word,
                "chosen": word == chosen,
            ]
        }
    }

    private static func address(_ filter: FindingsFilter, offset: Int) -> String {
        var parts = ["offset=\(offset)"]
        if let severity = filter.severities.first { parts.append("severity=\(severity.rawValue)") }
        if let state = filter.states.first { parts.append("state=\(state.rawValue)") }
        if let repository = filter.repository { parts.append("repository=\(Percent.encode(repository))") }
        if let text = filter.text { parts.append("text=\(Percent.encode(text))") }
        return "/findings?" + parts.joined(separator: "&")
    }

    private static func row(_ stored: StoredFinding, _ now: Timestamp) -> Shown.Values {
        let finding = stored.finding
        return [
            "id": finding.id, "title": finding.rule.title, "place": "\(finding.path):\(finding.start.line)",
            "severity": Shown.chip(finding.severity), "repository": shortName(stored.repository),
            "state": finding.state.rawValue,
            "when": Shown.time(finding.firstSeen, at: now),
        ]
    }

    private static func shortName(_ repository: String) -> String {
        repository.split(separator: "/").last.map(String.init) ?? repository
    }

    private func show(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see findings")
        let stored = try await rooms.findings.finding(call.parameter("id"))
        let finding = stored.finding
        var values = Self.row(stored, rooms.clock.now())
        values["place"] = "\(finding.path):\(finding.start.line):\(finding.start.column)"
        values["rule"] = finding.rule.id
        values["excerpt"] = finding.snippet
        values["message"] = finding.priority.reason
        values["remedies"] = [finding.rule.remedy]
        values["facts"] = Self.facts(stored)
        return try page.response(
            "finding", title: finding.rule.title, place: "/findings", call: call,
            waiting: try await rooms.waitingCount(), values: values)
    }

    private static func moment(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(8)) UTC"
    }

    private static func facts(_ stored: StoredFinding) -> [Shown.Values] {
        let finding = stored.finding
        var facts: [(String, String, Bool)] = [
            ("Do it", finding.priority.tier.word, false), ("State", finding.state.rawValue, false),
            ("Repository", stored.repository, true),
            ("Confidence", finding.isVerified ? "verified by its form" : finding.confidence.word, false),
            ("First seen", Self.moment(finding.firstSeen), false), ("Last seen", Self.moment(finding.lastSeen), false),
        ]
        if let reason = finding.stateReason { facts.append(("Why \(finding.state.rawValue)", reason, false)) }
        if let commit = finding.commit { facts.append(("Since commit", commit.id, true)) }
        if finding.isOnlyInHistory { facts.append(("In the tree", "no longer, but in the history", false)) }
        facts.append(("Assessment", stored.assessmentID, true))
        facts.append(("Fingerprint", finding.fingerprint, true))
        return facts.map { ["name": $0.0, "value": $0.1, "mono": $0.2] }
    }
}
