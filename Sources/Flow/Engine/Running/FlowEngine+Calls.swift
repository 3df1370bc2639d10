import Core
public import Gate
public import JSON
import Store

extension FlowEngine {
    // MARK: Beginning

    /// Begins a run: it is in the journal when this returns, and goes on by itself.
    ///
    /// - Parameters:
    ///   - inputs: an object, or null.
    ///   - caller: as whom the run acts, each time with the roles of then.
    ///   - event: what set it off.
    /// - Throws: `notFound` for a workflow that there is not, `invalid` for inputs that it does not take, `conflict`
    ///   where its group lets no other run begin.
    public func start(
        _ name: String, inputs: JSON = [:], as caller: Caller, trigger: RunTrigger = .asked, event: JSON = .null
    ) async throws -> RunRecord {
        try await start(
            name, id: Identifier.make("run", at: clock.now()), inputs: inputs, as: caller, trigger: trigger,
            event: event)
    }

    /// - Parameter id: of the run; where it was begun already, that run is the answer.
    func start(
        _ name: String, id: String, inputs: JSON, as caller: Caller, trigger: RunTrigger = .asked,
        event: JSON = .null, also: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> RunRecord {
        let workflow = try library.workflow(named: name)
        let session = (try? gate.sessions.current(caller.session.id)) ?? caller.session
        let start = RunStart(
            id: id, principal: caller.principal, isLocal: caller.isLocal, sessionClass: session.sessionClass.name,
            labels: session.labels, inputs: try InputCheck.values(inputs, for: workflow), event: event,
            trigger: trigger)
        return try await begin(workflow, start, also: also)
    }

    @discardableResult
    func begin(
        _ workflow: Workflow, _ start: RunStart,
        also: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> RunRecord {
        let new = Journal.NewRun(workflow: workflow, start: start, group: try group(of: workflow, start))
        switch try await journal.begin(new, at: clock.now(), also: also) {
        case .begun(let record, let replaced):
            for run in replaced {
                let reason = "run \(record.id) takes its place"
                dispatcher.post(run, .request(.cancel(by: start.principal.id, reason: reason), nil))
            }
            dispatcher.post(record.id, .wake)
            return record
        case .known(let record): return record
        case .skipped(let other):
            throw GatehouseError(
                "flow", .conflict, "\(workflow.name) is not begun: run \(other) of the same group is under way",
                hint: "wait for it, or cancel it")
        }
    }

    /// Nil where the workflow has none, or it comes to nothing.
    private func group(of workflow: Workflow, _ start: RunStart) throws -> String? {
        guard let template = workflow.concurrency?.group else { return nil }
        let state = RunState(workflow, start, at: clock.now())
        let group = try template.evaluate(in: state.scope(of: nil))
        guard !group.isNull, group != "" else { return nil }
        let text = group.shown
        guard text.utf8.count <= 1024, !text.utf8.contains(0) else {
            throw GatehouseError(
                "flow", .invalid, "the concurrency group of \(workflow.name) is longer than 1024 bytes, or holds NUL")
        }
        return text
    }

    // MARK: Looking

    /// - Throws: `notFound`.
    public func run(_ id: String) async throws -> RunRecord { try await journal.record(id) }

    /// Newest first.
    /// - Parameters:
    ///   - principal: only the runs that act as this one.
    ///   - parent: only the runs below this one.
    ///   - limit: at most 1000.
    ///   - before: only those with an id before this one (the last of the page before).
    public func runs(
        of workflow: String? = nil, status: RunStatus? = nil, principal: String? = nil, parent: String? = nil,
        limit: Int = 100, before: String? = nil
    ) async throws -> [RunRecord] {
        try await journal.records(
            workflow: workflow, status: status, principal: principal, parent: parent, limit: min(max(limit, 1), 1000),
            before: before)
    }

    /// What happened in a run, in order.
    /// - Parameters:
    ///   - number: of the first entry.
    ///   - limit: at most 10,000.
    /// - Throws: `notFound`.
    public func journal(of run: String, from number: Int = 0, limit: Int = 1000) async throws -> [JournalEntry] {
        try await journal.entries(of: run, from: max(0, number), limit: min(max(limit, 1), 10_000))
    }

    /// Where a run stands, folded from its journal.
    /// - Throws: `notFound`, `corrupt`.
    public func state(of run: String) async throws -> RunState { try await journal.load(run) }

    // MARK: Intervening

    /// Begins no further step of it; what is under way ends, and approvals that are waited for are withdrawn.
    /// - Throws: `conflict` where it is over; `unavailable` while workflows are not running.
    @discardableResult
    public func cancel(_ run: String, by caller: Caller, reason: String) async throws -> RunRecord {
        try await request(.cancel(by: caller.principal.id, reason: reason), of: run)
    }

    /// Says what became of a step whose outcome nobody saw.
    /// - Parameter step: where there are several; `index` for an element of `for_each`.
    /// - Throws: `conflict` where no outcome is unknown, `invalid` where it is not clear which is meant.
    @discardableResult
    public func resume(
        _ run: String, step: String? = nil, index: Int = 0, as settlement: RunSettlement, by caller: Caller,
        reason: String
    ) async throws -> RunRecord {
        try await request(
            .settle(step: step, index: index, settlement, by: caller.principal.id, reason: reason), of: run)
    }

    /// Takes back what a run did, the last first, each as an action of whoever asks for it.
    /// - Parameter step: only this one and what was done after it.
    /// - Throws: `conflict` where it is not over, or undone already.
    @discardableResult
    public func undo(_ run: String, from step: String? = nil, by caller: Caller, reason: String) async throws
        -> RunRecord
    {
        let request = UndoRequest(from: step, by: caller.principal, isLocal: caller.isLocal, reason: reason)
        return try await self.request(.undo(request), of: run)
    }

    /// Asks the run's driver, and answers once what follows is in the journal.
    func request(_ request: RunRequest, of run: String) async throws -> RunRecord {
        _ = try await journal.record(run)
        return try await withCheckedThrowingContinuation { continuation in
            let answer = OneAnswer(continuation)
            dispatcher.post(run, .request(request) { answer.give($0) })
        }
    }
}
