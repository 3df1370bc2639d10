public import JSON

/// What to do about a flaw, and why: a table, whose rows decide one after the other, and never a weighted sum. Made of
/// facts alone, so that it can be made again from the record.
public struct RiskDecision: Sendable, Hashable {
    /// Of the tables: another one may decide otherwise.
    public static let version = "gatehouse.risk/1"

    /// Why nothing need be done; nil where something must.
    public let dismissal: String?
    public let tier: RemediationTier
    public let ssvc: SSVC
    /// EPSS × the asset's criticality, from 0 to 1: orders what is alike so far.
    public let likelihood: Double
    /// Orders what is alike still.
    public let cvss: Double
    /// A sentence for each step, in their order.
    public let reasons: [String]

    public init(_ facts: RiskFacts) {
        var reasons: [String] = []
        let known = facts.knownExploitedSince != nil
        dismissal = Self.dismissal(facts, known, &reasons)
        let exposure = Self.taken(facts.exposure, .open, "exposure", &reasons)
        let automatable = Self.taken(facts.isAutomatable, true, "whether it can be automated", &reasons)
        let total = Self.taken(facts.hasTotalImpact, false, "whether its impact is total", &reasons)
        let criticality = Self.taken(facts.criticality, .medium, "how critical the asset is", &reasons)
        tier = RemediationTier(known: known, exposed: exposure == .open, automatable: automatable, total: total)
        reasons.append(
            "BOD 26-04: \(Self.list(known, exposure == .open, automatable, total)): \(tier.words)")
        let exploitation: RiskFacts.Exploitation = known ? .active : facts.exploitation ?? .none
        ssvc = SSVC(exploitation, exposure, automatable: automatable, impact: criticality)
        reasons.append(
            "SSVC: exploitation \(exploitation.rawValue), exposure \(exposure.rawValue), impact by a \(criticality.rawValue) "
                + "asset: \(ssvc.words)")
        likelihood = (facts.epss ?? 0) * Self.weight(criticality)
        cvss = facts.cvss ?? 0
        if let epss = facts.epss { reasons.append("EPSS \(Self.percent(epss)) within 30 days") }
        if facts.knownExploitedAsOf == nil, !known {
            reasons.append("no catalogue of known exploited vulnerabilities was imported: it may be among them")
        }
        self.reasons = reasons
    }

    /// By the earliest date, then by SSVC, likelihood and score; what is dismissed comes last.
    public static func comesFirst(_ a: RiskDecision, _ b: RiskDecision) -> Bool {
        if (a.dismissal == nil) != (b.dismissal == nil) { return a.dismissal == nil }
        if a.tier != b.tier { return a.tier < b.tier }
        if a.ssvc != b.ssvc { return a.ssvc < b.ssvc }
        if a.likelihood != b.likelihood { return a.likelihood > b.likelihood }
        return a.cvss > b.cvss
    }

    public var reason: String { reasons.joined(separator: "; ") }

    // MARK: - Steps

    /// What nobody is known to exploit and does not concern this asset. What is exploited is never dismissed.
    private static func dismissal(_ facts: RiskFacts, _ known: Bool, _ reasons: inout [String]) -> String? {
        var words: String?
        switch facts.vex {
        case .notAffected: words = "a VEX statement says that it is not affected"
        case .fixed: words = "a VEX statement says that it is fixed"
        case .affected, .underInvestigation, nil:
            if facts.reachability == .unused { words = "nothing in the code that was looked through uses it" }
        }
        guard let words else { return nil }
        reasons.append(known ? "\(words), which does not count for what is known to be exploited" : words)
        return known ? nil : words
    }

    private static func taken<Fact>(_ fact: Fact?, _ other: Fact, _ name: String, _ reasons: inout [String]) -> Fact {
        if let fact { return fact }
        reasons.append("\(name) is not known and taken as \(other)")
        return other
    }

    private static func list(_ known: Bool, _ exposed: Bool, _ automatable: Bool, _ total: Bool) -> String {
        let words = [
            known ? "known to be exploited" : "not known to be exploited", exposed ? "exposed" : "not exposed",
            automatable ? "automatable" : "not automatable", total ? "total impact" : "partial impact",
        ]
        return words.joined(separator: ", ")
    }

    private static func weight(_ criticality: RiskFacts.Criticality) -> Double {
        switch criticality {
        case .low: 0.25
        case .medium: 0.5
        case .high: 0.75
        case .critical: 1
        }
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}

extension RiskDecision {
    /// The facts and what was decided: enough to decide again.
    public static func record(_ facts: RiskFacts) -> JSON {
        let decision = RiskDecision(facts)
        return [
            "version": .string(version), "facts": facts.json, "tier": .string(decision.tier.words),
            "ssvc": .string(decision.ssvc.words), "dismissed": .bool(decision.dismissal != nil),
            "reasons": .array(decision.reasons.map { .string($0) }),
        ]
    }

    /// Decides again from the record.
    /// - Returns: nil where the record is of other tables; else whether it comes out the same.
    public static func replay(_ record: JSON) -> Bool? {
        guard record["version"]?.string == version, let facts = record["facts"] else { return nil }
        return self.record(RiskFacts(facts)) == record
    }
}
