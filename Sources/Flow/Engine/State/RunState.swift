public import Core
public import Gate
import JSON

/// Where a run stands: what its journal adds up to, and nothing else. A value, without IO and without chance: the same
/// journal gives the same state.
public struct RunState: Sendable, Hashable {
    /// Why nothing new begins.
    enum Closing: Sendable, Hashable {
        case failed(GatehouseError, thenUndo: Bool)
        case cancelled(by: String, reason: String)
    }

    struct Undoing: Sendable, Hashable {
        var request: UndoRequest
        /// What is still to be undone, the next one last.
        var rest: [StepRef]
        var current: StepInstance?
        /// Changes that there was no undo for, the latest first.
        var lasting: [StepRef] = []
        /// Why it cannot go on.
        var error: GatehouseError?
        /// Why the run had failed before.
        var former: GatehouseError?
    }

    public let workflow: Workflow
    public let start: RunStart
    /// Where each step stands in the file.
    private let places: [String: Int]
    var live: LiveSteps
    /// By id; those that have not begun are not in it.
    var steps: [String: StepRun] = [:]
    /// `steps` as expressions see it: those that are settled.
    var settled: JSONObject = [:]
    /// Settled steps whose outputs were not kept, with the reason.
    var cut: [String: String] = [:]
    var closing: Closing?
    var undoing: Undoing?
    public internal(set) var end: RunEnd?
    public internal(set) var session: String?
    public internal(set) var labels: Set<Label>
    public internal(set) var isQueued: Bool
    /// Entries of the journal so far.
    public internal(set) var entries = 0
    var instances = 0
    var completions = 0
    /// When it began, its turn in the queue waited for.
    var began: Timestamp
    /// Instances that wait for people or for runs below, which keep time for themselves; and how long any has.
    var elsewhere = 0
    var waited = Duration.zero
    var waitsSince: Timestamp?

    public static let greatestInstances = 10_000
    public static let greatestEntries = 100_000

    /// - Parameters:
    ///   - workflow: the one that the run is pinned to.
    ///   - time: of the first entry, which `start` is.
    public init(_ workflow: Workflow, _ start: RunStart, at time: Timestamp) {
        self.workflow = workflow
        self.start = start
        labels = start.labels
        isQueued = start.isQueued
        began = time
        entries = 1
        places = Dictionary(workflow.steps.enumerated().map { ($1.id, $0) }) { first, _ in first }
        live = LiveSteps(workflow.steps, places)
    }

    /// - Throws: `corrupt` where the first entry is not the run's beginning.
    public init(_ workflow: Workflow, replaying journal: some Sequence<RunEvent>) throws {
        var rest = journal.makeIterator()
        guard let first = rest.next(), case .started(let start) = first.kind else {
            throw GatehouseError("flow", .corrupt, "the journal of a run of \(workflow.name) has no beginning")
        }
        self.init(workflow, start, at: first.time)
        while let event = rest.next() { apply(event) }
    }

    public var id: String { start.id }

    /// Who acts: the one who asked for the undoing, while that is under way.
    public var principal: Principal { undoing?.request.by ?? start.principal }
    public var isLocal: Bool { undoing.flatMap { $0.request.by == nil ? nil : $0.request.isLocal } ?? start.isLocal }

    public var status: RunStatus {
        if let end { return end.state }
        if isQueued { return .queued }
        if let undoing {
            if case .stuck? = undoing.current?.phase { return .stuck }
            return .undoing
        }
        let states = open.map(\.run.state)
        if states.contains(.stuck) { return .stuck }
        return states.allSatisfy { $0 == .waiting } && !states.isEmpty ? .waiting : .running
    }

    public var error: GatehouseError? {
        if let end { return end.error }
        if case .failed(let error, _)? = closing { return error }
        return nil
    }

    /// Where a step stands.
    public func state(of step: String) -> StepState { steps[step]?.state ?? .pending }

    func place(of step: String) -> Int? { places[step] }
    func step(_ id: String) -> Step? { place(of: id).map { workflow.steps[$0] } }

    /// Steps that have begun and are not settled, in the order of the file.
    var open: [(id: String, run: StepRun)] {
        live.places.compactMap { place in
            let id = workflow.steps[place].id
            guard let run = steps[id], run.phase == .open else { return nil }
            return (id, run)
        }
    }

    func instance(_ ref: StepRef) -> StepInstance? {
        if ref.isUndo { return undoing?.rest.last == ref ? undoing?.current : nil }
        guard let run = steps[ref.step], run.instances.indices.contains(ref.index) else { return nil }
        return run.instances[ref.index]
    }

    /// Instances that have begun and not ended, in the order of the file.
    var underWay: [StepRef] {
        if let undoing {
            guard undoing.current != nil, let ref = undoing.rest.last else { return [] }
            return [ref]
        }
        return open.flatMap { id, run in run.active.sorted().map { StepRef(id, $0) } }
    }

    /// Names of events that it waits for.
    public var listens: Set<String> {
        Set(
            underWay.compactMap { ref in
                if case .paused(_, let event)? = instance(ref)?.phase { event } else { nil }
            })
    }
}
