internal import Synchronization

/// How much of an evaluation is kept: `explain` of OPA's Data API.
public enum TraceDetail: String, Sendable, Hashable, CaseIterable {
    /// What `trace()` says, with the rules around it.
    case notes
    /// Expressions that fail, with the rules around them.
    case fails
    case full
    /// As full; the printed lines show variables.
    case debug
}

/// Bounds on a trace. Where one is passed the rest is left out, and the trace says that it was cut.
public struct TraceLimits: Sendable, Hashable {
    public var events = 100_000
    /// Of texts and values, about.
    public var bytes = 32 << 20
    /// Of a variable's value; of larger ones the beginning is kept.
    public var valueSize = 1024

    public init() {}
}

/// Receives the trace of an evaluation: put it into ``EvaluationOptions/tracer``.
///
/// The program must be of a policy that was compiled to be observed. A trace holds what the policy looks at: parts of
/// the input and of data. Of an evaluation that ends with an error it holds what came before.
public final class Tracer: Sendable {
    public let detail: TraceDetail
    public let limits: TraceLimits
    private let state = Mutex(Trace())

    public init(_ detail: TraceDetail = .full, limits: TraceLimits = TraceLimits()) {
        self.detail = detail
        self.limits = limits
    }

    /// Of all evaluations so far, those that ended first coming first.
    public var trace: Trace { state.withLock { $0 } }

    func add(_ events: [Trace.Event], isCut: Bool) {
        state.withLock { trace in
            let before = trace.events.last.map { _ in (trace.events.map(\.query).max() ?? 0) + 1 } ?? 0
            let room = Swift.max(0, limits.events - trace.events.count)
            for var event in events.prefix(room) {
                event.query += before
                event.parent += event.parent == 0 ? 0 : before
                trace.events.append(event)
            }
            if isCut || events.count > room { trace.isCut = true }
        }
    }
}
