public import Core
public import JSON
import Synchronization

/// The tasks of a server: each belongs to the one who began it, by a name that cannot be guessed, and is held for a
/// time.
///
/// The application begins a task where it would answer a call, and gives what it does not know
/// (``ServerRequest/other(method:params:)``) to ``answer(_:_:_:)``.
public final class TaskTable: Sendable {
    /// What a task asks for while it runs.
    public struct Handle: Sendable {
        fileprivate let entry: TaskEntry

        /// Waits until the client has answered everything.
        public func ask(_ requests: InputRequests) async throws(RPCError) -> InputResponses {
            try await entry.ask(requests)
        }
    }

    private struct State {
        var entries: [String: TaskEntry] = [:]
        var isClosed = false
    }

    private let limits: TaskLimits
    private let clock: any WallClock
    private let onChange: @Sendable (Change) -> Void
    private let state = Mutex(State())

    /// - Parameter onChange: is told how a task stands after each change, for ``MCPService/changes(_:_:)``. It must not
    ///   wait.
    public init(
        _ limits: TaskLimits = TaskLimits(), clock: any WallClock = SystemWallClock(),
        onChange: @escaping @Sendable (Change) -> Void = { _ in }
    ) {
        self.limits = limits
        self.clock = clock
        self.onChange = onChange
    }

    /// Those of these tasks that are held, and belong to who asks: as they stand now, for who begins to listen.
    public func changes(among ids: [String], _ context: RequestContext) -> [Change] {
        ids.compactMap { id in find(id, context.identity).map(change) }
    }

    private func change(_ entry: TaskEntry) -> Change { .task(id: entry.id, entry.json(limits, isDetailed: true)) }

    /// How many are held.
    public var count: Int { state.withLock { $0.entries.count } }

    /// - Parameter work: gives the result of the call; its task is cancelled when the client cancels, or when the time
    ///   is over for which it is held.
    /// - Returns: the answer to the call: where it can be asked for.
    public func begin(
        _ context: RequestContext, _ work: @escaping @Sendable (Handle) async throws(RPCError) -> JSON
    ) throws(RPCError) -> ServerReply {
        let entry = TaskEntry(context.identity, clock) { [self] entry in onChange(change(entry)) }
        let gone = try insert(entry)
        for entry in gone { entry.cancel() }
        // The entry holds the task, and is held for a time only.
        entry.run(
            Task { @concurrent in
                do throws(RPCError) {
                    entry.settle(.completed(try await work(Handle(entry: entry))))
                } catch {
                    entry.settle(Task.isCancelled ? .cancelled : .failed(error))
                }
            })
        var json = entry.json(limits, isDetailed: false)
        json["resultType"] = "task"
        // The core's schema, which knows no tasks, wants it of the answer to a call.
        json["content"] = []
        return .result(json)
    }

    /// Answers the extension's methods; throws ``RPCError/Code/methodNotFound`` for any other.
    public func answer(
        _ method: String, _ params: JSON?, _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        guard TasksExtension.methods.contains(method) else { throw .methodNotFound(method) }
        try TasksExtension.require(in: context)
        guard let id = params?["taskId"]?.string, let entry = find(id, context.identity) else {
            throw .invalidParams("there is no such task, or no longer")
        }
        switch method {
        case TasksExtension.get: return .result(entry.json(limits, isDetailed: true))
        case TasksExtension.update:
            entry.answer(try InputResponses(params?["inputResponses"] ?? .null))
        default: entry.cancel()
        }
        return .result([:])
    }

    /// Cancels all that are under way, and takes no more.
    public func close() {
        let entries = state.withLock { state in
            state.isClosed = true
            return Array(state.entries.values)
        }
        for entry in entries { entry.cancel() }
    }

    private func find(_ id: String, _ identity: String) -> TaskEntry? {
        guard let entry = state.withLock({ $0.entries[id] }), entry.identity == identity,
            !entry.isExpired(limits, clock.now())
        else { return nil }
        return entry
    }

    /// - Returns: those whose time is over, which have made room.
    private func insert(_ entry: TaskEntry) throws(RPCError) -> [TaskEntry] {
        let now = clock.now()
        let gone = state.withLock { state -> [TaskEntry]? in
            let expired = state.entries.values.filter { $0.isExpired(limits, now) }
            for entry in expired { state.entries[entry.id] = nil }
            let own = state.entries.values.count { $0.identity == entry.identity }
            guard !state.isClosed, state.entries.count < limits.tasks, own < limits.tasksPerIdentity else { return nil }
            state.entries[entry.id] = entry
            return expired
        }
        guard let gone else { throw .internalError("too many tasks are held: wait until some are over") }
        return gone
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) }
}
