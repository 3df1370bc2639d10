import Core
import NIOCore
import NIOPosix

/// Threads for evaluations, which may take all of their time limit: whatever they do, others are served.
enum PolicyThreads {
    /// Evaluations that run or wait. Of more, callers are asked to come back.
    static let limit = 512
    private static let level = Level()
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: max(2, System.coreCount))
        pool.start()
        return pool
    }()

    /// - Throws: `exhausted`, and what `work` throws.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard level.enter(atMost: limit) else {
            throw GatehouseError(
                "policy", .exhausted, "\(limit) evaluations run or wait already", hint: "ask again shortly")
        }
        defer { level.leave() }
        return try await pool.runIfActive(work)
    }
}
