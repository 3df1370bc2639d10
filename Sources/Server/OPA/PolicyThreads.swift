import Core
import NIOCore
import NIOPosix

/// Threads for evaluations, which may take all of their time limit: whatever they do, others are served.
struct PolicyThreads: Sendable {
    /// For what only computes.
    static let computing = PolicyThreads(max(2, System.coreCount))
    /// For what callers of the API ask and that asks servers in turn.
    static let asking = PolicyThreads(16)
    /// For decisions of the gate that ask servers, so that no caller of the API stands before it.
    static let deciding = PolicyThreads(16)

    /// Evaluations that run or wait. Of more, callers are asked to come back.
    static let limit = 512
    private let level = Level()
    private let pool: NIOThreadPool

    private init(_ count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// - Throws: `exhausted`, and what `work` throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard level.enter(atMost: Self.limit) else {
            throw GatehouseError(
                "policy", .exhausted, "\(Self.limit) evaluations run or wait already", hint: "ask again shortly")
        }
        defer { level.leave() }
        return try await pool.runIfActive(work)
    }
}
