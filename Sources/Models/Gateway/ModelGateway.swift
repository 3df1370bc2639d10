public import Core
public import Dialects
public import Gate
import Synchronization

/// Everything that calls to models share: providers and how they do, prices, privacy. The gate knows it as the tools
/// ``ModelsTool`` and ``CouncilTool``.
public final class ModelGateway: Sendable {
    public let privacy: ModelPrivacy
    let health = ModelHealth()
    let cache = AnswerCache()
    let clock: any WallClock
    let observe: @Sendable (ModelReport) -> Void
    private let current: Mutex<ModelSetup>
    /// Of providers that are configured otherwise by now, with when that began.
    private let retired = Mutex<[(upstream: Upstream, since: ContinuousClock.Instant)]>([])

    /// - Parameter observe: told of each call when it has ended, for figures.
    public init(
        _ settings: ModelsSettings, privacy: ModelPrivacy, clock: any WallClock = SystemWallClock(),
        observe: @escaping @Sendable (ModelReport) -> Void = { _ in }
    ) {
        self.privacy = privacy
        self.clock = clock
        self.observe = observe
        current = Mutex(ModelSetup(settings, clock: clock))
    }

    public var tools: [any Tool] { [ModelsTool(gateway: self), CouncilTool(gateway: self)] }

    /// What holds now. A call takes it once, and goes by it to its end.
    var setup: ModelSetup { current.withLock { $0 } }

    /// What clients may write as a model's name: see ``ModelSetup/modelNames``.
    public var modelNames: [String] { setup.modelNames }

    /// Reads a client's request; what comes of it is submitted to the gate with ``ModelCall/action``.
    /// - Parameter observe: told of this call when it has ended.
    /// - Throws: `invalid`, `too_large` or `unsupported`, naming what cannot be read or inspected.
    public func call(
        _ body: [UInt8], on surface: Surface, headers: [(name: String, value: String)],
        answeringTo sink: any AnswerSink, observe: (@Sendable (ModelReport) -> Void)? = nil
    ) throws(GatehouseError) -> ModelCall {
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value
        let request = try ModelRequest(body, surface: surface, contentType: type ?? "application/json")
        return ModelCall(request, headers: headers, sink: sink, privacy: privacy, observe: observe)
    }

    // MARK: Changing and closing

    /// Calls that begin from now on go by these. Connections to providers that are as they were are kept.
    public func adopt(_ settings: ModelsSettings) {
        let old = current.withLock { setup -> ModelSetup in
            defer { setup = ModelSetup(settings, clock: clock, keeping: setup.upstreams) }
            return setup
        }
        cache.empty()
        let kept = setup.upstreams
        let gone = old.upstreams.filter { kept[$0.key] !== $0.value }.values
        retired.withLock { $0 += gone.map { ($0, .now) } }
    }

    /// Closes connections to providers that are configured otherwise by now, once nobody uses them, and forgets answers
    /// that are too old.
    public func tidy(at now: ContinuousClock.Instant = .now) async {
        cache.sweep(at: now)
        let done = retired.withLock { retired -> [Upstream] in
            let done = retired.filter { $0.since + Self.grace < now && $0.upstream.isIdle }.map(\.upstream)
            retired.removeAll { one in done.contains { $0 === one.upstream } }
            return done
        }
        for upstream in done { try? await upstream.shutdown() }
    }

    /// A call that has chosen its provider and not begun needs less.
    private static let grace = Duration.seconds(60)

    /// Closes all connections. It must be called before the last reference goes.
    public func shutdown() async {
        let all = Array(setup.upstreams.values) + retired.withLock { $0.map(\.upstream) }
        for upstream in all { try? await upstream.shutdown() }
    }
}
