public import Core
public import Store
import Synchronization

/// What may be spent: money, tokens, steps, calls per minute.
///
/// A sum is claimed before an action and settled after it. Claims are granted from memory, under one lock, all or
/// nothing; but never beyond what is on disk as spent. That runs ahead of the claims by a small lease, so that most
/// need no write, and a process that is killed finds its sums at or above what it spent.
public final class Budgets: Sendable {
    public static let migrations: [Migration] = BudgetRows.migrations

    /// Each try that fails means that others were granted something, so this is never reached unless the disk stalls.
    private static let greatestTries = 10_000

    private let store: Store
    private let clock: any WallClock
    private let table: Mutex<BudgetTable>

    /// Takes up the sums where they stood.
    public init(store: Store, settings: GateSettings, clock: any WallClock) async throws {
        self.store = store
        self.clock = clock
        var table = BudgetTable(rules: settings.budgets)
        let now = clock.now()
        for cover in try await store.read(BudgetRows.load) { table.restore(cover, now: now) }
        self.table = Mutex(table)
    }

    /// Claims the estimate of every budget that applies, or of none.
    ///
    /// An action counts as one step and one call, whatever the estimate says.
    /// - Throws: `exhausted`, naming the budget and when there is room again; `unavailable` once closed.
    public func reserve(
        principal: Principal, session: Session, estimate: Usage, at time: Timestamp
    ) async throws -> Reservation {
        let claim = BudgetClaim(principal: principal, session: session, estimate: estimate, time: time)
        for _ in 0..<Self.greatestTries {
            switch table.withLock({ $0.claim(claim) }) {
            case .granted(let reservation): return reservation
            case .exhausted(let error): throw error
            case .needsCover: try await extend(for: claim)
            }
        }
        throw GatehouseError("gate", .unavailable, "the budgets are too busy", hint: "try again")
    }

    /// Puts what it really cost in place of what was reserved. More than that is recorded, and blocks what comes after
    /// it.
    public func reconcile(_ reservation: Reservation, actual: Usage) async {
        // Where this fails the sum stays in memory and is written with the next flush.
        if table.withLock({ $0.settle(reservation, actual: actual) }) { try? await flush() }
    }

    /// Gives back what was reserved for an action that was not performed. It still counts as a call.
    public func release(_ reservation: Reservation) {
        _ = table.withLock { $0.settle(reservation, actual: nil) }
    }

    /// Every sum that something was drawn from, and the shared ones.
    public func standing() -> [BudgetStanding] {
        let now = clock.now()
        return table.withLock { $0.standing(at: now) }
    }

    /// Puts other rules in force. Sums of rules that stay go on, whatever their new limit.
    public func reload(_ settings: GateSettings) {
        table.withLock { $0.use(settings.budgets) }
    }

    /// Writes what was spent beyond what was reserved.
    public func flush() async throws {
        let now = clock.now()
        let covers = try await store.write { tx in
            let covers = self.table.withLock { $0.uncovered() }
            try BudgetRows.raise(covers, at: now, tx)
            return covers
        }
        table.withLock { $0.apply(covers, at: now) }
    }

    /// Forgets sums whose window is long over, and those of sessions that ended.
    public func tidy(isLive: @escaping @Sendable (_ sessionID: String) -> Bool) async throws {
        let now = clock.now()
        // Inside the write: a claim that wants a forgotten sum again writes after it.
        try await store.write(.relaxed) { tx in
            try BudgetRows.remove(self.table.withLock { $0.forget(at: now, isLive: isLive) }, tx)
        }
    }

    /// Grants nothing more, and writes the exact sums, so that a start after it takes up where this left off.
    public func close() async throws {
        try await store.write { tx in
            try BudgetRows.replaceAll(with: self.table.withLock { $0.close() }, tx)
        }
    }

    private func extend(for claim: BudgetClaim) async throws {
        let covers = try await store.write { tx in
            let covers = self.table.withLock { $0.covers(for: claim) }
            try BudgetRows.raise(covers, at: claim.time, tx)
            return covers
        }
        table.withLock { $0.apply(covers, at: claim.time) }
    }
}
