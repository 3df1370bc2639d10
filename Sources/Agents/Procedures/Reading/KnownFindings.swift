import Core
import JSON

/// The findings that a task is about: those that it gives, else those that are on record.
struct KnownFindings {
    /// Open ones, what to do first before the rest.
    private(set) var open: [FindingBrief] = []
    /// That are not among them, because there are too many.
    private(set) var cut = 0
    private(set) var gaps: [Gap] = []

    /// - Throws: `invalid` for findings that are none; what `findings.list` throws where the task gives none.
    init(_ input: TaskInput, _ tools: AgentTools) async throws {
        if let given = try input.list("findings", most: 1000) {
            try take(given, input)
            return
        }
        var arguments: JSONObject = ["limit": JSON(FindingBrief.most)]
        if let repository = try input.text("repository", most: 1000) { arguments["repository"] = .string(repository) }
        if let text = try input.text("text", most: 200) { arguments["text"] = .string(text) }
        let target = try input.text("repository", most: 1000).map { "repo:\($0)" } ?? "findings"
        let answer = try await tools.call("findings.list", target: target, .object(arguments))
        read(answer)
        if let assessment = try input.text("assessment", most: 64) { keep(assessment, of: answer) }
    }

    /// Of an assessment's answer.
    init(_ assessment: JSON) {
        let all = (assessment["findings"]?.array ?? []).compactMap(FindingBrief.init).filter(\.isOpen)
        open = Self.bounded(all)
        cut = all.count - open.count + max(0, assessment["findings_cut"]?.int ?? 0)
        noteCut()
    }

    private mutating func take(_ given: [JSON], _ input: TaskInput) throws(GatehouseError) {
        let briefs = given.compactMap(FindingBrief.init)
        guard briefs.count == given.count else {
            throw input.missing(
                "findings without id, rule or severity", hint: "give them as findings.list or an agent gave them")
        }
        let all = briefs.filter(\.isOpen)
        open = Self.bounded(all)
        cut = all.count - open.count
        noteCut()
    }

    private mutating func read(_ answer: JSON) {
        open = Self.bounded((answer["findings"]?.array ?? []).compactMap(FindingBrief.init).filter(\.isOpen))
        cut = max(0, (answer["total"]?.int ?? 0) - open.count)
        noteCut()
    }

    /// Only what this assessment had the last word on.
    private mutating func keep(_ assessment: String, of answer: JSON) {
        let wanted = Set(
            (answer["findings"]?.array ?? []).filter { $0["assessment"]?.string == assessment }
                .compactMap { $0["id"]?.string })
        open = open.filter { wanted.contains($0.id) }
    }

    private mutating func noteCut() {
        if cut > 0 { gaps.append(Gap("findings", "\(cut) more are open than were looked at")) }
    }

    private static func bounded(_ all: [FindingBrief]) -> [FindingBrief] {
        let first = Array(all.prefix(FindingBrief.most))
        return Array(first.prefix(first.map(\.json).fitting(bytes: 320 << 10).count))
    }

    var json: JSON { .array(open.map(\.json)) }

    /// Open findings by severity, all five of them.
    var counts: JSON {
        .object(
            JSONObject(
                Severity.allCases.reversed().map { level in
                    (level.rawValue, JSON(open.count { $0.severity == level }))
                }))
    }

    /// `2 critical, 1 low`
    var countWords: String {
        let counts = Severity.allCases.reversed().compactMap { level -> String? in
            let count = open.count { $0.severity == level }
            return count == 0 ? nil : "\(count) \(level.rawValue)"
        }
        return counts.isEmpty ? "none" : counts.joined(separator: ", ")
    }
}
