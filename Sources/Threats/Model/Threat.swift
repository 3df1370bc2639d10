/// The six kinds of threats by what they break.
public enum Stride: String, Sendable, Hashable, CaseIterable {
    case spoofing, tampering, repudiation
    case disclosure = "information_disclosure"
    case denial = "denial_of_service"
    case elevation = "elevation_of_privilege"

    public var words: String {
        let text = rawValue.split(separator: "_").joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// S, T, R, I, D, E
    public var letter: String { String(words.prefix(1)) }
}

/// A threat to one element or flow, with what was found about it.
public struct Threat: Sendable, Hashable {
    public enum Standing: String, Sendable, Hashable, CaseIterable {
        /// Evidence says that it can happen.
        case open
        /// Nothing says either.
        case unknown
        /// Evidence says that something stands against it.
        case mitigated
    }

    /// `T-STORE-PLAIN@aws|infra|aws_db_instance.main`
    public var id: String { "\(rule.id)@\(subject)" }
    public var rule: ThreatRule
    /// The id of an element or flow.
    public var subject: String
    /// As people call it.
    public var name: String
    public var standing: Standing
    public var evidence: [Evidence]
    public var risk: Risk

    /// How likely and how bad, from 1 to 3 each, with the reasons.
    public struct Risk: Sendable, Hashable {
        public var likelihood: Int
        public var impact: Int
        public var reason: String

        public var value: Int { likelihood * impact }

        public var level: String {
            switch value {
            case 9...: "critical"
            case 6...: "high"
            case 3...: "medium"
            default: "low"
            }
        }
    }

    /// What it adds to the score: all of its risk while it is open, a third of it where nothing is known.
    public var points: Int {
        switch standing {
        case .open: risk.value
        case .unknown: risk.value / 3
        case .mitigated: 0
        }
    }
}

/// The sum over all threats.
public struct RiskScore: Sendable, Hashable {
    public var points = 0
    /// Open ones, by level.
    public var open: [String: Int] = [:]
    public var unknown = 0
    public var mitigated = 0

    static let levels = ["critical", "high", "medium", "low"]

    public init() {}

    init(_ threats: [Threat]) {
        for threat in threats {
            points += threat.points
            switch threat.standing {
            case .open: open[threat.risk.level, default: 0] += 1
            case .unknown: unknown += 1
            case .mitigated: mitigated += 1
            }
        }
    }
}
