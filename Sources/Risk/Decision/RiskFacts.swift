public import Core
public import JSON

/// What is known of one flaw in one asset when it is decided what to do first. What is not known is nil, and the
/// decision says what it was taken for.
public struct RiskFacts: Sendable, Hashable {
    /// What a VEX statement says (OpenVEX 0.2.0).
    public enum VEXStatus: String, Sendable, Hashable, CaseIterable {
        case notAffected = "not_affected"
        case affected, fixed
        case underInvestigation = "under_investigation"
    }

    /// Whether the flawed code is used.
    public enum Reachability: String, Sendable, Hashable, CaseIterable {
        /// A flawed function is called.
        case called
        /// The package is imported; nothing is known of its functions.
        case imported
        /// Neither is in the code that was looked through.
        case unused
    }

    public enum Exposure: String, Sendable, Hashable, CaseIterable {
        case small, controlled, open
    }

    public enum Exploitation: String, Sendable, Hashable, CaseIterable {
        case none
        case publicPoC = "public poc"
        case active
    }

    /// Of the asset; SSVC's human impact is read from it.
    public enum Criticality: String, Sendable, Hashable, CaseIterable {
        case low, medium, high, critical
    }

    public var vex: VEXStatus?
    public var reachability: Reachability?
    /// When CISA added it to the known exploited vulnerabilities; nil where it is not among them.
    public var knownExploitedSince: String?
    public var exposure: Exposure?
    public var isAutomatable: Bool?
    public var hasTotalImpact: Bool?
    public var exploitation: Exploitation?
    public var criticality: Criticality?
    /// The probability of exploitation within 30 days, from 0 to 1.
    public var epss: Double?
    public var cvss: Double?
    /// The dates of the catalogues that were asked; nil where there was none.
    public var knownExploitedAsOf: Timestamp?
    public var epssAsOf: Timestamp?

    public init() {}
}

extension RiskFacts {
    public init(_ json: JSON) {
        vex = json["vex"]?.string.flatMap(VEXStatus.init(rawValue:))
        reachability = json["reachability"]?.string.flatMap(Reachability.init(rawValue:))
        knownExploitedSince = json["known_exploited_since"]?.string
        exposure = json["exposure"]?.string.flatMap(Exposure.init(rawValue:))
        isAutomatable = json["automatable"]?.bool
        hasTotalImpact = json["total_impact"]?.bool
        exploitation = json["exploitation"]?.string.flatMap(Exploitation.init(rawValue:))
        criticality = json["criticality"]?.string.flatMap(Criticality.init(rawValue:))
        epss = json["epss"]?.double
        cvss = json["cvss"]?.double
        knownExploitedAsOf = json["known_exploited_as_of"]?.string.flatMap { Timestamp($0) }
        epssAsOf = json["epss_as_of"]?.string.flatMap { Timestamp($0) }
    }

    /// The members that are known.
    public var json: JSON {
        let members: [(String, JSON?)] = [
            ("vex", vex.map { .string($0.rawValue) }), ("reachability", reachability.map { .string($0.rawValue) }),
            ("known_exploited_since", knownExploitedSince.map { .string($0) }),
            ("exposure", exposure.map { .string($0.rawValue) }), ("automatable", isAutomatable.map { .bool($0) }),
            ("total_impact", hasTotalImpact.map { .bool($0) }),
            ("exploitation", exploitation.map { .string($0.rawValue) }),
            ("criticality", criticality.map { .string($0.rawValue) }), ("epss", epss.flatMap { JSON($0) }),
            ("cvss", cvss.flatMap { JSON($0) }),
            ("known_exploited_as_of", knownExploitedAsOf.map { .string($0.description) }),
            ("epss_as_of", epssAsOf.map { .string($0.description) }),
        ]
        return .object(JSONObject(members.compactMap { key, value in value.map { (key, $0) } }))
    }
}
