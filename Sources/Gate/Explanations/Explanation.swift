public import Core
public import JSON

/// Why a decision falls as it does: which rules speak, which would if one thing were otherwise, and what to change.
public struct Explanation: Sendable, Hashable {
    /// One line of a rule.
    public struct Condition: Sendable, Hashable {
        /// As the rule spells it: `not is_admin`.
        public var text: String
        /// In words, where the rule that it names has a title.
        public var title: String?
        /// `roles.rego:12`
        public var place: String
        /// What the input has there instead, for a comparison with a constant.
        public var actual: JSON?

        public var words: String {
            guard let title else { return actual.map { "\(text) (it is \($0.text()))" } ?? text }
            return title
        }
    }

    /// A rule of the policy, and how far it got.
    public struct Rule: Sendable, Hashable {
        public enum Outcome: Sendable, Hashable {
            /// It decided, alone or with others.
            case spoke
            /// It applies; a stricter rule, or one of the organisation's own, decided instead.
            case overruled
            /// It does not apply because of this.
            case unmet(Condition)
        }

        /// `change.ask`; nil where the rule does not say.
        public var id: String?
        /// What it would answer: `allow`, `ask` or `deny`.
        public var verdict: String
        public var title: String?
        public var description: String?
        /// `effects.rego:34`
        public var place: String
        /// Whether it is the organisation's and not a built-in one.
        public var isOwn: Bool
        /// What to change, and where.
        public var remedy: String?
        public var outcome: Outcome

        public var name: String { id ?? place }
    }

    /// A floor in code that changed what policy said.
    public struct Floor: Sendable, Hashable {
        public var id: String
        public var title: String
        public var remedy: String
    }

    /// As it was asked about.
    public var action: Action
    public var effect: Effect
    /// What the gate would do now.
    public var decision: Decision
    /// What policy says before the floors.
    public var policy: Decision
    public var floors: [Floor]
    /// Those that spoke.
    public var spoke: [Rule]
    /// Those that apply and were overruled, then those that nearly apply, nearest first.
    public var others: [Rule]
    /// In words, each once.
    public var remedies: [String]
    /// What was left out of account: that there is no preview yet, that policy has changed since.
    public var notes: [String] = []
    /// What policy saw as `input`: to be evaluated again with other values.
    public var input: JSON
}

extension Explanation {
    public var json: JSON {
        [
            "action": [
                "id": .string(action.id), "tool": .string(action.tool), "target": .string(action.target),
                "effect": .string(effect.rawValue),
            ],
            "decision": decision.json, "policy": policy.json, "floors": .array(floors.map(\.json)),
            "spoke": .array(spoke.map(\.json)), "others": .array(others.map(\.json)),
            "remedies": .array(remedies.map { .string($0) }), "notes": .array(notes.map { .string($0) }),
            "text": .string(text), "input": input,
        ]
    }
}

extension Decision {
    /// As policy answers, with the revision of the policy.
    var json: JSON {
        var object: JSON = [
            "rule": .string(rule), "reason": .string(reason), "constraints": constraints,
            "policy": .string(policyRevision),
        ]
        switch verdict {
        case .allow: object["verdict"] = "allow"
        case .deny: object["verdict"] = "deny"
        case .ask(let rule):
            object["verdict"] = "ask"
            object["approval"] = [
                "roles": .array(rule.roles.sorted().map { .string($0) }), "quorum": JSON(rule.quorum),
                "expires_seconds": JSON(rule.expires.components.seconds),
            ]
        }
        return object
    }
}

extension Explanation.Floor {
    fileprivate var json: JSON {
        ["id": .string(id), "title": .string(title), "remedy": .string(remedy)]
    }
}

extension Explanation.Rule {
    fileprivate var json: JSON {
        var object: JSON = [
            "id": .string(name), "verdict": .string(verdict), "place": .string(place), "own": .bool(isOwn),
        ]
        object["title"] = title.map { .string($0) }
        object["description"] = description.map { .string($0) }
        object["remedy"] = remedy.map { .string($0) }
        switch outcome {
        case .spoke: object["outcome"] = "spoke"
        case .overruled: object["outcome"] = "overruled"
        case .unmet(let condition):
            object["outcome"] = "unmet"
            object["unmet"] = condition.json
        }
        return object
    }
}

extension Explanation.Condition {
    fileprivate var json: JSON {
        var object: JSON = ["text": .string(text), "words": .string(words), "place": .string(place)]
        object["title"] = title.map { .string($0) }
        object["actual"] = actual
        return object
    }
}
