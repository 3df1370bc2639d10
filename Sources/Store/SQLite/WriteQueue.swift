import Core
import GRDB
import Synchronization

/// Runs writes one at a time on the writing connection. Those that wait together become one SQLite transaction, each in
/// its own savepoint, so that they share one flush to the device (group commit); each is answered after that flush.
final class WriteQueue: Sendable {
    private struct Job: Sendable {
        let durability: Durability
        let body: @Sendable (any StatementRunner) throws -> Void
        let answer: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [Job] = []
        var scheduled = false
        var closed = false
        /// What the connection's `PRAGMA synchronous` stands at. GRDB opens WAL databases with NORMAL.
        var level = Durability.relaxed
    }

    /// Writes in one commit: bounds how long the first one waits for the last.
    private static let batchLimit = 64
    private static let waitingLimit = 10_000

    private let pool: DatabasePool
    private let vetted: VettedStatements
    private let path: String
    private let state = Mutex(State())

    init(pool: DatabasePool, vetted: VettedStatements, path: String) {
        self.pool = pool
        self.vetted = vetted
        self.path = path
    }

    func requireOpen() throws {
        if state.withLock({ $0.closed }) { throw WriteQueue.closedError }
    }

    /// Refuses writes from now on.
    /// - Returns: false when it was closed before.
    func close() -> Bool {
        state.withLock { state in
            defer { state.closed = true }
            return !state.closed
        }
    }

    func run(_ durability: Durability, _ body: @escaping @Sendable (any StatementRunner) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { answer in
            enqueue(Job(durability: durability, body: body, answer: answer))
        }
    }

    func runBlocking(_ durability: Durability, _ body: (any StatementRunner) throws -> Void) throws {
        try requireOpen()
        do {
            try pool.unsafeReentrantWrite { database in
                guard !database.isInsideTransaction else { throw SQLiteDriver.nested() }
                try setLevel(durability, database)
                try database.inTransaction(.immediate) {
                    try perform(body, on: database)
                    return .commit
                }
            }
        } catch { throw SQLiteErrors.translate(error, path: path) }
    }

    private func enqueue(_ job: Job) {
        var refusal: GatehouseError?
        var schedule = false
        state.withLock { state in
            if state.closed {
                refusal = WriteQueue.closedError
            } else if state.waiting.count >= WriteQueue.waitingLimit {
                refusal = GatehouseError(
                    "store", .exhausted, "too many writes are waiting", hint: "try again in a moment")
            } else {
                state.waiting.append(job)
                schedule = !state.scheduled
                state.scheduled = true
            }
        }
        if let refusal { job.answer.resume(throwing: refusal) }
        if schedule { scheduleBatch() }
    }

    private func scheduleBatch() {
        pool.asyncWriteWithoutTransaction { [self] database in
            let jobs = state.withLock { state in
                let jobs = Array(state.waiting.prefix(WriteQueue.batchLimit))
                state.waiting.removeFirst(jobs.count)
                return jobs
            }
            commit(jobs, on: database)
            let more = state.withLock { state in
                state.scheduled = !state.waiting.isEmpty
                return state.scheduled
            }
            if more { scheduleBatch() }
        }
    }

    private func commit(_ jobs: [Job], on database: Database) {
        var failures = [GatehouseError?](repeating: nil, count: jobs.count)
        do {
            try setLevel(jobs.contains { $0.durability == .durable } ? .durable : .relaxed, database)
            try database.inTransaction(.immediate) {
                for (index, job) in jobs.enumerated() {
                    do {
                        try performInSavepoint(job.body, on: database)
                    } catch {
                        // Some failures (a full disk) end the whole transaction, and then nothing of it stands.
                        guard database.isInsideTransaction else { throw error }
                        failures[index] = SQLiteErrors.translate(error, path: path)
                    }
                }
                return .commit
            }
        } catch {
            let failure = SQLiteErrors.translate(error, path: path)
            for index in failures.indices where failures[index] == nil { failures[index] = failure }
        }
        for (job, failure) in zip(jobs, failures) {
            if let failure { job.answer.resume(throwing: failure) } else { job.answer.resume() }
        }
    }

    private func performInSavepoint(_ body: (any StatementRunner) throws -> Void, on database: Database) throws {
        try database.inSavepoint {
            try perform(body, on: database)
            return .commit
        }
    }

    private func perform(_ body: (any StatementRunner) throws -> Void, on database: Database) throws {
        let runner = SQLiteRunner(database, vetted, writable: true)
        defer { runner.end() }
        try body(runner)
    }

    /// `synchronous` cannot change inside a transaction; it costs a microsecond and only where the level changes.
    private func setLevel(_ level: Durability, _ database: Database) throws {
        guard state.withLock({ $0.level }) != level else { return }
        try database.execute(sql: level == .durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
        state.withLock { $0.level = level }
    }

    private static let closedError = GatehouseError("store", .unavailable, "the store is closed")
}
