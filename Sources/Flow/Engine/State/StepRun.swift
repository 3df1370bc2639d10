import Core
import JSON

/// One instance of a step on its way.
struct StepInstance: Sendable, Hashable {
    enum Phase: Sendable, Hashable {
        case ready
        /// Begun; what came of it is not in the journal yet.
        case performing(Attempt)
        case waiting(Attempt, actionID: String, approvalID: String)
        case stuck(Attempt, actionID: String?, GatehouseError)
        case paused(until: Timestamp, event: String?)
        case child(run: String, workflow: String, inputs: JSON)
        case retrying(at: Timestamp)
        case ended(StepState)
    }

    var phase = Phase.ready
    /// Begun so far: what keys are numbered by.
    var attempts = 0
    /// Of those, the ones that count against `retry`.
    var failures = 0
    /// Which of all that was done in the run it was, from 1; nil where nothing was.
    var completion: Int?
    var actionID: String?
    var undo: StepRequest?
    var child: String?
    var outputs = StepOutputs.value(.null)
    var error: GatehouseError?
    var failure: StepEnd.Failure?
    var undoAttempts = 0
    var isUndone = false

    /// Whether it waits for people, or for a run that keeps time for itself.
    var isElsewhere: Bool {
        switch phase {
        case .waiting, .child: true
        default: false
        }
    }

    var state: StepState {
        switch phase {
        case .ready: .pending
        case .performing: .running
        case .retrying, .waiting, .paused, .child: .waiting
        case .stuck: .stuck
        case .ended(let state): state
        }
    }
}

/// One step on its way.
struct StepRun: Sendable, Hashable {
    enum Phase: Sendable, Hashable {
        case pending, open
        case settled(StepState)
    }

    var phase = Phase.pending
    /// What `for_each` goes over; nil for a step without.
    var items: [JSON]?
    var instances: [StepInstance] = []
    /// The first instance that has not begun.
    var nextReady = 0
    /// Those that have begun and not ended.
    var active: Set<Int> = []
    var outputs = StepOutputs.value(.null)
    var error: GatehouseError?

    mutating func change(_ index: Int, _ change: (inout StepInstance) -> Void) { change(&instances[index]) }

    var settled: StepState? { if case .settled(let state) = phase { state } else { nil } }
    var isDone: Bool { active.isEmpty && nextReady >= instances.count }

    var state: StepState {
        switch phase {
        case .pending: return .pending
        case .settled(let state): return state
        case .open:
            let states = active.map { instances[$0].state }
            if states.contains(.stuck) { return .stuck }
            return states.allSatisfy { $0 == .waiting } && !states.isEmpty ? .waiting : .running
        }
    }
}
