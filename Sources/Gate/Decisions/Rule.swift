public import Core
public import JSON

/// One line of the built-in rule table. Every condition that is given must hold; an absent one always does.
public struct Rule: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case allow
        case deny
        case ask(ApprovalRule)
    }

    /// Names the rule in decisions and records: `change.ask`.
    public var id: String
    /// The principal has one of these; nil for anybody.
    public var roles: Set<String>?
    public var kinds: Set<Principal.Kind>?
    /// Globs over tool ids, where `*` stands for any run of characters; one must match.
    public var tools: [String]
    /// Globs over targets; one must match.
    public var targets: [String]
    public var effects: Set<Effect>?
    /// One of these is on the request or on the session.
    public var labels: Set<Label>?
    /// Names of session classes.
    public var sessionClasses: Set<String>?
    /// Whether the tool sends what it is given out of the organisation.
    public var sendsOutside: Bool?
    public var outcome: Outcome
    /// In words, for the caller and the record.
    public var reason: String
    /// What an allowed action must keep to; an object.
    public var constraints: JSON

    public init(
        _ id: String, roles: Set<String>? = nil, kinds: Set<Principal.Kind>? = nil, tools: [String] = ["*"],
        targets: [String] = ["*"], effects: Set<Effect>? = nil, labels: Set<Label>? = nil,
        sessionClasses: Set<String>? = nil,
        sendsOutside: Bool? = nil, outcome: Outcome, reason: String, constraints: JSON = [:]
    ) {
        self.id = id
        self.roles = roles
        self.kinds = kinds
        self.tools = tools
        self.targets = targets
        self.effects = effects
        self.labels = labels
        self.sessionClasses = sessionClasses
        self.sendsOutside = sendsOutside
        self.outcome = outcome
        self.reason = reason
        self.constraints = constraints
    }

    func matches(_ input: DecisionInput) -> Bool {
        if let effects, !effects.contains(input.effect) { return false }
        if let roles, roles.isDisjoint(with: input.principal.roles) { return false }
        if let kinds, !kinds.contains(input.principal.kind) { return false }
        if let sendsOutside, sendsOutside != input.sendsOutside { return false }
        if let sessionClasses, !sessionClasses.contains(input.session.sessionClass.name) { return false }
        if let labels, labels.isDisjoint(with: input.labels), labels.isDisjoint(with: input.session.labels) {
            return false
        }
        return Glob.matches(input.action.tool, anyOf: tools) && Glob.matches(input.action.target, anyOf: targets)
    }
}
