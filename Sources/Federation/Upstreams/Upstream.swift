import Core
import Gate
import JSON
import Logging
import Synchronization

/// One server behind the gate: kept warm, begun again when it ends, asked for its tools when they change.
final class Upstream: Sendable {
    private struct State {
        var health: UpstreamHealth
        var connection: (any UpstreamConnection)?
    }

    let settings: UpstreamSettings
    private let connector: any Connector
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<State>
    private let stops = AsyncStream<Void>.makeStream()
    /// Hears of the tools, with the server's identity.
    private let onTools: @Sendable ([JSON], _ identity: JSON) -> Void

    init(
        _ settings: UpstreamSettings, clock: any WallClock, logger: Logger, connector: any Connector,
        onTools: @escaping @Sendable ([JSON], _ identity: JSON) -> Void
    ) {
        self.settings = settings
        self.connector = connector
        self.clock = clock
        self.logger = logger
        self.onTools = onTools
        state = Mutex(State(health: UpstreamHealth(since: clock.now())))
    }

    var health: UpstreamHealth { state.withLock { $0.health } }

    /// For good.
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
            do { try await serve { backoff.reset() } } catch { problem = GatehouseError.wrapping(error).message }
            guard !Task.isCancelled else { return }
            note(.failing, problem)
            logger.warning("an MCP server failed", metadata: ["server": "\(settings.name)", "problem": "\(problem)"])
            try? await Task.sleep(for: backoff.next())
        }
    }

    /// One life of the server.
    private func serve(onReady: () -> Void) async throws {
        let changed = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let connection = try connector.connect(settings) { changed.continuation.yield() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await connection.run()
                throw GatehouseError("mcp", .unavailable, "it ended")
            }
            group.addTask {
                try await self.list(connection)
                for await _ in changed.stream { try await self.list(connection) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func list(_ connection: any UpstreamConnection) async throws {
        let (identity, version) = try await connection.describe()
        var whole = settings.identity
        whole["server"] = identity
        onTools(try await connection.listTools(), whole)
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

    // MARK: Calls

    /// - Parameter arguments: of the action `mcp.call`.
    /// - Returns: the result's object.
    /// - Throws: `unavailable` while the server is not there; what it answers.
    func call(_ tool: CatalogueTool, _ arguments: JSON, in context: ActionContext) async throws -> JSON {
        guard let connection = state.withLock({ $0.connection }) else {
            throw GatehouseError(
                "mcp", .unavailable, "the MCP server \(settings.name) is not there",
                cause: health.problem, hint: "try again shortly", retryAfter: .seconds(5))
        }
        var params: JSON = ["name": .string(tool.tool), "arguments": arguments["arguments"] ?? [:]]
        if let input = arguments["input"] { params["inputResponses"] = input }
        if let carried = arguments["state"] { params["requestState"] = carried }
        return try await connection.call(params, within: settings.timeout) { progress in
            context.progress(
                Progress(
                    stage: progress["message"]?.string ?? tool.tool, done: Int(progress["progress"]?.double ?? 0),
                    total: progress["total"]?.double.map { Int($0) }))
        }
    }
}
