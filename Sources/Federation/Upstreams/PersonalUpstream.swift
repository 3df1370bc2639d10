import Core
import Gate
import JSON
import Logging
import MCP
import Synchronization

/// A server at which each who uses it has an authorization of their own: one connection for each of them, begun when it is
/// first needed.
final class PersonalUpstream: UpstreamServer {
    private struct State {
        var users: [String: Upstream] = [:]
        var lists: [String: ServerLists] = [:]
        var since: Timestamp
    }

    let settings: UpstreamSettings
    private let authorizations: Authorizations
    private let clock: any WallClock
    private let logger: Logger
    private let connector: any Connector
    private let hears: Upstream.Hears
    private let state: Mutex<State>
    private let begun = AsyncStream<Upstream>.makeStream(bufferingPolicy: .bufferingOldest(mostUsers))

    /// Connections at once.
    private static let mostUsers = 200
    /// Begun with the house, so that it is known what the server offers.
    private static let atStart = 8
    /// For a connection that was begun just now.
    private static let patience = Duration.seconds(20)

    init(
        _ settings: UpstreamSettings, authorizations: Authorizations, clock: any WallClock, logger: Logger,
        connector: any Connector, hears: Upstream.Hears
    ) {
        self.settings = settings
        self.authorizations = authorizations
        self.clock = clock
        self.logger = logger
        self.connector = connector
        self.hears = hears
        state = Mutex(State(since: clock.now()))
    }

    var health: UpstreamHealth {
        let (users, since) = state.withLock { (Array($0.users.values), $0.since) }
        let all = users.map(\.health)
        if let ready = all.first(where: { $0.state == .ready }) { return ready }
        return all.first
            ?? UpstreamHealth(
                problem: "nobody has authorized the gateway there yet: gatehouse mcp login \(settings.name)",
                since: since)
    }

    func stop() { begun.continuation.finish() }

    func run() async {
        await withDiscardingTaskGroup { group in
            for user in await authorizations.users(of: settings).prefix(Self.atStart) { _ = try? begin(user) }
            for await upstream in begun.stream { group.addTask { await upstream.run() } }
            group.cancelAll()
        }
    }

    func watch(_ uris: Set<String>) {
        for upstream in state.withLock({ Array($0.users.values) }) { upstream.watch(uris) }
    }

    /// Begins the connection of one user, in the place of one that there is.
    /// - Throws: `exhausted` for too many.
    @discardableResult
    func begin(_ user: String) throws -> Upstream {
        let authorizer = authorizations.authorizer(try authorizations.key(user, settings), settings)
        let upstream = Upstream(
            settings, clock: clock, logger: logger, connector: connector, hears: hears(of: user),
            authorizer: authorizer)
        let old = try state.withLock { state in
            guard state.users[user] != nil || state.users.count < Self.mostUsers else {
                throw GatehouseError(
                    "mcp", .exhausted, "more than \(Self.mostUsers) users of the MCP server \(settings.name) at once")
            }
            return state.users.updateValue(upstream, forKey: user)
        }
        old?.stop()
        begun.continuation.yield(upstream)
        return upstream
    }

    /// Ends the connection of one user.
    func end(_ user: String) {
        let (old, lists) = state.withLock { state in
            state.lists[user] = nil
            return (state.users.removeValue(forKey: user), state.lists)
        }
        old?.stop()
        if !lists.isEmpty, let identity = old?.identity { hears.lists(ServerLists(merging: lists), identity) }
    }

    private func hears(of user: String) -> Upstream.Hears {
        Upstream.Hears(
            lists: { [weak self] lists, identity in self?.take(lists, of: user, identity) },
            resource: hears.resource, watched: hears.watched)
    }

    /// What anybody is offered is in the catalogue; whether somebody may use it is the server's to say.
    private func take(_ lists: ServerLists, of user: String, _ identity: JSON) {
        let all = state.withLock { state in
            guard state.users[user] != nil else { return state.lists }
            state.lists[user] = lists
            return state.lists
        }
        hears.lists(ServerLists(merging: all), identity)
    }

    func send(_ method: String, _ params: JSON, _ arguments: JSON, in context: ActionContext) async throws -> JSON {
        let user = Authorizations.User(principal: context.principal.id)
        let upstream = try await upstream(of: user)
        do { return try await upstream.send(method, params, arguments, in: context) } catch let error as GatehouseError
            where error.code == .unauthenticated
        { throw unauthorized(user) }
    }

    private func upstream(of user: Authorizations.User) async throws -> Upstream {
        if let known = state.withLock({ $0.users[user.id] }), !known.isRefused { return try await ready(known, user) }
        guard try await authorizations.table.grant(for: try authorizations.key(user.id, settings)) != nil else {
            throw unauthorized(user)
        }
        return try await ready(try begin(user.id), user)
    }

    private func ready(_ upstream: Upstream, _ user: Authorizations.User) async throws -> Upstream {
        let end = ContinuousClock.now + Self.patience
        while upstream.health.state == .starting, .now < end { try await Task.sleep(for: .milliseconds(10)) }
        guard !upstream.isRefused else { throw unauthorized(user) }
        return upstream
    }

    private func unauthorized(_ user: Authorizations.User) -> GatehouseError {
        GatehouseError(
            "mcp", .unauthenticated, "the gateway is not authorized at \(settings.name) by whoever uses it",
            hint: "authorize it, and make the same call again: \(authorizations.address(for: settings.name, user))")
    }
}
