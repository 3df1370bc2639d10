import Synchronization

/// What an action is known by in a trace, and its times by a clock that does not leap.
public final class ActionTrace: Sendable {
    private struct Times {
        var performing: ContinuousClock.Instant?
        var performed: ContinuousClock.Instant?
    }

    /// Of the action itself.
    public let span: TraceContext
    public let parent: TraceContext?
    /// Whether other systems that the action calls may know of the span.
    public let isPropagated: Bool
    private let begun = ContinuousClock.now
    private let times = Mutex(Times())

    public init(_ span: TraceContext, under parent: TraceContext?, isPropagated: Bool) {
        self.span = span
        self.parent = parent
        self.isPropagated = isPropagated
    }

    func performing() { times.withLock { $0.performing = .now } }
    func performed() { times.withLock { $0.performed = .now } }

    /// Since it was submitted.
    var took: Duration { .now - begun }

    /// What the tool took of it, retries included.
    var performance: Duration? {
        times.withLock { times in
            guard let performing = times.performing, let performed = times.performed else { return nil }
            return performed - performing
        }
    }
}
