import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Scan

/// One finding: where it is, what to do, what became of it, and the form to decide about it.
struct FindingPage: Sendable {
    let page: Page
    let rooms: Rooms

    /// Who may ask for a decision; policy says what comes of it.
    private static let deciders: Set<String> = ["developer", "operator", "security_lead", "admin"]

    var routes: [Route] {
        [
            Route(.get, "/findings/{id}", access: .console, handler: show),
            Route(.post, "/findings/{id}/triage", access: .console) { call in
                let form = try page.form(call)
                let id = call.parameter("id")
                let submission = try await FindingRoutes(rooms: rooms).triage(try Self.arguments(form, id), call)
                if case .waiting(_, let approval) = submission { return .seeOther("/approvals/\(approval.id)") }
                return .seeOther("/findings/\(id)?notice=triaged")
            },
        ]
    }

    /// Fields that are empty are not there.
    private static func arguments(_ form: FormValues, _ id: String) throws -> JSON {
        var arguments: JSON = ["finding": .string(id)]
        for name in ["state", "reason", "owner", "risk", "justification"] {
            arguments[name] = form[name].map { .string($0) }
        }
        if let day = form["expires"] {
            guard let end = Timestamp(day + "T23:59:59Z") else {
                throw GatehouseError("console", .invalid, "the end is no day", hint: "write it like 2027-01-31")
            }
            arguments["expires"] = .string(end.description)
        }
        return arguments
    }

    private func show(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see findings")
        let stored = try await rooms.findings.finding(call.parameter("id"))
        let events = try await rooms.findings.history(of: stored.finding.id)
        let finding = stored.finding
        let now = rooms.clock.now()
        var values = FindingPages.row(stored, now)
        values["place"] = finding.placeText
        values["rule"] = finding.rule.id
        values["excerpt"] = finding.snippet
        values["message"] = finding.priority.reason
        values["remedies"] = [finding.rule.remedy]
        values["trace"] = finding.trace
        values["traced"] = !finding.trace.isEmpty
        values["facts"] = Self.facts(stored)
        values["history"] = events.reversed().map { Self.event($0, now) }
        values["canDecide"] = try !call.principal().roles.isDisjoint(with: Self.deciders) && finding.state != .fixed
        values["decided"] = finding.triage != nil
        if let approval = try await pending(finding.id) { values["pending"] = approval }
        values["owner"] = try finding.triage?.owner ?? call.principal().name
        values["expires"] = finding.triage?.expires.map { String($0.description.prefix(10)) } ?? ""
        values["states"] = Choices.of(Triage.states.map(\.rawValue), chosen: finding.triage?.state.rawValue)
        values["justifications"] = Choices.of(
            Triage.Justification.allCases.map(\.rawValue), chosen: finding.triage?.justification?.rawValue
        ) { word in Choices.capitalised(word.split(separator: "_").joined(separator: " ")) }
        return try page.response(
            "finding", title: finding.rule.title, place: "/findings", call: call,
            waiting: try await rooms.waitingCount(), values: values)
    }

    /// The approval that a decision about the finding waits for.
    private func pending(_ id: String) async throws -> String? {
        let waiting = try await rooms.gate.approvals.list(state: .waiting, limit: 1000)
        return waiting.first { $0.tool == TriageTool.id && $0.target == "finding:\(id)" }?.id
    }

    private static func event(_ event: FindingEvent, _ now: Timestamp) -> Shown.Values {
        var row: Shown.Values = [
            "kind": event.kind.rawValue, "state": Shown.findingState(event.state),
            "when": Shown.time(event.time, at: now), "detail": event.detail,
        ]
        if let by = event.triage?.by, !by.isEmpty { row["by"] = by }
        if let action = event.triage?.actionID { row["action"] = action }
        if let assessment = event.assessmentID { row["assessment"] = assessment }
        return row
    }

    private static func moment(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(8)) UTC"
    }

    private static func facts(_ stored: StoredFinding) -> [Shown.Values] {
        let finding = stored.finding
        var facts: [(String, String, Bool)] = [("Do it", finding.priority.tier.word, false)]
        if let due = finding.due {
            facts.append((stored.isOverdue ? "Overdue since" : "Due", Self.moment(due), false))
        }
        facts += decision(finding)
        facts += [
            ("Repository", stored.repository, true),
            ("Confidence", finding.isVerified ? "verified by its form" : finding.confidence.word, false),
            ("Found by", finding.source, true), ("First seen", Self.moment(finding.firstSeen), false),
            ("Open since", Self.moment(stored.openedAt), false), ("Last seen", Self.moment(finding.lastSeen), false),
        ]
        if let fixed = stored.fixedAt { facts.append(("Fixed", Self.moment(fixed), false)) }
        if let commit = finding.commit { facts.append(("Since commit", commit.id, true)) }
        if finding.isOnlyInHistory { facts.append(("In the tree", "no longer, but in the history", false)) }
        for (index, source) in finding.sources.enumerated() {
            facts.append((index == 0 ? "Seen by" : "and by", source.text, false))
        }
        if let cwe = finding.details?["cwe"]?.array?.compactMap(\.string), !cwe.isEmpty {
            facts.append(("Weakness", cwe.joined(separator: ", "), false))
        }
        facts.append(("Assessment", stored.assessmentID, true))
        facts.append(("Fingerprint", finding.fingerprint, true))
        return facts.map { ["name": $0.0, "value": $0.1, "mono": $0.2] }
    }

    private static func decision(_ finding: Finding) -> [(String, String, Bool)] {
        let triage = finding.triage
        let facts: [(String, String?, Bool)] = [
            ("Why \(finding.state.rawValue)", finding.stateReason, false), ("Risk", triage?.risk, false),
            ("Justification", triage?.justification?.rawValue, true), ("Owner", triage?.owner, false),
            ("Decided by", triage?.by, false), ("Agreed", triage?.approvers.joined(separator: ", "), false),
            ("Open again", triage?.expires.map(moment), false),
        ]
        return facts.compactMap { name, value, mono in value.flatMap { $0.isEmpty ? nil : (name, $0, mono) } }
    }
}
