import Core
import Synchronization

/// Who drives which run: each run has one driver at a time, and what is said to a run waits for it here. A run that
/// nobody says anything to has no place in it.
final class Dispatcher: Sendable {
    private struct Slot {
        var signals: [RunSignal] = []
        var isDriven = false
        var driver: CheckedContinuation<Void, Never>?
    }

    private struct State {
        var slots: [String: Slot] = [:]
        /// Runs that something was said to and nobody drives; those that somebody waits for come first.
        var urgent: [String] = []
        var ready: [String] = []
        var nextReady = 0
        var driven = 0
        var starter: CheckedContinuation<Void, Never>?
        var isStopped = false
    }

    /// Runs that are driven at once; those that somebody waits for are not held up by it.
    private let greatest: Int
    private let state = Mutex(State())

    init(greatest: Int) { self.greatest = greatest }

    var isStopped: Bool { state.withLock { $0.isStopped } }
    var driven: Int { state.withLock { $0.driven } }

    /// Runs that are driven, or are to be.
    var count: Int { state.withLock { $0.slots.count } }

    func post(_ run: String, _ signal: RunSignal) {
        let (resumed, refused) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
            if state.isStopped, signal.reply != nil { return (nil, true) }
            let isNew = state.slots[run] == nil
            state.slots[run, default: Slot()].signals.append(signal)
            if state.slots[run]?.isDriven == true { return (state.slots[run]?.driver.take(), false) }
            if signal.reply != nil {
                state.urgent.append(run)
            } else if isNew {
                state.ready.append(run)
            } else {
                return (nil, false)
            }
            return (state.starter.take(), false)
        }
        if refused { signal.reply?(.failure(Self.stopped)) }
        resumed?.resume()
    }

    // MARK: For whoever starts drivers

    /// The next run to drive. Nil once it is over.
    func next() async -> String? {
        while true {
            if Task.isCancelled { stop() }
            let (run, isOver) = state.withLock { ($0.isStopped ? nil : self.pick(&$0), $0.isStopped) }
            if isOver { return nil }
            if let run { return run }
            await withTaskCancellationHandler {
                await withCheckedContinuation { starter in
                    let mustLook = state.withLock { state in
                        if state.isStopped || Task.isCancelled || self.hasWork(&state) { return true }
                        state.starter = starter
                        return false
                    }
                    if mustLook { starter.resume() }
                }
            } onCancel: {
                state.withLock { $0.starter.take() }?.resume()
            }
        }
    }

    private func hasWork(_ state: inout State) -> Bool {
        !state.urgent.isEmpty || (state.nextReady < state.ready.count && state.driven < greatest)
    }

    private func pick(_ state: inout State) -> String? {
        func begin(_ run: String) -> Bool {
            guard state.slots[run]?.isDriven == false else { return false }
            state.slots[run]?.isDriven = true
            state.driven += 1
            return true
        }
        while !state.urgent.isEmpty {
            let run = state.urgent.removeFirst()
            if begin(run) { return run }
        }
        while state.nextReady < state.ready.count, state.driven < greatest {
            let run = state.ready[state.nextReady]
            state.nextReady += 1
            if state.nextReady == state.ready.count {
                state.ready.removeAll(keepingCapacity: state.nextReady < 1024)
                state.nextReady = 0
            }
            if begin(run) { return run }
        }
        return nil
    }

    /// Nothing is driven any more but what is under way.
    func stop() {
        let (replies, resumed) = state.withLock { state in
            state.isStopped = true
            var resumed = [state.starter.take()].compactMap(\.self)
            var replies: [RunSignal.Reply] = []
            for (run, slot) in state.slots {
                replies += slot.signals.compactMap(\.reply)
                state.slots[run]?.signals.removeAll { $0.reply != nil }
                if let driver = state.slots[run]?.driver.take() { resumed.append(driver) }
                if !slot.isDriven { state.slots[run] = nil }
            }
            return (replies, resumed)
        }
        for reply in replies { reply(.failure(Self.stopped)) }
        for continuation in resumed { continuation.resume() }
    }

    static let stopped = GatehouseError(
        "flow", .unavailable, "workflows are not running now", hint: "try again once the service has started")

    // MARK: For drivers

    /// What was said to the run since it was last asked. Waits for it while something is under way; with nothing under
    /// way and nothing said, the run has no driver any more, and the answer is nil.
    func take(_ run: String, isIdle: Bool) async -> [RunSignal]? {
        while true {
            let answer: (signals: [RunSignal]?, isOver: Bool, starter: CheckedContinuation<Void, Never>?) =
                state.withLock { state in
                    if let signals = state.slots[run]?.signals, !signals.isEmpty {
                        state.slots[run]?.signals = []
                        return (signals, false, nil)
                    }
                    guard isIdle else { return (nil, false, nil) }
                    state.slots[run] = nil
                    state.driven -= 1
                    return (nil, true, state.starter.take())
                }
            answer.starter?.resume()
            if answer.isOver { return nil }
            if let signals = answer.signals { return signals }
            await withCheckedContinuation { driver in
                let mustLook = state.withLock { state in
                    guard state.slots[run]?.signals.isEmpty == true else { return true }
                    state.slots[run]?.driver = driver
                    return false
                }
                if mustLook { driver.resume() }
            }
        }
    }
}
