import Core
import JSON

/// A finding or threat with how much is at stake, and why: a table whose first row that fits decides, never a weighted
/// sum.
struct RankedRisk: Sendable {
    enum Subject: Sendable {
        case finding(FindingBrief)
        /// As ``SystemMap`` has it.
        case threat(JSON)
    }

    let subject: Subject
    let level: RiskLevel
    let because: [String]
    /// What is alike so far is ordered by these, the smaller first.
    private let order: [Double]

    var id: String {
        switch subject {
        case .finding(let finding): finding.id
        case .threat(let threat): threat["id"]?.string ?? ""
        }
    }

    var findingID: String? { if case .finding(let finding) = subject { finding.id } else { nil } }

    // MARK: - Findings

    init(_ finding: FindingBrief, _ surface: Surface, asset: AssetCriticality?) {
        let row = Self.table.first { $0.fits(finding) }
        var level = row?.level ?? .low
        var because = [row?.reason ?? "little is certain or little would be lost"]
        if let package = finding.package { because += Self.words(package) }
        let way = surface.way(to: finding)
        if let way { because.append(way) }
        if asset == .critical, level >= .medium {
            level = level.raised
            because.append("the asset is critical")
        }
        if finding.isOverdue { because.append("it is overdue") }
        subject = .finding(finding)
        self.level = level
        self.because = because
        order = Self.order(finding, isExposed: way != nil)
    }

    private struct Row {
        var level: RiskLevel
        var reason: String
        var fits: @Sendable (FindingBrief) -> Bool
    }

    private static let table: [Row] = [
        Row(level: .critical, reason: "known to be exploited") { $0.package?.exploitedSince != nil },
        Row(level: .critical, reason: "its issuer says that it opens something now") { $0.validity == "active" },
        Row(level: .critical, reason: "critical, and to be done now") {
            $0.severity == .critical && $0.priority == "now"
        },
        Row(level: .high, reason: "to be done now") { $0.priority == "now" },
        Row(level: .high, reason: "high or critical, and to be done soon") {
            $0.severity >= .high && $0.priority == "soon"
        },
        Row(level: .medium, reason: "to be done soon") { $0.priority == "soon" },
        Row(level: .medium, reason: "high or critical, though it can be planned") {
            $0.severity >= .high && $0.priority == "planned"
        },
        Row(level: .medium, reason: "can be planned") { $0.priority == "planned" && $0.severity >= .medium },
    ]

    private static func words(_ package: PackageBrief) -> [String] {
        var words: [String] = []
        if let since = package.exploitedSince { words.append("listed by CISA on \(since)") }
        switch package.reachability {
        case "called": words.append("its flawed code is called")
        case "imported": words.append("the package is imported")
        default: break
        }
        if let epss = package.epss, epss >= 0.1 { words.append("EPSS \(epss)") }
        return words
    }

    private static func order(_ finding: FindingBrief, isExposed: Bool) -> [Double] {
        let tiers = ["now": 0.0, "soon": 1, "planned": 2]
        let severity = Double(Severity.allCases.firstIndex(of: finding.severity) ?? 0)
        let reach = ["called": 0.0, "imported": 1, "not-imported": 3]
        return [
            finding.package?.exploitedSince == nil ? 1 : 0, tiers[finding.priority] ?? 3, -severity,
            isExposed ? 0 : 1, reach[finding.package?.reachability ?? ""] ?? 2, -(finding.package?.epss ?? 0),
            -(finding.package?.cvss ?? 0),
        ]
    }

    // MARK: - Threats

    /// Nil for a threat that is less than high: those are the threat model's own matter.
    init?(threat: JSON, asset: AssetCriticality?) {
        guard let name = threat["level"]?.string, var level = RiskLevel(rawValue: name), level >= .high else {
            return nil
        }
        var because = [(threat["reason"]?.string ?? "").cut(to: 300)]
        if asset == .critical {
            level = level.raised
            because.append("the asset is critical")
        }
        subject = .threat(threat)
        self.level = level
        self.because = because
        // After findings of the same level: those name a line.
        order = [2, -Double(threat["points"]?.int ?? 0)]
    }

    // MARK: - Together

    static func comesFirst(_ a: RankedRisk, _ b: RankedRisk) -> Bool {
        if a.level != b.level { return a.level > b.level }
        if let (one, other) = zip(a.order, b.order).first(where: { $0 != $1 }) { return one < other }
        return a.id < b.id
    }

    func json(rank: Int) -> JSON {
        var json: JSON
        switch subject {
        case .finding(let finding):
            json = [
                "kind": "finding", "id": .string(finding.id), "title": .string(finding.title),
                "severity": .string(finding.severity.rawValue), "path": .string(finding.path),
                "line": JSON(finding.line),
            ]
            if let due = finding.due { json["due"] = .string(due) }
        case .threat(let threat):
            json = ["kind": "threat", "id": .string(id), "title": threat["title"] ?? .string(id)]
            json["path"] = threat["path"]
            json["line"] = threat["line"]
        }
        json["rank"] = JSON(rank)
        json["level"] = .string(level.rawValue)
        json["because"] = .array(because.map { .string($0) })
        return json
    }
}
