import Core
import Gate
import JSON

extension RunState {
    /// Takes what was decided or has happened. An entry about what is not there changes nothing but the count.
    public mutating func apply(_ event: RunEvent) {
        entries += 1
        switch event.kind {
        case .started: break
        case .released:
            isQueued = false
            began = event.time
        case .session(let id): session = id
        case .labels(let more): labels.formUnion(more)
        case .skipped(let step): settle(step, .skipped)
        case .opened(let step, let items): open(step, items)
        case .ended(let ref, let end): close(ref, end, at: event.time)
        case .settled(let ref, let settlement, _, _): settle(ref, settlement, at: event.time)
        case .cancelled(let by, let reason): stop(.cancelled(by: by, reason: reason))
        case .failed(let error): stop(.failed(error, thenUndo: false))
        case .undo(let request): beginUndo(request)
        case .finished(let end):
            self.end = end
            undoing = nil
        case .begun, .waiting, .unknown, .paused, .child: move(event.kind)
        }
        keepTime(at: event.time)
    }

    private mutating func move(_ kind: RunEvent.Kind) {
        switch kind {
        case .begun(let attempt):
            update(attempt.ref) { instance in
                instance.attempts = attempt.number
                instance.undo = attempt.undo
                instance.phase = .performing(attempt)
            }
            guard attempt.ref.isUndo else { return }
            done(attempt.ref) { $0.undoAttempts = attempt.number }
        case .waiting(let ref, let actionID, let approvalID):
            attempting(ref) { .waiting($0, actionID: actionID, approvalID: approvalID) }
        case .unknown(let ref, let actionID, let error):
            attempting(ref) { .stuck($0, actionID: actionID, error) }
        case .paused(let ref, let until, let event): update(ref) { $0.phase = .paused(until: until, event: event) }
        case .child(let ref, let run, let workflow, let inputs):
            update(ref) { instance in
                instance.attempts += 1
                instance.child = run
                instance.phase = .child(run: run, workflow: workflow, inputs: inputs)
            }
        default: break
        }
    }

    // MARK: Instances

    /// Alters an instance that is there, or that is the only one of its step.
    private mutating func update(_ ref: StepRef, _ change: (inout StepInstance) -> Void) {
        if ref.isUndo {
            guard undoing?.rest.last == ref else { return }
            var instance = undoing?.current ?? StepInstance()
            change(&instance)
            undoing?.current = instance
            return
        }
        if steps[ref.step] == nil { open(ref.step, nil) }
        guard let before = instance(ref)?.isElsewhere, steps[ref.step]?.settled == nil else { return }
        // In its place: a copy of a step with thousands of instances would be made for each entry.
        done(ref, change)
        steps[ref.step]?.active.insert(ref.index)
        if let next = steps[ref.step]?.nextReady, next <= ref.index { steps[ref.step]?.nextReady = ref.index + 1 }
        let after = instance(ref)?.isElsewhere ?? false
        elsewhere += (after ? 1 : 0) - (before ? 1 : 0)
    }

    /// Alters what is kept of an instance, whatever has become of its step.
    private mutating func done(_ ref: StepRef, _ change: (inout StepInstance) -> Void) {
        guard let count = steps[ref.step]?.instances.count, ref.index < count else { return }
        steps[ref.step]?.change(ref.index, change)
    }

    private mutating func attempting(_ ref: StepRef, _ phase: (Attempt) -> StepInstance.Phase) {
        guard let attempt = instance(ref)?.attempt else { return }
        update(ref) { $0.phase = phase(attempt) }
    }

    private mutating func open(_ step: String, _ items: [JSON]?) {
        guard let place = place(of: step), steps[step] == nil else { return }
        let count = items?.count ?? 1
        steps[step] = StepRun(
            phase: .open, items: items, instances: Array(repeating: StepInstance(), count: count))
        instances += count
        live.opened(place)
        if count == 0 { settleWhenDone(step) }
    }

    // MARK: Ends

    private mutating func close(_ ref: StepRef, _ end: StepEnd, at time: Timestamp) {
        guard !ref.isUndo else { return closeUndo(ref, end, at: time) }
        guard let step = step(ref.step) else { return }
        let isClosing = closing != nil
        let count = completions + 1
        update(ref) { $0.take(end, retry: isClosing ? .once : step.retry, completion: count, at: time) }
        guard let instance = instance(ref), case .ended(let state) = instance.phase else { return }
        if instance.completion == count { completions = count }
        steps[ref.step]?.active.remove(ref.index)
        if state == .failed, step.reaction(to: instance.failure) != .continue { endReady(of: ref.step) }
        settleWhenDone(ref.step)
    }

    /// Nothing that has not begun does so any more.
    private mutating func endReady(of step: String) {
        guard let first = steps[step]?.nextReady, let count = steps[step]?.instances.count else { return }
        for index in first..<max(first, count) { steps[step]?.change(index) { $0.phase = .ended(.cancelled) } }
        steps[step]?.nextReady = count
    }

    private mutating func stop(_ reason: Closing) {
        if closing == nil { closing = reason }
        for (id, _) in open {
            endReady(of: id)
            settleWhenDone(id)
        }
    }

    private mutating func settle(_ ref: StepRef, _ settlement: Settlement, at time: Timestamp) {
        guard let instance = instance(ref), case .stuck(_, let actionID, let error) = instance.phase else { return }
        switch settlement {
        case .happened(let outputs): close(ref, .succeeded(outputs, actionID: actionID), at: time)
        case .didNotHappen: close(ref, .failed(error, .interrupted, actionID: nil, chance: 0.5), at: time)
        case .givenUp: close(ref, .failed(error, .refused, actionID: nil, chance: 0.5), at: time)
        }
    }

    // MARK: Steps

    private mutating func settleWhenDone(_ id: String) {
        guard let run = steps[id], run.phase == .open, run.isDone, let step = step(id) else { return }
        let states = Set(run.instances.map(\.state))
        let state: StepState =
            states.contains(.failed) ? .failed : states.contains(.cancelled) ? .cancelled : .succeeded
        let failed = run.instances.first { $0.state == .failed }
        steps[id]?.outputs = run.items == nil ? run.instances[0].outputs : .list(run.instances.map(\.outputs))
        steps[id]?.error = failed?.error
        settle(id, state)
        guard state == .failed, closing == nil, let error = failed?.error else { return }
        let reaction = step.reaction(to: failed?.failure)
        if reaction != .continue { stop(.failed(error, thenUndo: reaction == .undo)) }
    }

    private mutating func settle(_ id: String, _ state: StepState) {
        guard let place = place(of: id) else { return }
        var run = steps[id] ?? StepRun()
        if run.settled == nil { live.settled(place) }
        run.phase = .settled(state)
        steps[id] = run
        var outputs = JSON.null
        switch run.outputs {
        case .value(let value): outputs = value
        case .cut(let reason): cut[id] = reason
        }
        settled[id] = [
            "state": .string(state.rawValue), "outputs": outputs,
            "error": run.error.map { .string($0.message) } ?? .null,
        ]
    }

    private mutating func keepTime(at time: Timestamp) {
        if elsewhere > 0, waitsSince == nil { waitsSince = time }
        if elsewhere == 0, let since = waitsSince {
            waited += max(.zero, time - since)
            waitsSince = nil
        }
    }

    // MARK: Undoing

    private mutating func beginUndo(_ request: UndoRequest) {
        var since = 1
        if let from = request.from {
            since = steps[from]?.instances.compactMap(\.completion).min() ?? .max
        }
        let refs = workflow.steps.filter { $0.undo != .none }.flatMap { step in
            (steps[step.id]?.instances ?? []).indices.map { StepRef(step.id, $0, isUndo: true) }
        }
        let done = refs.compactMap { ref -> (StepRef, Int)? in
            guard let instance = steps[ref.step]?.instances[ref.index], instance.canBeUndone,
                let completion = instance.completion, completion >= since
            else { return nil }
            return (ref, completion)
        }
        undoing = Undoing(request: request, rest: done.sorted { $0.1 < $1.1 }.map(\.0), former: error)
        closing = nil
        end = nil
        if request.by != nil { session = nil }
    }

    private mutating func closeUndo(_ ref: StepRef, _ end: StepEnd, at time: Timestamp) {
        guard undoing?.rest.last == ref else { return }
        switch end {
        case .succeeded, .nothing:
            if case .nothing = end, case .action? = step(ref.step)?.kind { undoing?.lasting.append(ref) }
            done(ref) { $0.isUndone = true }
            undoing?.rest.removeLast()
            undoing?.current = nil
        case .failed(_, .interrupted, _, _): update(ref) { $0.phase = .retrying(at: time) }
        case .failed(let error, _, _, _):
            undoing?.current = nil
            undoing?.error = error
        case .cancelled: undoing?.current = nil
        }
    }
}

extension StepInstance {
    /// What is being attempted.
    var attempt: Attempt? {
        switch phase {
        case .performing(let attempt), .waiting(let attempt, _, _), .stuck(let attempt, _, _): attempt
        default: nil
        }
    }

    fileprivate var canBeUndone: Bool { !isUndone && (undo != nil || actionID != nil || child != nil) }

    /// Attempts that were cut short, at most: they do not count, and still do not go on for ever.
    private static let greatestInterruptions = 100

    fileprivate mutating func take(_ end: StepEnd, retry: Retry, completion: Int, at time: Timestamp) {
        switch end {
        case .succeeded(let outputs, let actionID):
            phase = .ended(.succeeded)
            self.outputs = outputs
            self.actionID = actionID
            self.completion = completion
        case .failed(let error, let failure, let actionID, let chance):
            fail(error, failure, retry, chance, at: time)
            guard failure == .performed else { return }
            self.actionID = actionID
            self.completion = completion
        case .cancelled, .nothing: phase = .ended(.cancelled)
        }
    }

    private mutating func fail(
        _ error: GatehouseError, _ failure: StepEnd.Failure, _ retry: Retry, _ chance: Double, at time: Timestamp
    ) {
        self.error = error
        self.failure = failure
        switch failure {
        case .interrupted where attempts - failures < Self.greatestInterruptions: phase = .retrying(at: time)
        case .failed where failures + 1 < retry.attempts:
            failures += 1
            phase = .retrying(at: time + retry.wait(after: failures, chance: chance))
        default: phase = .ended(.failed)
        }
    }
}

extension Retry {
    /// How long to wait before the next attempt.
    /// - Parameters:
    ///   - failures: so far, from 1.
    ///   - chance: from 0 to 1.
    func wait(after failures: Int, chance: Double) -> Duration {
        var seconds = Double(delay.microseconds) / 1e6
        let longest = Double(longestDelay.microseconds) / 1e6
        for _ in 1..<max(1, failures) where seconds < longest { seconds *= max(1, factor) }
        seconds = min(seconds, longest) * (1 + jitter * (2 * min(max(chance, 0), 1) - 1))
        guard seconds.isFinite, seconds > 0 else { return .zero }
        return .microseconds(Int64(min(seconds, 1e9) * 1e6))
    }
}

extension Step {
    /// What a failure of it means.
    func reaction(to failure: StepEnd.Failure?) -> OnError {
        guard case .approval(let approval) = kind else { return onError }
        let otherwise: ApprovalStep.Otherwise
        switch failure {
        case .denied: otherwise = approval.onDeny
        case .expired: otherwise = approval.onTimeout
        default: return onError
        }
        switch otherwise {
        case .fail: return .fail
        case .continue: return .continue
        case .undo: return .undo
        }
    }
}

extension StepOutputs {
    /// Those of all elements, in their order.
    fileprivate static func list(_ parts: [StepOutputs]) -> StepOutputs {
        var values: [JSON] = []
        for part in parts {
            switch part {
            case .value(let value): values.append(value)
            case .cut: return part
            }
        }
        return StepOutputs(.array(values))
    }

    /// The value, or its size and hash where it is too great to be kept.
    init(_ value: JSON) {
        let bytes = value.bytes()
        self = bytes.count <= Self.greatest ? .value(value) : .cut(Digest.tooLarge(bytes))
    }
}
