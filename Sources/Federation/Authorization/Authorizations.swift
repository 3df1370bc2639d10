import AsyncHTTPClient
import Core
import MCP
import Store
import Synchronization
import Web

/// What persons let the gateway do for them at servers that want an authorization of each: begun, kept, renewed.
///
/// Tokens are for the server that they were given for, and for the person who gave them; what a client sends the gateway
/// goes nowhere.
public final class Authorizations: Sendable {
    private struct State {
        /// By server.
        var clients: [String: OAuthClient] = [:]
        var http: HTTPClient?
        var console: @Sendable () -> String = { "http://127.0.0.1:8700" }
        /// What servers wanted when they last refused somebody.
        var challenges: [GrantKey: [String]] = [:]
        /// Authorizations begun, by their state.
        var begun: [String: Begun] = [:]
    }

    private struct Begun {
        let server: String
        let key: GrantKey
        /// Who is to come back from the authorization server.
        let starter: String
        let expires: Timestamp
    }

    /// Where authorization servers send people back to, below the console's address.
    public static let callbackPath = "/mcp/callback"
    /// What the gateway says of itself to those who authorize.
    public static let metadataPath = "/mcp/client.json"
    private static let longest = Duration.seconds(600)
    private static let most = 1000

    let table: GrantTable
    private let clock: any WallClock
    private let state = Mutex(State())

    init(_ store: Store, secretKey: [UInt8], clock: any WallClock) {
        table = GrantTable(store, secretKey: secretKey)
        self.clock = clock
    }

    /// - Parameter address: of the console, without a slash at its end.
    public func reach(at address: @escaping @Sendable () -> String) { state.withLock { $0.console = address } }

    /// Where somebody authorizes the gateway at a server.
    func address(for server: String, _ user: User) -> String {
        let console = state.withLock { $0.console }()
        let address = "\(console)/mcp/authorize/\(server)"
        return user.isSelf ? address : "\(address)?for=\(Percent.encode(user.id))"
    }

    // MARK: Whom

    /// For whom a server is used.
    public struct User: Sendable, Hashable {
        public let id: String
        /// Whether a person can sign in as this one.
        let isSelf: Bool

        /// The agents of a user of this machine act for that user.
        public init(principal: String) {
            let suffix = "/agents"
            id = principal.hasSuffix(suffix) ? String(principal.dropLast(suffix.count)) : principal
            isSelf = id.hasPrefix("local:")
        }
    }

    func key(_ user: String, _ settings: UpstreamSettings) throws(GatehouseError) -> GrantKey {
        guard case .http(let url, _) = settings.reach, let resource = ResourceIdentifier(url) else {
            throw GatehouseError(
                "mcp", .invalid, "\(settings.name) is not at an address that authorizations may be sent to",
                hint: "use https")
        }
        return GrantKey(user: user, server: resource)
    }

    func authorizer(_ key: GrantKey, _ settings: UpstreamSettings) -> any MCPAuthorizer {
        UserAuthorizer(GrantAuthorizer(key, client: client(settings))) { [self] challenges in
            state.withLock { state in
                if state.challenges.count >= Self.most { state.challenges = [:] }
                state.challenges[key] = Array(challenges.prefix(4))
            }
        }
    }

    func users(of settings: UpstreamSettings) async -> [String] {
        guard let key = try? key("", settings) else { return [] }
        return (try? await table.users(at: key.server)) ?? []
    }

    // MARK: Authorizing

    /// The address at the authorization server that a person is to visit.
    ///
    /// - Parameters:
    ///   - user: for whom the server will be used.
    ///   - starter: who is signed in here, and is to come back.
    func begin(_ settings: UpstreamSettings, user: String, starter: String) async throws -> String {
        let key = try key(user, settings)
        let address = try await client(settings).begin(
            key, challenges: state.withLock { $0.challenges[key] } ?? [])
        guard let mark = Self.member("state", of: address) else {
            throw GatehouseError("mcp", .internal, "the authorization has no state")
        }
        let now = clock.now()
        try state.withLock { state in
            state.begun = state.begun.filter { $0.value.expires > now }
            guard state.begun.count < Self.most else {
                throw GatehouseError("mcp", .exhausted, "too many authorizations wait for a person")
            }
            state.begun[mark] = Begun(
                server: settings.name, key: key, starter: starter, expires: now + Self.longest)
        }
        return address
    }

    /// The server and the user of an authorization that was begun here.
    func begun(query: String) throws(GatehouseError) -> (server: String, user: String) {
        let mark = Self.member("state", of: "?\(query)")
        guard let begun = state.withLock({ state in mark.flatMap { state.begun[$0] } }) else { throw Self.unknown }
        return (begun.server, begun.key.user)
    }

    private static let unknown = GatehouseError(
        "mcp", .denied, "this belongs to no authorization that you have begun here",
        hint: "begin again: gatehouse mcp login SERVER")

    /// Takes what came back to the callback; nothing of it can be used again.
    ///
    /// - Parameters:
    ///   - query: all after the question mark.
    ///   - visitor: who is signed in where it came back.
    /// - Returns: the server, and for whom it will be used.
    /// - Throws: `denied` for what was not begun here, by this one, in time.
    func complete(
        query: String, visitor: String, settings: (String) -> UpstreamSettings?
    ) async throws -> (server: String, user: String) {
        let mark = Self.member("state", of: "?\(query)")
        let begun = state.withLock { state in mark.flatMap { state.begun.removeValue(forKey: $0) } }
        guard let begun, begun.starter == visitor, begun.expires > clock.now(), let settings = settings(begun.server)
        else {
            throw Self.unknown
        }
        _ = try await client(settings).complete(user: begun.key.user, query: query)
        return (begun.server, begun.key.user)
    }

    func forget(_ settings: UpstreamSettings, user: String) async throws {
        try await table.keep(nil, for: try key(user, settings))
    }

    /// The value of a member of a query, as it is written there.
    private static func member(_ name: String, of address: String) -> String? {
        guard let query = address.split(separator: "?", maxSplits: 1).last else { return nil }
        return query.split(separator: "&").lazy.compactMap { pair -> String? in
            pair.hasPrefix("\(name)=") ? String(pair.dropFirst(name.count + 1)) : nil
        }.first
    }

    // MARK: As a client

    private func client(_ settings: UpstreamSettings) -> OAuthClient {
        state.withLock { state in
            if let client = state.clients[settings.name] { return client }
            let console = state.console()
            var options = OAuthClient.Settings(
                redirectURI: console + Self.callbackPath, name: "Gatehouse",
                metadataURL: console.hasPrefix("https://") ? console + Self.metadataPath : nil)
            if let identity = settings.oauth?.identity { options.fallback = identity }
            let http = state.http ?? HTTPTransport.makeClient()
            state.http = http
            let client = OAuthClient(http: http, settings: options, store: table, clock: clock)
            state.clients[settings.name] = client
            return client
        }
    }

    /// After the settings have changed.
    func forgetClients() { state.withLock { $0.clients = [:] } }

    func shutdown() async {
        let http = state.withLock { state in
            state.clients = [:]
            return state.http.take()
        }
        try? await http?.shutdown()
    }
}

/// Hears what a server wants beside, when it refuses.
private struct UserAuthorizer: MCPAuthorizer {
    let inner: GrantAuthorizer
    let hear: @Sendable ([String]) -> Void

    init(_ inner: GrantAuthorizer, hear: @escaping @Sendable ([String]) -> Void) {
        self.inner = inner
        self.hear = hear
    }

    func authorization() async throws -> Secret? { try await inner.authorization() }
    func headers(method: String, address: String) async throws -> [(name: String, value: Secret)] {
        try await inner.headers(method: method, address: address)
    }
    func note(nonce: String) { inner.note(nonce: nonce) }
    func renew(status: Int, challenges: [String]) async throws -> Bool {
        hear(challenges)
        return try await inner.renew(status: status, challenges: challenges)
    }
}
