import JSON

/// What a finding of a package says beside what all findings do: of which package, and how its flaw is used.
struct PackageBrief: Sendable {
    let ecosystem: String
    let name: String
    let version: String
    /// The first version without the flaw; nil where none is published.
    let fix: String?
    /// What the flaw is called, CVEs included.
    let names: [String]
    let advisories: [String]
    let reference: String?
    let cvss: Double?
    /// `2026-05-01`, where CISA lists it.
    let exploitedSince: String?
    /// From 0 to 1.
    let epss: Double?
    /// `called`, `imported`, `not-imported`, `unknown`
    let reachability: String?
    /// By when BOD 26-04 wants it gone, in words.
    let tier: String?
    /// The dates of what it was compared with; nil where there was none.
    let advisoriesAsOf: String?
    let exploitedAsOf: String?
    let epssAsOf: String?

    /// From the details of a finding, or from a brief. Nil where they are of no package.
    init?(_ json: JSON) {
        guard let name = json["package"]?["name"]?.string else { return nil }
        let facts = json["risk"]?["facts"]
        self.name = name.cut(to: 200)
        ecosystem = json["package"]?["ecosystem"]?.string ?? ""
        version = (json["package"]?["version"]?.string ?? "").cut(to: 100)
        fix = json["fix"]?.string?.cut(to: 100)
        names = json["names"].texts(most: 16)
        advisories = json["advisories"].texts(most: 16)
        reference = json["reference"]?.string?.cut(to: 500)
        cvss = json["cvss"]?["score"]?.double ?? json["cvss"]?.double
        exploitedSince = facts?["known_exploited_since"]?.string ?? json["exploited_since"]?.string
        epss = facts?["epss"]?.double ?? json["epss"]?.double
        reachability = json["reachability"]?["verdict"]?.string ?? json["reachability"]?.string
        tier = json["risk"]?["tier"]?.string ?? json["tier"]?.string
        advisoriesAsOf = json["advisories_as_of"]?.string
        exploitedAsOf = facts?["known_exploited_as_of"]?.string ?? json["exploited_as_of"]?.string
        epssAsOf = facts?["epss_as_of"]?.string ?? json["epss_as_of"]?.string
    }

    /// `django 4.2.1`
    var label: String { version.isEmpty ? name : "\(name) \(version)" }

    var members: [(String, JSON?)] {
        func text(_ text: String?) -> JSON? { text.map { .string($0) } }
        return [
            (
                "package",
                ["ecosystem": .string(ecosystem), "name": .string(name), "version": .string(version)] as JSON
            ),
            ("fix", text(fix)), ("names", .array(names.map { .string($0) })),
            ("advisories", .array(advisories.map { .string($0) })), ("reference", text(reference)),
            ("cvss", cvss.flatMap { JSON($0) }), ("exploited_since", text(exploitedSince)),
            ("epss", epss.flatMap { JSON($0) }), ("reachability", text(reachability)), ("tier", text(tier)),
            ("advisories_as_of", text(advisoriesAsOf)), ("exploited_as_of", text(exploitedAsOf)),
            ("epss_as_of", text(epssAsOf)),
        ]
    }
}
