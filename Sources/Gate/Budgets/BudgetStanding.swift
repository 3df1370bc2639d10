public import Core

/// Where one budget stands.
public struct BudgetStanding: Sendable, Hashable {
    /// The rule's: ``BudgetRule/id``.
    public let budget: String
    /// The principal or session that has this sum to itself; nil for a sum that is shared.
    public let holder: String?
    public let meter: Meter
    public let limit: Int64
    /// May pass the limit, when an action cost more than it had reserved.
    public let spent: Int64
    /// By actions that are under way.
    public let reserved: Int64
    /// When the window ends and the sum begins anew; nil for a session's.
    public let resets: Timestamp?

    public init(
        budget: String, holder: String?, meter: Meter, limit: Int64, spent: Int64, reserved: Int64, resets: Timestamp?
    ) {
        self.budget = budget
        self.holder = holder
        self.meter = meter
        self.limit = limit
        self.spent = spent
        self.reserved = reserved
        self.resets = resets
    }
}

/// A claim on every budget that applies to one action. Settled once, by ``Budgets/reconcile(_:actual:)`` or
/// ``Budgets/release(_:)``; settling it again does nothing.
public struct Reservation: Sendable, Hashable {
    let number: UInt64
    /// What was reserved.
    public let estimate: Usage
}
