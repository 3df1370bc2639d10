public import Core
public import Ledger
public import Logging
public import ServiceLifecycle
public import Store

/// The one way through: whatever asks, and whatever is asked for, passes the same eight steps.
///
/// identify → inspect → decide → preview → approve → perform → inspect the answer → record. The steps are small functions in
/// `Pipeline/`; state that outlives a call is in the store, and what happened is in the ledger.
public final class Gate: Sendable, Service {
    /// What a gate is made of.
    public struct Parts: Sendable {
        public var store: Store
        public var ledger: Ledger
        public var clock: any WallClock
        public var logger: Logger
        public var settings: GateSettings
        /// Nil takes the built-in ``RuleTable`` with the rules of the settings.
        public var decider: (any Decider)?
        public var inspectors: [any Inspector]
        public var tools: [any Tool]
        /// 32 bytes: keys the hashes of API keys and of requests.
        public var secretKey: [UInt8]

        public init(
            store: Store, ledger: Ledger, clock: any WallClock = SystemWallClock(), logger: Logger, settings: GateSettings = .standard,
            decider: (any Decider)? = nil, inspectors: [any Inspector] = [], tools: [any Tool], secretKey: [UInt8]
        ) {
            self.store = store
            self.ledger = ledger
            self.clock = clock
            self.logger = logger
            self.settings = settings
            self.decider = decider
            self.inspectors = inspectors
            self.tools = tools
            self.secretKey = secretKey
        }
    }

    public let identity: Identity
    public let sessions: Sessions
    public let budgets: Budgets
    public let tools: ToolRegistry
    public let events: EventHub
    public let approvals: Approvals
}
