public import Core
public import JSON
public import Store

extension Gate {
    /// The tables of the gate, in the order in which they are made.
    public static let migrations: [Migration] = []
    public convenience init(_ parts: Parts) async throws { throw GatehouseError("gate", .unsupported, "not yet") }
    public func run() async throws {}
    public func identify(_ credential: Credential) async throws -> Principal { try await identity.identify(credential) }
    public func enter(_ principal: Principal, session: String?, class name: String?) throws -> Caller {
        Caller(principal: principal, session: try sessions.enter(principal, session: session, class: name))
    }
    public func submit(_ request: ActionRequest, as caller: Caller) async throws -> Submission { throw Self.notYet }
    /// - Parameter binding: what the approver was shown (``Approval/binding``); refused when it differs. Nil when not known.
    public func approve(_ approvalID: String, binding: String? = nil, by caller: Caller, reason: String) async throws -> ApprovalOutcome { throw Self.notYet }
    public func deny(_ approvalID: String, by caller: Caller, reason: String) async throws -> Approval { throw Self.notYet }
    public func undo(_ actionID: String, as caller: Caller, reason: String?) async throws -> Submission { throw Self.notYet }
    /// The answer of an action performed on approval that is not kept (`reveal`): once, to its requester only.
    public func collect(_ actionID: String, as caller: Caller) async throws -> Answer { throw Self.notYet }
    public func action(_ id: String) async throws -> ActionRecord { throw Self.notYet }
    public func actions(limit: Int = 100, before: String? = nil, state: ActionRecord.State? = nil) async throws -> [ActionRecord] { [] }
    private static var notYet: GatehouseError { GatehouseError("gate", .unsupported, "not yet") }
}
