import Core
import Gate
import JSON
import Logging
import MCP
import Synchronization

/// A server as the federation uses it.
protocol UpstreamServer: Sendable {
    var settings: UpstreamSettings { get }
    var health: UpstreamHealth { get }
    /// Until it is stopped, or the task is cancelled.
    func run() async
    /// For good.
    func stop()
    /// Those resources of which changes are told from now on.
    func watch(_ uris: Set<String>)
    /// - Parameters:
    ///   - params: without what carries input.
    ///   - arguments: of the action that asks: `input` and `state` are handed on.
    /// - Returns: the result's object.
    /// - Throws: `unavailable` while the server is not there; what it answers.
    func send(_ method: String, _ params: JSON, _ arguments: JSON, in context: ActionContext) async throws -> JSON
}

/// One connection to a server behind the gate: kept warm, begun again when it ends, asked for its tools when they change.
final class Upstream: UpstreamServer {
    private struct State {
        var health: UpstreamHealth
        var connection: (any UpstreamConnection)?
        var isRefused = false
        var identity: JSON?
    }

    let settings: UpstreamSettings
    private let connector: any Connector
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<State>
    private let stops = AsyncStream<Void>.makeStream()
    private let hears: Hears
    private let authorizer: (any MCPAuthorizer)?

    /// Who hears of what a server says.
    struct Hears: Sendable {
        /// Of all that it offers, with its identity.
        var lists: @Sendable (ServerLists, _ identity: JSON) -> Void
        /// That a resource has changed.
        var resource: @Sendable (_ uri: String) -> Void
        /// The resources that somebody wants to hear of.
        var watched: @Sendable () -> Set<String>
    }

    init(
        _ settings: UpstreamSettings, clock: any WallClock, logger: Logger, connector: any Connector, hears: Hears,
        authorizer: (any MCPAuthorizer)? = nil
    ) {
        self.authorizer = authorizer
        self.settings = settings
        self.connector = connector
        self.clock = clock
        self.logger = logger
        self.hears = hears
        state = Mutex(State(health: UpstreamHealth(since: clock.now())))
    }

    var health: UpstreamHealth { state.withLock { $0.health } }

    /// Of the server, as it was last told.
    var identity: JSON? { state.withLock { $0.identity } }

    /// Whether the server wants another authorization.
    var isRefused: Bool { state.withLock { $0.isRefused } }

    func stop() { stops.continuation.finish() }

    /// Until it is stopped, or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepUp() }
            for await _ in stops.stream {}
            group.cancelAll()
        }
        note(.stopped, nil)
    }

    private func keepUp() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            var problem = "it ended"
            let begun = ContinuousClock.now
            var isRefused = false
            do { try await serve() } catch {
                let error = GatehouseError.wrapping(error)
                (problem, isRefused) = (error.message, authorizer != nil && error.code == .unauthenticated)
            }
            guard !Task.isCancelled else { return }
            // One that ends soon after it has begun is in as much trouble as one that does not begin.
            if health.state == .ready, .now - begun > Self.staysUp { backoff.reset() }
            // Only a person can help with that, and until then it is left alone.
            if isRefused { state.withLock { $0.isRefused = true } }
            note(.failing, problem)
            guard !isRefused else { return }
            logger.warning("an MCP server failed", metadata: ["server": "\(settings.name)", "problem": "\(problem)"])
            try? await Task.sleep(for: backoff.next())
        }
    }

    /// After which a server counts as well.
    private static let staysUp = Duration.seconds(60)
    /// After which a server is asked again for what it offers, whether it tells of changes or not.
    private static let asksAgain = Duration.seconds(300)

    /// One life of the server.
    private func serve() async throws {
        let changed = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let connection = try connector.connect(settings, authorizer) { [hears] change in
            if case .resource(let uri) = change { hears.resource(uri) } else { changed.continuation.yield() }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await connection.run()
                throw GatehouseError("mcp", .unavailable, "it ended")
            }
            group.addTask {
                try await self.list(connection)
                for await _ in changed.stream { try await self.list(connection) }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.asksAgain)
                    changed.continuation.yield()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func list(_ connection: any UpstreamConnection) async throws {
        let (identity, version) = try await connection.describe()
        var whole = settings.identity
        whole["server"] = identity
        let lists = try await connection.lists()
        state.withLock { $0.identity = whole }
        hears.lists(lists, whole)
        connection.watch(hears.watched())
        state.withLock { state in
            state.connection = connection
            guard state.health.state != .ready else { return }
            state.health = UpstreamHealth(state: .ready, since: clock.now(), version: version)
        }
    }

    private func note(_ new: UpstreamHealth.State, _ problem: String?) {
        let now = clock.now()
        state.withLock { state in
            state.connection = nil
            let since = state.health.state == new ? state.health.since : now
            state.health = UpstreamHealth(
                state: new, problem: problem, since: since, attempts: state.health.attempts + 1,
                version: state.health.version)
        }
    }

    // MARK: Requests

    func watch(_ uris: Set<String>) { state.withLock { $0.connection }?.watch(uris) }

    func send(_ method: String, _ params: JSON, _ arguments: JSON, in context: ActionContext) async throws -> JSON {
        guard let connection = state.withLock({ $0.connection }) else {
            throw GatehouseError(
                "mcp", .unavailable, "the MCP server \(settings.name) is not there",
                cause: health.problem, hint: "try again shortly", retryAfter: .seconds(5))
        }
        let name = params["name"]?.string ?? method
        let request = UpstreamRequest(
            method: method, params: params, time: settings.timeout,
            asker: Asker(arguments, principal: context.principal.id, sampling: settings.allowsSampling),
            input: CarriedInput(responses: arguments["input"], state: arguments["state"]?.string),
            trace: context.trace.flatMap { TraceMeta(parent: $0.traceparent, state: $0.state) })
        return try await connection.send(request) { progress in
            context.progress(
                Progress(
                    stage: progress["message"]?.string ?? name, done: Int(progress["progress"]?.double ?? 0),
                    total: progress["total"]?.double.map { Int($0) }))
        }
    }
}
