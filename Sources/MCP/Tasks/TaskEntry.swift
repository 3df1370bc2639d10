import Core
import JSON
import Synchronization

/// One task: how it stands, and who waits for what.
final class TaskEntry: Sendable {
    private struct State {
        var status = TaskStatus.working
        var updated: Timestamp
        var task: Task<Void, Never>?
        var responses: [(key: String, result: JSON)] = []
        var waiter: CheckedContinuation<Result<InputResponses, RPCError>, Never>?
    }

    let id = SessionID.make()
    let identity: String
    private let created: Timestamp
    private let clock: any WallClock
    private let changed: @Sendable (TaskEntry) -> Void
    private let state: Mutex<State>

    /// - Parameter changed: is called after each change, and reads how the task stands then.
    init(_ identity: String, _ clock: any WallClock, changed: @escaping @Sendable (TaskEntry) -> Void) {
        self.identity = identity
        self.clock = clock
        self.changed = changed
        created = clock.now()
        state = Mutex(State(updated: created))
    }

    func isExpired(_ limits: TaskLimits, _ now: Timestamp) -> Bool { now >= created + limits.timeToLive }

    func run(_ task: Task<Void, Never>) {
        state.withLock { state -> Task<Void, Never>? in
            guard !state.status.isOver else { return task }
            state.task = task
            return nil
        }?.cancel()
    }

    /// The end; a second one counts for nothing.
    func settle(_ status: TaskStatus) {
        let now = clock.now()
        let ended = state.withLock { state -> State? in
            guard !state.status.isOver else { return nil }
            (state.status, state.updated) = (status, now)
            defer { (state.task, state.waiter) = (nil, nil) }
            return state
        }
        guard let ended else { return }
        changed(self)
        ended.waiter?.resume(returning: .failure(.internalError("the task is over")))
        if case .cancelled = status { ended.task?.cancel() }
    }

    func cancel() { settle(.cancelled) }

    /// One question at a time: the work waits for it.
    func ask(_ requests: InputRequests) async throws(RPCError) -> InputResponses {
        let now = clock.now()
        let result = await withCheckedContinuation { waiter in
            let isAsked = state.withLock { state in
                guard case .working = state.status, requests.count > 0 else { return false }
                (state.status, state.updated) = (.inputRequired(requests), now)
                (state.responses, state.waiter) = ([], waiter)
                return true
            }
            if isAsked {
                changed(self)
            } else {
                waiter.resume(returning: .failure(.internalError("the task cannot ask now")))
            }
        }
        return try result.get()
    }

    /// Answers to what is asked for are kept, others left out. When nothing is open any more, the work goes on.
    func answer(_ responses: InputResponses) {
        let now = clock.now()
        let (waiter, all) = state.withLock {
            state -> (CheckedContinuation<Result<InputResponses, RPCError>, Never>?, InputResponses?) in
            guard case .inputRequired(let wanted) = state.status else { return (nil, nil) }
            for (key, _) in wanted.requests {
                if let result = responses[key] { state.responses.append((key, result)) }
            }
            let open = wanted.requests.filter { responses[$0.key] == nil }
            state.updated = now
            guard open.isEmpty else {
                state.status = .inputRequired(InputRequests(open))
                return (nil, InputResponses([]))
            }
            state.status = .working
            return (state.waiter.take(), InputResponses(state.responses))
        }
        guard let all else { return }
        // Told before the work goes on, which may end it.
        changed(self)
        waiter?.resume(returning: .success(all))
    }

    /// - Parameter isDetailed: with what came of it, or what it asks for.
    func json(_ limits: TaskLimits, isDetailed: Bool) -> JSON {
        let (status, updated) = state.withLock { ($0.status, $0.updated) }
        var json: JSON = [
            "taskId": JSON(id), "status": JSON(status.word), "createdAt": JSON("\(created)"),
            "lastUpdatedAt": JSON("\(updated)"), "ttlMs": JSON(limits.timeToLive.milliseconds),
            "pollIntervalMs": JSON(limits.pollInterval.milliseconds),
        ]
        guard isDetailed else { return json }
        switch status {
        case .inputRequired(let requests): json["inputRequests"] = requests.json
        case .completed(let result): json["result"] = result
        case .failed(let error): json["error"] = error.json
        case .working, .cancelled: break
        }
        return json
    }
}
