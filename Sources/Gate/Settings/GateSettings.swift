/// What the gate is told by configuration. There is nothing here that turns approval or recording off for `change` and
/// `destroy`.
public struct GateSettings: Sendable, Hashable {
    /// By name, as configured: ``floor`` is applied when a session enters its class.
    public var sessionClasses: [String: SessionClass]
    public var floor: SessionFloor
    /// How long the ledger keeps what belongs to no session; nil keeps it for good.
    public var systemRetention: Duration?
    /// From its start until it ends by itself.
    public var sessionLength: Duration
    public var budgets: [BudgetRule]
    public var issuers: [TokenIssuer]
    public var localUsers: LocalUserRoles
    public var console: ConsoleTimes
    public var policy: PolicySettings

    public static let standard = GateSettings()

    public init(
        sessionClasses: [String: SessionClass] = [:], floor: SessionFloor = .none,
        systemRetention: Duration? = nil, sessionLength: Duration = .seconds(12 * 3600),
        budgets: [BudgetRule] = [], issuers: [TokenIssuer] = [], localUsers: LocalUserRoles = LocalUserRoles(),
        console: ConsoleTimes = ConsoleTimes(), policy: PolicySettings = PolicySettings()
    ) {
        self.sessionClasses = sessionClasses
        self.floor = floor
        self.systemRetention = systemRetention
        self.sessionLength = sessionLength
        self.budgets = budgets
        self.issuers = issuers
        self.localUsers = localUsers
        self.console = console
        self.policy = policy
    }
}

/// How long a console sign-in lasts.
public struct ConsoleTimes: Sendable, Hashable {
    /// Without being used.
    public var idle: Duration
    /// At the most.
    public var absolute: Duration

    public init(idle: Duration = .seconds(3600), absolute: Duration = .seconds(12 * 3600)) {
        self.idle = idle
        self.absolute = absolute
    }
}

/// What users of this machine may do, as the kernel vouches for them over the unix socket.
public struct LocalUserRoles: Sendable, Hashable {
    /// By user id in decimal or by name; an id counts before a name.
    public var listed: [String: Set<String>]
    /// Root and the user who runs the process, who could replace the program and its data anyway.
    public var owners: Set<String>
    public var others: Set<String>

    public init(listed: [String: Set<String>] = [:], owners: Set<String> = ["admin"], others: Set<String> = ["viewer"])
    {
        self.listed = listed
        self.owners = owners
        self.others = others
    }
}
