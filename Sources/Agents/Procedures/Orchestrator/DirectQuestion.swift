import Core
import JSON

/// A question that one look answers: the orchestrator looks itself.
enum DirectQuestion: Equatable {
    /// How many findings are open, or which.
    case findings(severity: Severity?, counts: Bool)
    /// What is new, fixed or overdue.
    case digest
    case workflows

    private static let asking: Set<String> = ["how", "which", "what", "what's", "list", "show", "count", "are", "is"]
    private static let things: Set<String> = [
        "finding", "findings", "issue", "issues", "vulnerability", "vulnerabilities", "flaws",
    ]
    private static let news: Set<String> = ["new", "overdue", "fixed", "digest", "reopened", "exploited"]

    /// Nil for what is none: what names a folder or a flaw takes more than a look.
    init?(_ request: RequestWords) {
        guard request.paths.isEmpty, request.flaws.isEmpty, request.has(Self.asking), request.words.count <= 25 else {
            return nil
        }
        if request.has(["workflow", "workflows"]) {
            self = .workflows
        } else if request.has(Self.news),
            request.has(Self.things.union(["week", "today", "yesterday", "month", "since"]))
        {
            self = .digest
        } else if request.has(Self.things), request.has(["open", "many", "list", "show", "count", "which", "what"]) {
            let severity = Severity.allCases.first { request.has([$0.rawValue]) }
            self = .findings(severity: severity, counts: request.has(["many", "count"]))
        } else {
            return nil
        }
    }

    var reason: String { "one look answers it" }

    /// - Throws: what the tool throws.
    func answer(_ tools: AgentTools) async throws -> String {
        switch self {
        case .findings(let severity, let counts):
            var arguments: JSONObject = ["limit": counts ? 1 : 10]
            if let severity { arguments["severity"] = .string(severity.rawValue) }
            let answer = try await tools.call("findings.list", target: "findings", .object(arguments))
            return Self.words(answer, severity, counts)
        case .digest:
            let answer = try await tools.call("findings.digest", target: "findings", ["format": "json"])
            return "Of late: \(DigestLines(answer["json"] ?? .null).words)."
        case .workflows:
            let answer = try await tools.call("workflow.list", target: "workflows", [:])
            let names = (answer["workflows"]?.array ?? []).prefix(50).compactMap { $0["name"]?.string }
            return names.isEmpty ? "There are no workflows." : "There are \(names.joined(separator: ", "))."
        }
    }

    private static func words(_ answer: JSON, _ severity: Severity?, _ counts: Bool) -> String {
        let total = answer["total"]?.int ?? 0
        let kind = severity.map { "\($0.rawValue) " } ?? ""
        let head = total == 1 ? "1 \(kind)finding is open" : "\(total) \(kind)findings are open"
        let first = counts ? [] : (answer["findings"]?.array ?? []).compactMap(FindingBrief.init)
        guard !first.isEmpty else { return "\(head)." }
        let lines = first.map { "\($0.severity.rawValue), \($0.priority): \($0.title) in \($0.place) (\($0.id))" }
        return "\(head)\(total > first.count ? ", first these" : ""):\n" + lines.joined(separator: "\n")
    }
}
