import Core
import Crypto
import JSON

/// The built-in decider: rules in order, the first that matches decides, and no match is a denial.
public struct RuleTable: Decider {
    public let rules: [Rule]
    /// `rules:` and the first 16 hex digits of the SHA-256 of the rules.
    public let revision: String

    /// - Parameter own: the organisation's rules, which come before the standard ones.
    public init(own: [Rule] = []) { self.init(rules: own + Rule.standard) }

    public init(rules: [Rule]) {
        self.rules = rules
        let canonical = JSON.array(rules.map(\.json)).bytes()
        revision = "rules:" + Hex.encode(SHA256.hash(data: canonical).prefix(8))
    }

    public func decide(_ input: DecisionInput) async throws -> Decision {
        guard let rule = rules.first(where: { $0.matches(input) }) else {
            return Decision(.deny, reason: "no rule allows it", rule: "none", policyRevision: revision)
        }
        let verdict: Decision.Verdict =
            switch rule.outcome {
            case .allow: .allow
            case .deny: .deny
            case .ask(let approval): .ask(approval)
            }
        return Decision(
            verdict, reason: rule.reason, rule: rule.id, constraints: rule.constraints, policyRevision: revision)
    }
}

extension Rule {
    /// Everything that the rule says, with sets in order: what the table's revision is made of.
    var json: JSON {
        func sorted(_ texts: some Sequence<String>) -> JSON { .array(texts.sorted().map { .string($0) }) }
        var object: JSON = [
            "id": .string(id), "tools": sorted(tools), "targets": sorted(targets), "reason": .string(reason),
        ]
        object["roles"] = roles.map { sorted($0) }
        object["kinds"] = kinds.map { sorted($0.map(\.rawValue)) }
        object["effects"] = effects.map { sorted($0.map(\.rawValue)) }
        object["labels"] = labels.map { sorted($0.map(\.rawValue)) }
        object["session_classes"] = sessionClasses.map { sorted($0) }
        object["sends_outside"] = sendsOutside.map { .bool($0) }
        object["constraints"] = constraints
        switch outcome {
        case .allow: object["outcome"] = "allow"
        case .deny: object["outcome"] = "deny"
        case .ask(let approval):
            object["outcome"] = [
                "roles": sorted(approval.roles), "quorum": JSON(approval.quorum),
                "expires": JSON(approval.expires.microseconds),
            ]
        }
        return object
    }
}
