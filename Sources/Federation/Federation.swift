public import Core
public import Gate
import JSON
public import Logging
import MCP
public import Privacy
public import ServiceLifecycle
public import Store
import Synchronization

/// The servers behind the gate, what they offer, and what of it somebody agreed to.
public final class Federation: Sendable, Service {
    private struct State {
        var settings: FederationSettings {
            didSet { configured = settings.byName }
        }
        /// The servers' settings, by name.
        private(set) var configured: [String: UpstreamSettings]
        var upstreams: [String: any UpstreamServer] = [:]
        var listings: [String: Listing] = [:]
        var catalogue = Catalogue.empty

        init(_ settings: FederationSettings) {
            self.settings = settings
            configured = settings.byName
        }
    }

    /// Of all that it keeps in the store.
    public static let migrations = PinTable.migrations + UsageMeter.migrations + GrantTable.migrations

    let pins: PinTable
    let schemas = ArgumentSchemas()
    public let usage: UsageMeter
    public let authorizations: Authorizations
    let clock: any WallClock
    let logger: Logger
    let screen: AnswerScreen
    private let scanner: DefinitionScanner
    private let state: Mutex<State>
    private let changes = ChangeHub()
    private let turns = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let watches = Watches()
    private let connector: any Connector

    /// - Parameter secretKey: the house's, 32 bytes: what persons authorize is sealed with a key of it.
    /// - Throws: `corrupt` for pins that cannot be read.
    public convenience init(
        _ settings: FederationSettings, store: Store, secretKey: [UInt8], scanner: InjectionScanner, version: String,
        clock: any WallClock, logger: Logger
    ) throws {
        try self.init(
            settings, store: store, secretKey: secretKey, scanner: scanner, clock: clock, logger: logger,
            connector: MCPConnector(version: version))
    }

    init(
        _ settings: FederationSettings, store: Store, secretKey: [UInt8], scanner: InjectionScanner,
        clock: any WallClock, logger: Logger,
        connector: any Connector
    ) throws {
        pins = try PinTable(store)
        usage = try UsageMeter(store)
        authorizations = Authorizations(store, secretKey: secretKey, clock: clock)
        self.scanner = DefinitionScanner(scanner)
        screen = AnswerScreen(scanner: scanner)
        self.connector = connector
        self.clock = clock
        self.logger = logger
        state = Mutex(State(settings))
        watches.onChange { [weak self] server, uris in
            self?.state.withLock { $0.upstreams[server] }?.watch(uris)
        }
    }

    /// The tools that act through it, for the gate's registry.
    public var tools: [any GateTool] {
        [
            CallTool(federation: self), ReadTool(federation: self), PromptTool(federation: self),
            CompleteTool(federation: self), AuthorizeTool(federation: self), PinTool(federation: self),
            UnpinTool(federation: self),
        ]
    }

    public var settings: FederationSettings { state.withLock { $0.settings } }
    public var catalogue: Catalogue { state.withLock { $0.catalogue } }

    /// Hears of changes of the catalogue, and of resources that are watched.
    func changes(_ filter: @escaping ChangeHub.Filter) -> AsyncStream<Change> { changes.subscribe(filter) }

    /// Watches resources of servers for as long as the lease is kept.
    func watch(_ addresses: Set<ResourceAddress>) -> Watches.Lease { watches.watch(addresses) }

    /// How each server is, by name.
    public var health: [String: UpstreamHealth] { state.withLock { $0.upstreams.mapValues(\.health) } }

    /// What was left out of the servers' lists, by server.
    public var refused: [String: [String]] {
        state.withLock { $0.listings.mapValues(\.refused).filter { !$0.value.isEmpty } }
    }

    /// How many resources of a server can be read, as far as it lists them.
    public func resourceCount(of server: String) -> Int {
        state.withLock { $0.listings[server]?.readable?.resources.count ?? 0 }
    }

    // MARK: What there is

    /// A server's new lists.
    func take(_ lists: ServerLists, identity: JSON, from server: String) {
        let listing = Listing(server: server, identity: identity, lists: lists, scanner: scanner)
        if !listing.refused.isEmpty {
            logger.warning(
                "something that an MCP server offers is left out",
                metadata: ["server": "\(server)", "what": "\(listing.refused.prefix(5))"])
        }
        state.withLock { state in
            guard state.upstreams[server] != nil else { return }
            state.listings[server] = listing
            compare(&state)
        }
        changes.tell(.tools, .prompts, .resources)
    }

    /// After pins have changed.
    func compareAnew() {
        state.withLock { compare(&$0) }
        changes.tell(.tools, .prompts, .resources)
    }

    private func compare(_ state: inout State) {
        let listed = state.listings.values.flatMap(\.items)
        let comparison = Comparison(
            pins: pins.all, settings: state.configured, offered: Set(listed.map(\.definition.key)))
        let items = listed.map { comparison.item($0) }
        state.catalogue = Catalogue(
            items, readable: state.listings.compactMapValues(\.readable), revision: state.catalogue.revision + 1)
    }

    /// The request to agree to items of a server as they are.
    public static func approval(server: String, _ items: [(item: CatalogueItem, effect: Effect)]) -> ActionRequest {
        PinTool.request(server: server, items)
    }

    // MARK: The servers

    /// - Throws: `not_found` for a server that is not configured.
    func upstream(_ name: String) throws(GatehouseError) -> any UpstreamServer {
        if let upstream = state.withLock({ $0.upstreams[name] }) { return upstream }
        throw GatehouseError("mcp", .notFound, "there is no MCP server \"\(name.prefix(80))\" here")
    }

    func settings(of server: String) -> UpstreamSettings? { state.withLock { $0.configured[server] } }

    /// What each server may receive.
    var clearances: [String: Set<Label>] { state.withLock { $0.configured.mapValues(\.clearance) } }

    /// Takes up what a new configuration says. Servers whose entry is as it was keep running.
    public func adopt(_ settings: FederationSettings) {
        state.withLock { $0.settings = settings }
        authorizations.forgetClients()
        turns.continuation.yield()
    }

    /// Runs the servers until a graceful shutdown, and those of later settings in the place of these.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.usage.run(logger: self.logger) }
                self.start(self.settings, in: &group)
                for await _ in self.turns.stream { self.start(self.settings, in: &group) }
            }
        }
        changes.finish()
        await usage.save(logger: logger)
        await connector.shutdown()
        await authorizations.shutdown()
    }

    private func start(_ settings: FederationSettings, in group: inout DiscardingTaskGroup) {
        let begun = state.withLock { state -> [any UpstreamServer] in
            let wanted = settings.byName
            for (name, upstream) in state.upstreams where wanted[name] != upstream.settings {
                upstream.stop()
                state.upstreams[name] = nil
                state.listings[name] = nil
            }
            let new = settings.servers.filter { state.upstreams[$0.name] == nil }.map { settings in
                makeUpstream(settings)
            }
            for upstream in new { state.upstreams[upstream.settings.name] = upstream }
            compare(&state)
            return new
        }
        for upstream in begun { group.addTask { await upstream.run() } }
        changes.tell(.tools, .prompts, .resources)
    }

    private func makeUpstream(_ settings: UpstreamSettings) -> any UpstreamServer {
        let hears = hears(of: settings.name)
        guard settings.oauth != nil else {
            return Upstream(settings, clock: clock, logger: logger, connector: connector, hears: hears)
        }
        return PersonalUpstream(
            settings, authorizations: authorizations, clock: clock, logger: logger, connector: connector,
            hears: hears)
    }

    private func hears(of server: String) -> Upstream.Hears {
        Upstream.Hears(
            lists: { [weak self] in self?.take($0, identity: $1, from: server) },
            resource: { [changes] in changes.tell(.resource(uri: ResourceAddress(server: server, uri: $0).text)) },
            watched: { [watches] in watches.uris(of: server) })
    }
}
