import Core
import Store

/// The sums on disk: for a budget of money, tokens or steps one row with what counts as spent in its window; for calls
/// per minute one row a lease.
enum BudgetRows {
    static let migrations = [
        Migration(
            id: "budgets.001",
            steps: [
                .createTable(
                    "gate_budget_sums",
                    columns: [
                        .text("budget", .notNull), .text("holder", .notNull),
                        // 0, or when the lease began.
                        .time("slot", .notNull), .time("window_start", .notNull), .time("window_end", .notNull),
                        .integer("amount", .notNull),
                    ], primaryKey: ["budget", "holder", "slot"])
            ])
    ]

    static func load(_ tx: Transaction) throws -> [Cover] {
        try tx.query("SELECT budget, holder, slot, window_start, window_end, amount FROM gate_budget_sums").map { row in
            Cover(
                key: BudgetKey(budget: try row.text("budget"), holder: try row.text("holder")),
                window: BudgetWindow(start: try row.time("window_start"), end: try row.time("window_end")),
                amount: try row.integer("amount"), isLease: try row.integer("slot") != 0)
        }
    }

    /// Raises what counts as spent, or begins the row anew when the window is another. Leases add up.
    static func raise(_ covers: [Cover], at now: Timestamp, _ tx: Transaction) throws {
        for cover in covers {
            if cover.isLease { try dropOldLeases(of: cover.key, at: now, tx) }
            try tx.execute(cover.isLease ? addLease : raiseSum, values(cover))
        }
    }

    static func replaceAll(with covers: [Cover], _ tx: Transaction) throws {
        try tx.execute("DELETE FROM gate_budget_sums")
        for cover in covers { try tx.execute(addLease, values(cover)) }
    }

    static func remove(_ keys: [BudgetKey], _ tx: Transaction) throws {
        for key in keys {
            try tx.execute(
                "DELETE FROM gate_budget_sums WHERE budget = ? AND holder = ?", [.text(key.budget), .text(key.holder)])
        }
    }

    private static func dropOldLeases(of key: BudgetKey, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM gate_budget_sums WHERE budget = ? AND holder = ? AND window_end < ?",
            [.text(key.budget), .text(key.holder), .time(now - .seconds(120))])
    }

    private static let insert = """
        INSERT INTO gate_budget_sums (budget, holder, slot, window_start, window_end, amount) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (budget, holder, slot) DO UPDATE SET
        """
    private static let addLease = insert + " amount = gate_budget_sums.amount + excluded.amount"
    private static let raiseSum =
        insert + """
             window_start = excluded.window_start, window_end = excluded.window_end,
            amount = CASE
                WHEN gate_budget_sums.window_start = excluded.window_start AND gate_budget_sums.amount > excluded.amount
                THEN gate_budget_sums.amount ELSE excluded.amount END
            """

    private static func values(_ cover: Cover) -> [Value] {
        [
            .text(cover.key.budget), .text(cover.key.holder), cover.isLease ? .time(cover.window.start) : 0,
            .time(cover.window.start), .time(cover.window.end), .integer(cover.amount),
        ]
    }
}
