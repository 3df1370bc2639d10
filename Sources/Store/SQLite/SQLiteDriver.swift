import Core
import Dispatch
import GRDB

/// SQLite in WAL mode: one writing connection, a few reading ones.
final class SQLiteDriver: StoreDriver {
    let path: String
    private let pool: DatabasePool
    private let writes: WriteQueue
    private let vetted = VettedStatements()

    init(path: String, options: StoreOptions) throws {
        self.path = path
        try SQLiteFile.prepare(path)
        do {
            let size = SQLiteFile.size(path)
            pool = try DatabasePool(path: path, configuration: SQLiteDriver.configuration(path, options))
            writes = WriteQueue(pool: pool, vetted: vetted, path: path)
            do {
                try SQLiteCheck.run(pool, path: path, full: size <= options.fullCheckLimit, time: options.checkTime)
                try pool.writeWithoutTransaction(SQLiteFile.mark)
            } catch {
                try? pool.close()
                throw error
            }
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    func read(_ body: @escaping @Sendable (any StatementRunner) throws -> Void) async throws {
        try writes.requireOpen()
        do {
            try await pool.read { [vetted] database in
                let runner = SQLiteRunner(database, vetted, writable: false)
                defer { runner.end() }
                try body(runner)
            }
        } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    func readBlocking(_ body: (any StatementRunner) throws -> Void) throws {
        try writes.requireOpen()
        do {
            try pool.unsafeReentrantRead { database in
                guard !database.isInsideTransaction else { throw SQLiteDriver.nested() }
                try database.inTransaction(.deferred) {
                    let runner = SQLiteRunner(database, vetted, writable: false)
                    defer { runner.end() }
                    try body(runner)
                    return .commit
                }
            }
        } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    func write(
        _ durability: Durability, _ body: @escaping @Sendable (any StatementRunner) throws -> Void
    ) async throws {
        try await writes.run(durability, body)
    }

    func writeBlocking(_ durability: Durability, _ body: (any StatementRunner) throws -> Void) throws {
        try writes.runBlocking(durability, body)
    }

    func checkpoint() throws {
        try writes.requireOpen()
        do {
            try pool.writeWithoutTransaction { database in
                do {
                    try database.checkpoint(.truncate)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                    // A reader still needs the log: move what can be moved without waiting for it.
                    try database.checkpoint(.passive)
                }
            }
        } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    func backup(to target: String) throws {
        try writes.requireOpen()
        try SQLiteBackup.run(from: pool, to: target)
    }

    func close() throws {
        guard writes.close() else { return }
        do { try pool.close() } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    static func nested() -> GatehouseError {
        GatehouseError("store", .internal, "a transaction was started inside another", hint: "pass the outer one on")
    }

    private static func configuration(_ path: String, _ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "gatehouse.store"
        configuration.foreignKeysEnabled = true
        let seconds = Double(options.busyTimeout.microseconds) / 1_000_000
        configuration.busyMode = .timeout(seconds)
        configuration.maximumReaderCount = max(1, options.readers)
        let pages = options.maximumBytes.map { max(1, $0 / 4096) }
        configuration.prepareDatabase { database in
            try SQLiteFile.checkOwner(database, path: path)
            // LIKE as in PostgreSQL; no trust in the file's schema; erased rows are overwritten; the log is cut back.
            try database.execute(
                sql: """
                    PRAGMA case_sensitive_like = ON;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA secure_delete = ON;
                    PRAGMA journal_size_limit = 67108864;
                    """)
            if let pages { try database.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        return configuration
    }
}

/// The check of the file at start.
enum SQLiteCheck {
    /// - Parameter full: also compares indexes with their tables, which reads everything.
    static func run(_ pool: DatabasePool, path: String, full: Bool, time: Duration) throws {
        let deadline = DispatchWorkItem { pool.interrupt() }
        DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(Int(time.microseconds)), execute: deadline)
        defer { deadline.cancel() }
        let problems: [String]
        do {
            problems = try pool.unsafeRead { database in
                try String.fetchAll(database, sql: full ? "PRAGMA integrity_check(5)" : "PRAGMA quick_check(5)")
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            return
        }
        guard problems == ["ok"] else {
            throw SQLiteErrors.damaged(path, problems.joined(separator: "; "))
        }
    }
}
