import Core
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

    static func filter(_ call: Call) throws -> FindingsFilter {
        var filter = FindingsFilter()
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
        let name = call.query["format"] ?? "json"
        let width = try call.number("width", default: 100, in: 40...400)
        guard let format = AssessmentReport.Format(name: name, width: width, color: call.query["color"] == "true")
        else {
            throw GatehouseError(
                "http", .invalid, "'format' must be one of \(AssessmentReport.Format.names.joined(separator: ", "))")
        }
        let bytes = try await rooms.findings.report(call.parameter("id"), format)
        var response = Response.bytes(bytes, type: format.contentType)
        // A report is a file: never a page of this origin.
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
