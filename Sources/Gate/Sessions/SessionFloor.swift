/// What the operator demands of every session, whatever its class asks for: the stricter of the two holds.
public struct SessionFloor: Sendable, Hashable {
    public var retention: Duration
    public var logging: SessionClass.Logging
    public var approval: SessionClass.Approval

    /// Demands nothing.
    public static let none = SessionFloor()

    public init(
        retention: Duration = .zero, logging: SessionClass.Logging = .optional, approval: SessionClass.Approval = .none
    ) {
        self.retention = retention
        self.logging = logging
        self.approval = approval
    }

    /// The class as it is in force: the longer retention, the stricter logging, the stricter approval. Where both name
    /// an approver, the operator's counts.
    public func raising(_ asked: SessionClass) -> SessionClass {
        SessionClass(
            name: asked.name, retention: max(retention, asked.retention),
            logging: logging == .required ? .required : asked.logging,
            approval: approval.strictness >= asked.approval.strictness ? approval : asked.approval,
            bodies: asked.bodies)
    }
}

extension SessionClass.Approval {
    fileprivate var strictness: Int {
        switch self {
        case .none: 0
        case .auto: 1
        case .role: 2
        }
    }
}
