import Core
import JSON

/// What agents tell each other of a finding: what it is, where, how urgent, and what is known of it. Never its excerpt.
///
/// Read from a finding as assessments and `findings.list` have it, and from a brief itself, so that what one agent gives
/// another one takes.
struct FindingBrief: Sendable {
    /// Told of one repository; more are counted.
    static let most = 200

    let id: String
    let rule: String
    let title: String
    let severity: Severity
    /// `now`, `soon`, `planned`, `later`
    let priority: String
    let reason: String
    let path: String
    let line: Int
    /// The scanner: `scan.secrets`.
    let source: String
    let state: String
    let remedy: String
    var repository: String?
    var firstSeen: String?
    var due: String?
    var isOverdue = false
    /// What its issuer said of a secret: `active`.
    var validity: String?
    var weaknesses: [String] = []
    var controls: [String] = []
    /// Of findings of packages.
    var package: PackageBrief?

    /// Nil for what is no finding.
    init?(_ json: JSON) {
        guard let id = json["id"]?.string, let rule = json["rule"]?.string,
            let severity = json["severity"]?.string.flatMap(Severity.init(rawValue:))
        else { return nil }
        self.id = id.cut(to: 64)
        self.rule = rule.cut(to: 200)
        self.severity = severity
        title = (json["title"]?.string ?? rule).cut(to: 300)
        priority = json["priority"]?.string ?? "later"
        reason = (json["priority_reason"]?.string ?? json["reason"]?.string ?? "").cut(to: 400)
        path = (json["path"]?.string ?? "").cut(to: 500)
        line = json["start"]?["line"]?.int ?? json["line"]?.int ?? 0
        source = json["source"]?.string ?? ""
        state = json["state"]?.string ?? "open"
        remedy = (json["remedy"]?.string ?? "").cut(to: 400)
        readMore(json)
    }

    private mutating func readMore(_ json: JSON) {
        let details = json["details"] ?? json
        repository = json["repository"]?.string
        firstSeen = json["first_seen"]?.string
        due = json["due"]?.string
        isOverdue = json["overdue"]?.bool ?? false
        validity = json["validity"]?.string
        weaknesses = details["cwe"].texts(most: 8)
        controls = details["controls"].texts(most: 16)
        package = PackageBrief(details)
    }

    var isOpen: Bool { state == "open" }
    /// `web/app.py:12`
    var place: String { line > 0 ? "\(path):\(line)" : path }

    var json: JSON {
        let members: [(String, JSON?)] = [
            ("id", .string(id)), ("rule", .string(rule)), ("title", .string(title)),
            ("severity", .string(severity.rawValue)), ("priority", .string(priority)), ("reason", .string(reason)),
            ("path", .string(path)), ("line", JSON(line)), ("source", .string(source)), ("state", .string(state)),
            ("remedy", .string(remedy)), ("repository", repository.map { .string($0) }),
            ("first_seen", firstSeen.map { .string($0) }), ("due", due.map { .string($0) }),
            ("overdue", isOverdue ? true : nil), ("validity", validity.map { .string($0) }),
            ("cwe", weaknesses.isEmpty ? nil : .array(weaknesses.map { .string($0) })),
            ("controls", controls.isEmpty ? nil : .array(controls.map { .string($0) })),
        ]
        return .object(
            JSONObject(
                (members + (package?.members ?? [])).compactMap { key, value in
                    value.map { (key, $0) }
                }))
    }
}

extension JSON? {
    /// The texts of a list, so many at the most.
    func texts(most: Int) -> [String] { (self?.array ?? []).prefix(most).compactMap { $0.string?.cut(to: 200) } }
}
