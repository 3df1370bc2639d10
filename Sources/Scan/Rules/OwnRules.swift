public import Core
import Matching
import Privacy

/// Rules of one's own beside the builtin ones, and what they accept.
public struct OwnRules: Sendable {
    /// A further condition on what a rule of one's own matches.
    struct Filter: Sendable {
        /// Nil for all paths.
        var paths: IgnoreRules?
        var exceptions = Exceptions()
    }

    /// Values that are none: by words in them, in any case, or by expressions that match them.
    struct Exceptions: Sendable {
        /// In lower case.
        var stopWords: [[UInt8]] = []
        var expressions: [Expression] = []

        var isEmpty: Bool { stopWords.isEmpty && expressions.isEmpty }

        /// Nil where an expression took more steps than it may; no further one is tried then.
        func hold(_ value: UnsafeRawBufferPointer) -> Bool? {
            let lower = value.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            if stopWords.contains(where: { lower.firstRange(of: $0) != nil }) { return true }
            for expression in expressions {
                switch expression.firstMatch(in: value) {
                case .match: return true
                case .noMatch: continue
                case .limit: return nil
                }
            }
            return false
        }
    }

    /// Findings that are accepted, with the reason. What is given has to hold together.
    struct Acceptance: Sendable {
        /// Nil for all rules.
        var rules: Set<String>?
        var paths: IgnoreRules?
        var exceptions = Exceptions()
        var reason: String
    }

    /// Rules, and acceptances, of all files together.
    static let most = 500

    private(set) var rules: [SecretRule] = []
    private var filters: [String: Filter] = [:]
    private var acceptances: [Acceptance] = []

    public init() {}

    public var isEmpty: Bool { rules.isEmpty && acceptances.isEmpty }

    mutating func add(_ rule: SecretRule, _ filter: Filter) {
        rules.append(rule)
        filters[rule.id] = filter
    }

    mutating func add(_ acceptance: Acceptance) { acceptances.append(acceptance) }

    /// - Throws: `invalid` where two have a rule of the same name.
    public func joined(with other: OwnRules) throws(GatehouseError) -> OwnRules {
        if let twice = other.rules.first(where: { filters[$0.id] != nil }) {
            throw GatehouseError(
                "scan", .invalid, "two files have a rule \(twice.id)", hint: "give one of them another id")
        }
        guard rules.count + other.rules.count <= Self.most, acceptances.count + other.acceptances.count <= Self.most
        else {
            throw GatehouseError(
                "scan", .tooLarge, "there are more than \(Self.most) rules, or acceptances, in all files")
        }
        var both = self
        both.rules += other.rules
        both.filters.merge(other.filters) { mine, _ in mine }
        both.acceptances += other.acceptances
        return both
    }

    enum Verdict {
        case reported, dropped
        case accepted(reason: String)
        /// An expression took more steps than it may; it is reported.
        case unsure
    }

    func verdict(on value: UnsafeRawBufferPointer, of rule: String, in path: String) -> Verdict {
        let bytes = Array(path.utf8)
        if let filter = filters[rule] {
            if filter.paths?.excludes(bytes) == false { return .dropped }
            switch filter.exceptions.hold(value) {
            case true?: return .dropped
            case nil: return .unsure
            case false?: break
            }
        }
        for acceptance in acceptances {
            guard acceptance.rules?.contains(rule) ?? true, acceptance.paths?.excludes(bytes) ?? true else { continue }
            if acceptance.exceptions.isEmpty { return .accepted(reason: acceptance.reason) }
            switch acceptance.exceptions.hold(value) {
            case true?: return .accepted(reason: acceptance.reason)
            case nil: return .unsure
            case false?: continue
            }
        }
        return .reported
    }
}
