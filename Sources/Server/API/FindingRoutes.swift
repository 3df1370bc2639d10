import Config
import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Scan

/// What assessments found, and their reports.
struct FindingRoutes: Sendable {
    let rooms: Rooms

    static let readers = Rooms.watchers.union(["developer"])

    var routes: [Route] {
        [
            Route(.get, "/api/v1/findings", access: .principal, operation: listOperation) { call in
                try demand(call)
                let filter = try Self.filter(call)
                let page = try await rooms.findings.findings(filter)
                let next = filter.offset + page.findings.count
                var out: JSONObject = [
                    "findings": .array(page.findings.map(\.json)), "total": .number(JSONNumber(page.total)),
                ]
                if next < page.total { out["next"] = .string(String(next)) }
                return .json(.object(out))
            },
            Route(.get, "/api/v1/findings/{id}", access: .principal, operation: getOperation) { call in
                try demand(call)
                return .json(try await rooms.findings.finding(call.parameter("id")).json)
            },
            Route(.get, "/api/v1/findings/trends", access: .principal, operation: trendsOperation) { call in
                try demand(call)
                return .json(try await rooms.findings.trends(repository: call.query["repository"]).json)
            },
            Route(.get, "/api/v1/findings/digest", access: .principal, operation: digestOperation, handler: digest),
            Route(.get, "/api/v1/findings/{id}/history", access: .principal, operation: historyOperation) { call in
                try demand(call)
                let events = try await rooms.findings.history(of: call.parameter("id"))
                return .page("events", events.map(\.json))
            },
            Route(.post, "/api/v1/findings/{id}/triage", access: .principal, operation: triageOperation) { call in
                var arguments = try call.json()
                arguments["finding"] = .string(call.parameter("id"))
                return rooms.response(try await triage(arguments, call))
            },
            Route(.get, "/api/v1/assessments", access: .principal, operation: assessmentsOperation) { call in
                try demand(call)
                let limit = try call.number("limit", default: 50, in: 1...1000)
                let list = try await rooms.findings.assessments(repository: call.query["repository"], limit: limit)
                return .page("assessments", list.map(\.json))
            },
            Route(.get, "/api/v1/assessments/{id}", access: .principal, operation: assessmentOperation) { call in
                try demand(call)
                return .json(AssessmentDocument.json(try await rooms.findings.assessment(call.parameter("id"))))
            },
            Route(
                .get, "/api/v1/assessments/{id}/report", access: .principal, unhurried: true,
                operation: reportOperation, handler: report),
        ]
    }

    private func demand(_ call: Call) throws { try rooms.demand(Self.readers, of: call, to: "see findings") }

    private func digest(_ call: Call) async throws -> Response {
        try demand(call)
        let format = try call.choice("format", of: DigestReport.Format.self) ?? .json
        let bytes = try await rooms.findings.digest(
            of: try FindingsDigest.span(call.query["since"], domain: "http"), format)
        var response = Response.bytes(bytes, type: format.contentType)
        if format == .html { response.headers[.contentDisposition] = "attachment; filename=\"digest.html\"" }
        return response
    }

    /// Decides about a finding: an action like any other.
    func triage(_ arguments: JSON, _ call: Call) async throws -> Submission {
        try demand(call)
        let target = "finding:\(arguments["finding"]?.string ?? "")"
        return try await rooms.administer(TriageTool.id, target, arguments, call)
    }

    static func filter(_ call: Call) throws -> FindingsFilter {
        var filter = FindingsFilter()
        if let tier = try call.choice("priority", of: PriorityWord.self) { filter.tiers = [tier.tier] }
        filter.order = try call.choice("order", of: FindingsFilter.Order.self) ?? .priority
        filter.isOverdue = call.query["overdue"] == "true"
        filter.source = call.query["source"]
        if let severity = try call.choice("severity", of: Severity.self) { filter.severities = [severity] }
        if let state = try call.choice("state", of: Finding.State.self) { filter.states = [state] }
        filter.repository = call.query["repository"]
        filter.text = call.query["text"]
        filter.limit = try call.number("limit", default: 100, in: 1...1000)
        filter.offset = try call.number("offset", default: 0, in: 0...10_000_000)
        return filter
    }

    private func report(_ call: Call) async throws -> Response {
        try demand(call)
        return try await Self.report(
            call.parameter("id"), call.query["format"] ?? "json", rooms,
            width: try call.number("width", default: 100, in: 40...400), color: call.query["color"] == "true")
    }

    /// A report as a file: never a page of this origin.
    static func report(
        _ assessment: String, _ name: String, _ rooms: Rooms, width: Int = 100, color: Bool = false
    ) async throws -> Response {
        guard let format = AssessmentReport.Format(name: name, width: width, color: color) else {
            throw GatehouseError(
                "http", .invalid, "'format' must be one of \(AssessmentReport.Format.names.joined(separator: ", "))")
        }
        let bytes = try await rooms.findings.report(assessment, format)
        var response = Response.bytes(bytes, type: format.contentType)
        let file = "attachment; filename=\"assessment.\(format.fileExtension)\""
        response.headers[.contentDisposition] = file
        return response
    }

    private var listOperation: Operation {
        Operation(
            "listFindings", "findings", "Findings, what to do first before the rest.",
            query: [
                Operation.limit, .init("offset", Schema.integer(least: 0), "how many to leave out"),
                .init("severity", Schema.choice(Severity.allCases.map(\.rawValue)), "only of this severity"),
                .init("state", Schema.choice(Finding.State.allCases.map(\.rawValue)), "only in this state"),
                .init("repository", Schema.string(), "only of this repository"),
                .init("priority", Schema.choice(PriorityWord.allCases.map(\.rawValue)), "only of this priority"),
                .init("source", Schema.string(), "only of this scanner"),
                .init("overdue", Schema.boolean(), "only what should be gone by now"),
                .init("order", Schema.choice(FindingsFilter.Order.allCases.map(\.rawValue)), "priority when not given"),
                .init("text", Schema.string(), "part of the path, title or rule"),
            ],
            answers: [
                200: .json(
                    Schema.object(
                        ["findings": Schema.list(of: Schema.ref("Finding")), "total": Schema.integer()],
                        optional: ["next": Schema.string("give it as `offset`")]))
            ])
    }
    private var getOperation: Operation {
        Operation("getFinding", "findings", "One finding.", answers: [200: .json(Schema.ref("Finding"))])
    }
    private var trendsOperation: Operation {
        Operation(
            "getFindingTrends", "findings", "What was open after assessments, how long fixing takes, and if in time.",
            query: [.init("repository", Schema.string(), "only of this repository")],
            answers: [200: .json(Schema.anyObject)])
    }
    private var digestOperation: Operation {
        Operation(
            "getFindingsDigest", "findings", "What became of findings up to now, repository by repository.",
            query: [
                .init("since", Schema.string(), "how far back, 7d when not given"),
                .init("format", Schema.choice(DigestReport.Format.allCases.map(\.rawValue)), "json when not given"),
            ], answers: [200: .other("*/*")])
    }
    private var historyOperation: Operation {
        Operation(
            "getFindingHistory", "findings", "What became of a finding, oldest first.",
            answers: [200: .json(Schema.page("events", of: Schema.anyObject))])
    }
    private var triageOperation: Operation {
        Operation(
            "triageFinding", "findings",
            "Marks a finding as known, suppressed or accepted, or opens it again: an action.",
            request: Schema.object(
                ["state": Schema.choice(([.open] + Triage.states).map(\.rawValue)), "reason": Schema.string()],
                optional: [
                    "owner": Schema.string("who answers for it"), "risk": Schema.string("of an accepted risk"),
                    "justification": Schema.choice(Triage.Justification.allCases.map(\.rawValue)),
                    "expires": Schema.string("when it is open again (RFC 3339)"),
                ]),
            answers: [200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission"))])
    }
    private var assessmentsOperation: Operation {
        Operation(
            "listAssessments", "findings", "Assessments, newest first.",
            query: [Operation.limit, .init("repository", Schema.string(), "only of this repository")],
            answers: [200: .json(Schema.page("assessments", of: Schema.ref("Assessment")))])
    }
    private var assessmentOperation: Operation {
        Operation(
            "getAssessment", "findings", "One assessment with its findings.",
            answers: [200: .json(Schema.ref("Assessment"))])
    }
    private var reportOperation: Operation {
        Operation(
            "getReport", "findings", "An assessment as a report.",
            query: [
                .init("format", Schema.choice(AssessmentReport.Format.names), "json when not given"),
                .init("width", Schema.integer(least: 40, most: 400), "of a table, in columns"),
                .init("color", Schema.boolean(), "whether a table is coloured"),
            ], answers: [200: .other("*/*")])
    }
}

/// A priority by its word.
enum PriorityWord: String, CaseIterable {
    case now, soon, planned, later

    var tier: Priority.Tier {
        switch self {
        case .now: .now
        case .soon: .soon
        case .planned: .planned
        case .later: .later
        }
    }
}

extension AssessmentSummary {
    var json: JSON {
        var counts = JSONObject()
        for severity in Severity.allCases { counts[severity.rawValue] = .number(JSONNumber(open[severity] ?? 0)) }
        var out: JSONObject = [
            "id": .string(id), "repository": .string(repository), "target": .string(target), "started": .time(started),
            "finished": .time(finished), "files": .number(JSONNumber(files)), "bytes": .whole(bytes),
        ]
        out["findings"] = .number(JSONNumber(findings))
        out["unchecked"] = .number(JSONNumber(unchecked))
        out["open"] = .object(counts)
        out["has_report"] = .bool(hasReport)
        out.put("commit", commit)
        out.put("branch", branch)
        return .object(out)
    }
}
