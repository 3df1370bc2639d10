public import Core
public import JSON

/// What policy says about one action.
public struct Decision: Sendable, Hashable {
    public enum Verdict: Sendable, Hashable {
        case allow
        case deny
        /// Allowed once people agree.
        case ask(ApprovalRule)
    }

    public var verdict: Verdict
    /// In words, for the caller and the record.
    public var reason: String
    /// The rule that decided.
    public var rule: String
    /// What an allowed action must keep to (route, limits); an object that the tool reads.
    public var constraints: JSON
    /// Of the policy that decided; approvals are bound to it.
    public var policyRevision: String

    public init(_ verdict: Verdict, reason: String, rule: String, constraints: JSON = [:], policyRevision: String) {
        self.verdict = verdict
        self.reason = reason
        self.rule = rule
        self.constraints = constraints
        self.policyRevision = policyRevision
    }
}

/// Who must agree, how many, and by when.
public struct ApprovalRule: Sendable, Hashable {
    /// An approver has at least one of these.
    public var roles: Set<String>
    /// Different people, none of them the requester. At least one.
    public var quorum: Int
    public var expires: Duration

    public init(roles: Set<String>, quorum: Int = 1, expires: Duration = .seconds(3600)) {
        self.roles = roles
        self.quorum = max(1, quorum)
        self.expires = expires
    }
}

/// Everything a decision may rest on.
public struct DecisionInput: Sendable {
    public var principal: Principal
    public var session: Session
    public var action: Action
    public var effect: Effect
    /// Of this request; the session's own are in ``session``.
    public var labels: Set<Label>
    /// Known once the preview is made; nil in the first round, which only weeds out what is denied anyway.
    public var preview: Preview?
    public var time: Timestamp
    /// Of the tool: see ``ToolDescriptor/sendsOutside``.
    public var sendsOutside: Bool
    /// Of the provider behind the tool; nil where there is none: see ``Tool/clearance(for:)``.
    public var clearance: Set<Label>?
    /// Of the tool, for the floor: see ``Tool/approval(for:)``. Policy does not see it.
    public var approval: ApprovalRule?

    public init(
        principal: Principal, session: Session, action: Action, effect: Effect, labels: Set<Label>, preview: Preview?,
        time: Timestamp, sendsOutside: Bool = false, clearance: Set<Label>? = nil, approval: ApprovalRule? = nil
    ) {
        self.principal = principal
        self.session = session
        self.action = action
        self.effect = effect
        self.labels = labels
        self.preview = preview
        self.time = time
        self.sendsOutside = sendsOutside
        self.clearance = clearance
        self.approval = approval
    }
}

/// Decides. Throwing is a denial: no decision, no action.
public protocol Decider: Sendable {
    /// Of the policy as it stands: changes whenever a decision could.
    var revision: String { get }
    func decide(_ input: DecisionInput) async throws -> Decision
    /// The same, of what nobody has asked for yet: nothing comes of it, and no log hears of it.
    func foresee(_ input: DecisionInput) async throws -> Decision
    /// What ``foresee(_:)`` says whatever the action's target, arguments and id and whenever it is asked, for as long as
    /// ``revision`` is the same. Nil where it depends on them, or nobody knows.
    func settled(_ input: DecisionInput) async -> Decision?
}

extension Decider {
    public func foresee(_ input: DecisionInput) async throws -> Decision { try await decide(input) }
    public func settled(_ input: DecisionInput) async -> Decision? { nil }
}
