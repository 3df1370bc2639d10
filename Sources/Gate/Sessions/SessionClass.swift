import Core

/// The kind of work a session is for: how long its records are kept, whether reads are recorded, who approves.
/// Written in configuration as `sessions: {security-audit: {retention: 90_days, logging: required, approval:
/// security_lead}}`.
public struct SessionClass: Sendable, Hashable {
    public enum Logging: String, Sendable, Hashable, CaseIterable {
        case required
        /// Reads may go unrecorded; a `reveal`, `change` or `destroy` never does.
        case optional
    }

    public enum Approval: Sendable, Hashable {
        /// The class asks for nothing; policy still may.
        case none
        /// Policy decides.
        case auto
        /// Every `change` and `destroy` needs this role.
        case role(String)
    }

    public let name: String
    public let retention: Duration
    public let logging: Logging
    public let approval: Approval
    /// Whether the record has what was said to models and by them, after inspection, for as long as it has the rest.
    public let bodies: Bool

    public init(name: String, retention: Duration, logging: Logging, approval: Approval, bodies: Bool = false) {
        self.name = name
        self.retention = retention
        self.logging = logging
        self.approval = approval
        self.bodies = bodies
    }

    /// What a caller gets who asks for no class.
    public static let standard = SessionClass(
        name: "standard", retention: .seconds(90 * 86_400), logging: .required, approval: .auto)
}
