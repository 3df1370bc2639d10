import Core

/// One database engine. SQLite is the first; PostgreSQL can be a second by conforming to these two protocols.
protocol StoreDriver: Sendable {
    /// Runs `body` on one consistent state of the database; many at a time. Ends early when the task is cancelled.
    func read(_ body: @escaping @Sendable (any StatementRunner) throws -> Void) async throws
    func readBlocking(_ body: (any StatementRunner) throws -> Void) throws

    /// Runs `body` as one transaction; one at a time. Returns when it is committed with the durability asked for.
    /// A write that has been accepted runs to its end even when the task is cancelled.
    func write(_ durability: Durability, _ body: @escaping @Sendable (any StatementRunner) throws -> Void) async throws
    func writeBlocking(_ durability: Durability, _ body: (any StatementRunner) throws -> Void) throws

    /// A consistent copy at `path`, which must not exist, while reads and writes go on.
    func backup(to path: String) throws
    /// Moves what is in the write-ahead log into the main file, where the engine has one.
    func checkpoint() throws
    func close() throws
}

/// Runs statements inside a transaction. Refuses after the transaction has ended.
protocol StatementRunner {
    func execute(_ sql: String, _ arguments: [Value]) throws -> Int
    /// Calls `body` for each row until it returns false.
    func query(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws
    /// Schema changes come only from the migrator, as values.
    func hasTable(_ name: String) throws -> Bool
    func apply(_ step: Migration.Step) throws
}

/// What an acknowledged write survives.
public enum Durability: Sendable, Hashable {
    /// The end of the process and a power cut: the log is flushed to the device before the write returns.
    case durable
    /// The end of the process, kill -9 included. A power cut may lose the last writes, never their order.
    case relaxed
}
