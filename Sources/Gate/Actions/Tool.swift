public import Core
public import JSON

/// What a tool is, as the registry lists it: the CLI, the console, the docs and the policy input are generated from it.
public struct ToolDescriptor: Sendable, Hashable {
    /// Namespaced, lower case: `scan.assess`, `aws.ec2.stop_instances`.
    public let id: String
    public let title: String
    /// One or two sentences for people and for models that choose among tools.
    public let summary: String
    /// The greatest effect that any call of it has.
    public let effect: Effect
    /// JSON Schema (2020-12) of the arguments object.
    public let arguments: JSON
    /// How long one ``Tool/perform(_:in:)`` may take before its outcome counts as unknown.
    public let timeout: Duration
    /// Further attempts after a failure that the tool reports as `unavailable`. Only for `read`: a change is never
    /// repeated blindly.
    public let retries: Int
    /// Whether it sends what it is given out of the organisation (a model provider, a chat service, a webhook):
    /// policy looks at it.
    public let sendsOutside: Bool
    /// Whether the gate leaves it alone for a while after repeated failures. Not where the tool has breakers of its own,
    /// one for each of the places that it calls.
    public let hasBreaker: Bool
    /// Whether its work is made of actions, which it submits by ``ActionContext/submit(_:carrying:)``.
    public let hasParts: Bool

    public init(
        id: String, title: String, summary: String, effect: Effect, arguments: JSON = ["type": "object"],
        timeout: Duration = .seconds(60), retries: Int = 0, sendsOutside: Bool = false,
        hasBreaker: Bool = true, hasParts: Bool = false
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.effect = effect
        self.arguments = arguments
        self.timeout = timeout
        self.retries = effect == .read ? retries : 0
        self.sendsOutside = sendsOutside
        self.hasBreaker = hasBreaker
        self.hasParts = hasParts
    }
}

extension ToolDescriptor {
    /// The schema of arguments that have these members, and no others.
    package static func object(_ properties: JSONObject, required: [String] = []) -> JSON {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": false,
        ]
    }
}

/// The handler of one kind of action. A plane registers its tools with the gate's ``ToolRegistry``.
public protocol Tool: Sendable {
    var descriptor: ToolDescriptor { get }

    /// Checks the arguments and says what this very call would do to the world; never greater than the descriptor's
    /// effect.
    /// - Throws: `invalid`, naming the argument.
    func effect(of arguments: JSON) throws -> Effect

    /// Labels that the provider may see to whom this very call would send what it is given; nil where there is none.
    func clearance(for arguments: JSON) -> Set<Label>?

    /// Who has to agree to this very call, whatever policy says: an allow becomes an ask by this rule, an ask holds beside
    /// it, a denial stays, and break-glass does not lift it. Nil leaves it to policy.
    func approval(for arguments: JSON) -> ApprovalRule?

    /// What a call will cost at the most: reserved before it is performed, reconciled with ``Answer/usage`` after.
    func estimate(of arguments: JSON) -> Usage

    /// What would happen, computed before anything does. Asked for `change` and `destroy` only. Must not alter
    /// anything.
    func preview(_ action: Action, in context: ActionContext) async throws -> Preview

    /// Does it. Throwing `GatehouseError` means that it did not happen, except with code `timeout` or `cancelled`, or
    /// any other error type: then the outcome is *unknown* and ``reconcile(_:in:)`` is asked. ``ActionFailure`` says that
    /// it failed and what that cost.
    func perform(_ action: Action, in context: ActionContext) async throws -> Answer

    /// Looks whether an action whose outcome was not seen did happen.
    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation
}

extension Tool {
    public func effect(of arguments: JSON) throws -> Effect { descriptor.effect }
    public func clearance(for arguments: JSON) -> Set<Label>? { nil }
    public func approval(for arguments: JSON) -> ApprovalRule? { nil }
    public func estimate(of arguments: JSON) -> Usage { Usage() }
    public func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        Preview(summary: descriptor.title, undo: nil)
    }
    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .unknowable }
}

/// What a tool gives back.
public struct Answer: Sendable, Hashable {
    public var value: JSON
    /// What it cost, where it cost anything: reconciles the budget that was reserved.
    public var usage: Usage
    /// What the record says of it in the clear: an object of numbers, names and hashes, never texts that passed through.
    public var facts: JSON
    /// Of what went to the caller beside the value, by way of the action's ``Cargo``.
    public var labels: Set<Label>

    public init(_ value: JSON, usage: Usage = Usage(), facts: JSON = [:], labels: Set<Label> = []) {
        self.value = value
        self.usage = usage
        self.facts = facts
        self.labels = labels
    }
}

public enum Reconciliation: Sendable, Hashable {
    case happened(Answer)
    case didNotHappen
    case unknowable
}

/// What a tool may know while it works.
public struct ActionContext: Sendable {
    public let principal: Principal
    public let session: Session
    /// Constraints that the decision laid on the action (route, limits); an object.
    public let constraints: JSON
    /// Of the request as it was inspected, and of the session.
    public let labels: Set<Label>
    /// What the action carries, inspected; nil for most.
    public let cargo: (any Cargo)?
    /// What people were shown, and agreed to where they were asked; nil before there is one, and for what only reads. A
    /// tool may hold the world to it: time has passed since.
    public let preview: Preview?
    /// Whether it was asked for by a user of this machine, over the unix socket: see ``Caller/isLocal``.
    public let isLocal: Bool
    /// The action's own span, for the calls to other systems that it makes; nil where they are to know nothing of it.
    public let trace: TraceContext?
    private let report: @Sendable (Progress) -> Void
    /// Nil for a tool that has no parts.
    let submitPart: PartSubmitter?

    public init(
        principal: Principal, session: Session, constraints: JSON = [:], labels: Set<Label> = [],
        cargo: (any Cargo)? = nil, preview: Preview? = nil, isLocal: Bool = false, trace: TraceContext? = nil,
        report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.init(
            principal: principal, session: session, constraints: constraints, labels: labels, cargo: cargo,
            preview: preview, isLocal: isLocal, trace: trace, submitPart: nil, report: report)
    }

    init(
        principal: Principal, session: Session, constraints: JSON, labels: Set<Label>, cargo: (any Cargo)?,
        preview: Preview?, isLocal: Bool, trace: TraceContext?, submitPart: PartSubmitter?,
        report: @escaping @Sendable (Progress) -> Void
    ) {
        self.principal = principal
        self.session = session
        self.constraints = constraints
        self.labels = labels
        self.cargo = cargo
        self.preview = preview
        self.isLocal = isLocal
        self.submitPart = submitPart
        self.trace = trace
        self.report = report
    }

    /// Tells whoever watches how far the work is. Cheap; may be called often.
    public func progress(_ progress: Progress) { report(progress) }
}

public struct Progress: Sendable, Hashable {
    /// What is being done now, a few words.
    public var stage: String
    public var done: Int
    /// Nil while it is not known.
    public var total: Int?

    public init(stage: String, done: Int, total: Int? = nil) {
        self.stage = stage
        self.done = done
        self.total = total
    }
}
