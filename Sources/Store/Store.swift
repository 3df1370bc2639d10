public import Core

/// The house's state: reads on a consistent snapshot, writes as transactions, a schema made of ``Migration`` values.
///
/// ```swift
/// let store = try Store.open(path: "/var/lib/gatehouse/gatehouse.db", migrations: Gate.migrations)
/// try await store.write { tx in
///     try tx.execute("INSERT INTO principals (id, name) VALUES (?, ?)", [.text(id), "Ada"])
/// }
/// let row = try await store.read { tx in try tx.first("SELECT name FROM principals WHERE id = ?", [.text(id)]) }
/// ```
public final class Store: Sendable {
    private let driver: any StoreDriver

    init(driver: any StoreDriver) { self.driver = driver }

    /// Opens or creates the database file, checks it and brings its schema up to date.
    /// - Parameters:
    ///   - path: its folder must exist; the file is made with mode 0600.
    ///   - migrations: of all rooms, in the order in which they are to be applied.
    ///   - clock: stamps applied migrations.
    /// - Throws: `unavailable` (locked, no permission, folder missing), `corrupt` (damaged or no database),
    ///   `conflict` (another application's file, or a schema that does not fit these migrations).
    public static func open(
        path: String, migrations: [Migration], options: StoreOptions = StoreOptions(),
        clock: any WallClock = SystemWallClock()
    ) throws -> Store {
        let driver = try SQLiteDriver(path: path, options: options)
        do {
            try driver.writeBlocking(.durable) { try Migrator.apply(migrations, on: $0, at: clock.now()) }
        } catch {
            try? driver.close()
            throw error
        }
        return Store(driver: driver)
    }

    /// Runs `body` on one consistent state of the database. Reads do not wait for writes nor hold them up.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        let box = ResultBox<T>()
        try await driver.read { statements in box.value = try body(Transaction(statements)) }
        return try box.take()
    }

    /// Runs `body` as one transaction: all of it happens or, when it throws, none. Writes run one at a time, in order;
    /// those that wait together share one flush to the device. A write that was called is not cancelled with its task.
    @discardableResult
    public func write<T: Sendable>(
        _ durability: Durability = .durable, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let box = ResultBox<T>()
        try await driver.write(durability) { statements in box.value = try body(Transaction(statements)) }
        return try box.take()
    }

    /// For synchronous callers such as start-up and tests: blocks the thread. Not to be called inside a transaction.
    public func readBlocking<T>(_ body: (Transaction) throws -> T) throws -> T {
        var result: T?
        try driver.readBlocking { statements in result = try body(Transaction(statements)) }
        return try ResultBox.require(result)
    }

    /// See ``readBlocking(_:)``; a write inside a write throws.
    @discardableResult
    public func writeBlocking<T>(_ durability: Durability = .durable, _ body: (Transaction) throws -> T) throws -> T {
        var result: T?
        try driver.writeBlocking(durability) { statements in result = try body(Transaction(statements)) }
        return try ResultBox.require(result)
    }

    /// Writes a consistent, checked copy to `path`, which must not exist yet, while reads and writes go on.
    @concurrent
    public func backup(to path: String) async throws { try driver.backup(to: path) }

    /// Moves the write-ahead log into the main file.
    @concurrent
    public func checkpoint() async throws { try driver.checkpoint() }

    /// Waits for what is under way and closes. Later calls throw `unavailable`; closing twice is harmless.
    public func close() throws { try driver.close() }
}

public struct StoreOptions: Sendable {
    /// How long a write waits for another process that holds the database.
    public var busyTimeout: Duration = .seconds(5)
    /// Read connections; reads beyond wait.
    public var readers = 4
    /// The file may not grow past this: such a write throws `exhausted`. Nil leaves the bound to the disk.
    public var maximumBytes: Int64?
    /// Up to this size the whole file is checked at start, indexes against tables; above, only its structure.
    public var fullCheckLimit: Int64 = 64 << 20
    /// The check at start is abandoned after this; what it saw by then was sound.
    public var checkTime: Duration = .seconds(5)

    public init() {}
}

/// Carries a result out of a driver's closure, which runs once and before the driver returns.
private final class ResultBox<T>: @unchecked Sendable {
    var value: T?

    func take() throws -> T { try ResultBox.require(value) }

    static func require(_ value: T?) throws -> T {
        guard let value else {
            throw GatehouseError("store", .internal, "the driver returned without running the transaction")
        }
        return value
    }
}
