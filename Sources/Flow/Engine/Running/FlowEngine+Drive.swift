import Core
import Gate
import JSON
import Logging
import Synchronization

/// A run in memory, while something is done for it.
private struct Drive {
    var state: RunState
    /// Work that is being done.
    var underWay: Set<Piece.Key> = []
    /// Looked at since the run was last woken.
    var seen: Set<Piece.Key> = []
    var caller: Caller?
    /// To be told once the turn is in the journal.
    var replies: [RunSignal.Reply] = []
    var events: [RunEvent] = []

    mutating func note(_ kind: RunEvent.Kind, at time: Timestamp) {
        let event = RunEvent(kind, at: time)
        state.apply(event)
        events.append(event)
    }
}

extension FlowEngine {
    /// Drives a run until nothing is under way and nothing was said to it. Then its state is let go of: the journal has
    /// it.
    func drive(_ id: String) async {
        await withDiscardingTaskGroup { group in
            var drive: Drive?
            var underWay: Set<Piece.Key> = []
            while let signals = await dispatcher.take(id, isIdle: underWay.isEmpty) {
                do {
                    if drive == nil { drive = Drive(state: try await journal.load(id)) }
                    // Taken and put back, so that there is one of it and nothing is copied.
                    guard var turn = drive.take() else { return }
                    underWay = turn.underWay
                    let work = try await self.turn(&turn, signals)
                    for command in work { start(command, of: &turn, in: &group) }
                    underWay = turn.underWay
                    drive = turn
                } catch {
                    fail(id, signals, .wrapping(error))
                    // What was not written down is not so; what is under way is found again under its key.
                    timers.withLock { $0.set(id, at: clock.now() + .seconds(5)) }
                    for case .came(_, let key, _) in signals { underWay.remove(key) }
                    guard let state = try? await journal.load(id) else { return await abandon(id, &underWay) }
                    drive = Drive(state: state, underWay: underWay)
                }
            }
        }
    }

    /// Lets go of a run that cannot be read, once nothing is done for it any more.
    private func abandon(_ id: String, _ underWay: inout Set<Piece.Key>) async {
        while let signals = await dispatcher.take(id, isIdle: underWay.isEmpty) {
            for case .came(_, let key, _) in signals { underWay.remove(key) }
            fail(id, signals, GatehouseError("flow", .unavailable, "run \(id) cannot be read now"))
        }
    }

    private func fail(_ id: String, _ signals: [RunSignal], _ error: GatehouseError) {
        logger.error("a run cannot go on for now", metadata: ["run": "\(id)", "error": "\(error)"])
        for signal in signals { signal.reply?(.failure(error)) }
    }

    /// One turn: what has happened, what follows from it, and all of that in the journal. Gives what is to be done then.
    private func turn(_ drive: inout Drive, _ signals: [RunSignal]) async throws -> [RunCommand] {
        let now = clock.now()
        for signal in signals { await take(signal, &drive, now) }
        var work = dispatcher.isStopped ? [] : decide(&drive, now)
        if work.contains(where: \.needsCaller), await !enter(&drive, now) { work = decide(&drive, now) }
        noteLabels(&drive, now)
        if !drive.events.isEmpty { try await journal.append(drive.events, to: drive.state) }
        drive.events = []
        await tell(&drive)
        remember(drive.state, work)
        if drive.state.end != nil { await finish(drive.state) }
        return work
    }

    private func tell(_ drive: inout Drive) async {
        guard !drive.replies.isEmpty else { return }
        let record: Result<RunRecord, GatehouseError>
        do { record = .success(try await journal.record(drive.state.id)) } catch { record = .failure(.wrapping(error)) }
        for reply in drive.replies { reply(record) }
        drive.replies = []
    }

    /// Goes by what the state says until it says nothing new.
    private func decide(_ drive: inout Drive, _ now: Timestamp) -> [RunCommand] {
        while true {
            let commands = drive.state.next(now: now)
            let notes = commands.compactMap { command -> RunEvent.Kind? in
                switch command {
                case .note(let kind): kind
                case .begin(let ref, let workflow, let inputs):
                    .child(ref, run: Identifier.make("run", at: now), workflow: workflow, inputs: inputs)
                default: nil
                }
            }
            guard !notes.isEmpty else { return commands }
            for note in notes { drive.note(note, at: now) }
        }
    }

    // MARK: What has happened

    private func take(_ signal: RunSignal, _ drive: inout Drive, _ now: Timestamp) async {
        switch signal {
        case .wake: await wake(&drive, now)
        case .came(let ref, let key, let outcome):
            drive.underWay.remove(key)
            if let outcome { take(outcome, ref, key, &drive, now) }
        case .request(let request, let reply):
            do {
                let state = drive.state
                for kind in try state.events(for: request) { drive.note(kind, at: now) }
                if let reply { drive.replies.append(reply) }
            } catch {
                reply?(.failure(.wrapping(error)))
            }
        }
    }

    private func wake(_ drive: inout Drive, _ now: Timestamp) async {
        drive.seen = []
        guard drive.state.end == nil else { return }
        if drive.state.isQueued {
            if await isTurn(of: drive.state.id) { drive.note(.released, at: now) }
            return
        }
        drive.caller = nil
        do { _ = try await principal(of: drive.state) } catch { stop(&drive, .wrapping(error), now) }
    }

    private func isTurn(of run: String) async -> Bool {
        guard let group = try? await journal.record(run).group else { return true }
        return (try? await journal.nextQueued(in: group)) == run
    }

    private func take(
        _ outcome: StepOutcome, _ ref: StepRef, _ key: Piece.Key, _ drive: inout Drive, _ now: Timestamp
    ) {
        guard let instance = drive.state.instance(ref), !instance.isOver, key.isAbout(instance) else { return }
        switch outcome {
        case .waiting(let action, let approval):
            guard case .performing = instance.phase else { return }
            drive.note(.waiting(ref, actionID: action, approvalID: approval), at: now)
        case .unknown(let action, let error):
            if case .stuck = instance.phase { return }
            drive.note(.unknown(ref, actionID: action, error), at: now)
        case .below(let labels, let outcome):
            if !labels.isSubset(of: drive.state.labels) { drive.note(.labels(labels), at: now) }
            take(outcome, ref, key, &drive, now)
        case .answered, .withheld, .failed, .nothing:
            drive.note(.ended(ref, drive.state.end(of: ref, outcome)), at: now)
        }
    }

    /// What has passed through the run's session stays with the run.
    private func noteLabels(_ drive: inout Drive, _ now: Timestamp) {
        guard let session = drive.state.session, let labels = try? gate.sessions.current(session).labels,
            !labels.isSubset(of: drive.state.labels)
        else { return }
        drive.note(.labels(labels), at: now)
    }

    // MARK: As whom

    /// Has the run a session to act in; where it cannot, it fails with the reason.
    private func enter(_ drive: inout Drive, _ now: Timestamp) async -> Bool {
        do {
            let (caller, isNew) = try await caller(for: drive.state)
            drive.caller = caller
            if isNew { drive.note(.session(id: caller.session.id), at: now) }
            return true
        } catch {
            drive.caller = nil
            stop(&drive, .wrapping(error), now)
            return false
        }
    }

    private func stop(_ drive: inout Drive, _ error: GatehouseError, _ now: Timestamp) {
        if drive.state.closing == nil { drive.note(.failed(error), at: now) }
    }

    // MARK: What is to be done

    private func start(_ command: RunCommand, of drive: inout Drive, in group: inout DiscardingTaskGroup) {
        guard let key = Piece.key(of: command), !drive.underWay.contains(key), drive.seen.insert(key).inserted else {
            return
        }
        drive.underWay.insert(key)
        let (state, caller) = (drive.state.outline, drive.caller)
        let timeout = drive.state.step(key.ref.step)?.timeout
        group.addTask {
            let outcome = await self.perform(command, state, caller, timeout)
            self.dispatcher.post(state.id, .came(key.ref, key, outcome))
        }
    }

    /// What has to be known of a run that is not in memory.
    private func remember(_ state: RunState, _ work: [RunCommand]) {
        var due: Timestamp?
        for case .timer(let time) in work { due = time }
        if !dispatcher.isStopped { timers.withLock { $0.set(state.id, at: due) } }
        awaited.withLock { $0.set(state.end == nil ? state.awaitedActions : [], of: state.id) }
    }

    /// After its last entry: others may go on.
    private func finish(_ state: RunState) async {
        if let session = state.session { try? await gate.sessions.end(session) }
        if let parent = state.start.parent { dispatcher.post(parent.run, .wake) }
        guard let group = try? await journal.record(state.id).group,
            let next = try? await journal.nextQueued(in: group)
        else { return }
        dispatcher.post(next, .wake)
    }
}

extension RunCommand {
    fileprivate var needsCaller: Bool {
        switch self {
        case .submit, .look, .withdraw: true
        case .note, .begin, .follow, .cancel, .undoChild, .timer: false
        }
    }
}

extension StepInstance {
    fileprivate var isOver: Bool { if case .ended = phase { true } else { false } }
}

extension Piece.Key {
    /// Whether the instance is still at what the work was for.
    fileprivate func isAbout(_ instance: StepInstance) -> Bool {
        switch (kind, instance.phase) {
        case (.submit, .performing(let attempt)): attempt.key == id
        case (.look, .waiting(_, let action, _)): action == id
        case (.look, .stuck(let attempt, let action, _)): (action ?? attempt.key) == id
        case (.withdraw, .waiting(_, _, let approval)): approval == id
        case (.follow, .child(let run, _, _)), (.undoChild, .child(let run, _, _)): run == id
        default: false
        }
    }
}
