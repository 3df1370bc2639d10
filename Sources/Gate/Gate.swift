public import Core
import Crypto
public import Ledger
public import Logging
public import Policy
public import ServiceLifecycle
public import Store
import Synchronization

/// The one way through: whatever asks, and whatever is asked for, passes the same eight steps.
///
/// identify → inspect → decide → preview → approve → perform → inspect the answer → record. The steps are small
/// functions in extensions of this class, each in the folder of its concept; state that outlives a call is in the
/// store, and what happened is in the ledger.
public final class Gate: Sendable, Service {
    /// What a gate is made of.
    public struct Parts: Sendable {
        public var store: Store
        public var ledger: Ledger
        public var clock: any WallClock
        public var logger: Logger
        public var settings: GateSettings
        /// Nil takes a ``PolicyDecider``.
        public var decider: (any Decider)?
        public var inspectors: [any Inspector]
        public var tools: [any Tool]
        /// 32 bytes: keys the hashes of API keys and of requests.
        public var secretKey: [UInt8]
        /// Fetches the keys of token issuers; without it only issuers with inline keys are known.
        public var keyFetcher: (any JWKSFetcher)?
        /// What policy asks servers with; without it, it asks none.
        public var http: (any HTTPAccess)?
        /// Hears of each decision by policy.
        public var listener: (any DecisionListener)?
        /// Hears of each action.
        public var actionListener: (any ActionListener)?

        public init(
            store: Store, ledger: Ledger, clock: any WallClock = SystemWallClock(), logger: Logger,
            settings: GateSettings = .standard,
            decider: (any Decider)? = nil, inspectors: [any Inspector] = [], tools: [any Tool], secretKey: [UInt8],
            keyFetcher: (any JWKSFetcher)? = nil, http: (any HTTPAccess)? = nil,
            listener: (any DecisionListener)? = nil, actionListener: (any ActionListener)? = nil
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
            self.keyFetcher = keyFetcher
            self.http = http
            self.listener = listener
            self.actionListener = actionListener
        }
    }

    public let identity: Identity
    public let sessions: Sessions
    public let budgets: Budgets
    public let tools: ToolRegistry
    public let events: EventHub
    public let approvals: Approvals
    /// The policy in force: the built-in bundle, what the settings name, and what is activated beside them.
    public let policies: PolicyStore

    let clock: any WallClock
    let logger: Logger
    private let policy: Mutex<any Decider>
    let decidesByPolicy: Bool
    private let http: (any HTTPAccess)?
    private let listener: (any DecisionListener)?
    let actionListener: (any ActionListener)?
    let inspection: InspectionChain
    let recorder: Recorder
    let actions: ActionTable
    let retention: Retention
    let requestKey: SymmetricKey
    let deadlines = Deadlines()
    let undertakings = Undertakings()
    let flights = Flights()
    let revealed = RevealedAnswers()
    let refusals = Mutex(RefusalMeter())
    let requestRefusals = Mutex(RefusalMeters())

    /// The tables of the gate, in the order in which they are made.
    public static let migrations: [Migration] =
        ActionTable.migrations + Approvals.migrations + Identity.migrations + Sessions.migrations + Budgets.migrations
        + RetentionTable.migrations + ActionTable.laterMigrations

    /// Loads what was kept. Actions that the last run left in the middle are recorded as unknown, and their tools are
    /// asked about them.
    ///
    /// - Throws: `invalid`, `conflict` or `unsupported` for tools that cannot be registered; what store and ledger
    ///   report.
    public init(_ parts: Parts) async throws {
        guard parts.secretKey.count == 32 else {
            throw GatehouseError(
                "gate", .invalid, "the gate's secret key has \(parts.secretKey.count) bytes; it needs 32")
        }
        events = EventHub()
        clock = parts.clock
        logger = parts.logger
        policies = try parts.settings.policy.makeStore(clock: parts.clock)
        http = parts.http
        listener = parts.listener
        actionListener = parts.actionListener
        policy = Mutex(
            parts.decider
                ?? PolicyDecider(
                    store: policies, entryPoint: parts.settings.policy.entryPoint, http: http, listener: listener))
        decidesByPolicy = parts.decider == nil
        inspection = InspectionChain(inspectors: parts.inspectors)
        recorder = Recorder(ledger: parts.ledger, clock: parts.clock)
        actions = ActionTable(store: parts.store)
        retention = Retention(ledger: parts.ledger, store: parts.store, rules: RetentionRules(parts.settings))
        approvals = Approvals(store: parts.store)
        requestKey = SymmetricKey(data: parts.secretKey)
        sessions = try await Sessions(store: parts.store, settings: parts.settings, clock: parts.clock)
        budgets = try await Budgets(store: parts.store, settings: parts.settings, clock: parts.clock)
        identity = try await Identity(
            store: parts.store, secretKey: parts.secretKey, settings: parts.settings, sessions: sessions,
            clock: parts.clock,
            fetcher: parts.keyFetcher)
        let reference = GateReference()
        tools = try ToolRegistry(
            AdminTools.all(identity: identity, sessions: sessions) + LedgerTools.all(parts.ledger)
                + [ExplainTool(gate: reference)] + parts.tools)
        reference.set(self)
        try await recover()
    }

    /// What decides right now.
    var decider: any Decider { policy.withLock { $0 } }

    /// Asks for another entry point from now on, where policy decides at all.
    func decide(at entryPoint: String) {
        guard decidesByPolicy else { return }
        policy.withLock {
            $0 = PolicyDecider(store: policies, entryPoint: entryPoint, http: http, listener: listener)
        }
    }
}
