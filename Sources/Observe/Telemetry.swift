public import Core
public import Gate
import Synchronization

/// Makes spans and figures of what the gate does, for an OpenTelemetry collector; ``TelemetryExport`` sends them.
///
/// It is told of each action by the gate, on the action's way: what is done then is to count, and to put the span in
/// line . Where no collector is configured nothing is done at all.
public final class Telemetry: ActionListener {
    /// What holds now, made ready.
    struct Setup: Sendable {
        var settings: TelemetrySettings
        var collector: TelemetrySettings.Collector
        /// By provider of models.
        var servers: [String: WebPlace]
        var sampler: TraceSampler
    }

    let resource: ResourceIdentity
    let spans: SpanQueue
    let metrics: GenAIMetrics
    public let counts = ExportCounts()
    /// Rung when the settings change: one for each signal.
    let changed = (spans: Bell(), metrics: Bell())
    private let ids = SpanIDs()
    private let waiting = WaitingSpans()
    private let current = Mutex<Setup?>(nil)
    private let isActive = Atomic(false)

    /// - Parameters:
    ///   - version: of this program.
    ///   - instance: tells this house from others: `service.instance.id`.
    public init(version: String, instance: String, clock: any WallClock = SystemWallClock()) {
        resource = ResourceIdentity(version: version, instance: instance)
        spans = SpanQueue()
        metrics = GenAIMetrics(clock: clock)
    }

    /// Whether anything is sent.
    public var isOn: Bool { isActive.load(ordering: .relaxed) }

    /// Spans that are not sent yet.
    public var waitingSpans: Int { spans.count }

    var setup: Setup? { current.withLock { $0 } }

    /// Goes by these from now on. Spans that wait go to the new collector; without one they are dropped.
    /// - Parameter providers: base addresses of models' providers, by their names.
    public func adopt(_ settings: TelemetrySettings, providers: [String: String]) {
        let setup = settings.collector.map { collector in
            Setup(
                settings: settings, collector: collector, servers: providers.compactMapValues { WebPlace($0) },
                sampler: TraceSampler(share: settings.sample))
        }
        current.withLock { $0 = setup }
        isActive.store(setup != nil, ordering: .releasing)
        counts.dropped(spans.resize(to: setup?.collector.queue ?? 0))
        changed.spans.ring()
        changed.metrics.ring()
    }

    // MARK: From the gate

    public func begun(_ actionID: String, under parent: TraceContext?) -> ActionTrace? {
        guard isOn, let setup else { return nil }
        let above = parent ?? waiting.take(actionID)
        let traceID = above?.traceID ?? ids.traceID()
        let span = TraceContext(
            traceID: traceID, spanID: ids.spanID(), isSampled: above?.isSampled ?? setup.sampler.keeps(traceID),
            state: above?.state)
        return ActionTrace(span, under: above, isPropagated: setup.settings.isPropagated)
    }

    public func ended(_ action: EndedAction) {
        guard let setup else { return }
        let call = GenAICall(action, servers: setup.servers)
        if let call, !action.isReconciled { metrics.count(call) }
        if action.state == .waiting { waiting.put(action.trace.span, of: action.id) }
        guard action.trace.span.isSampled else { return }
        switch spans.put(FinishedSpan(action, call)) {
        case .kept: break
        case .keptAndFull: changed.spans.ring()
        case .dropped(let count): counts.dropped(count)
        }
    }
}
