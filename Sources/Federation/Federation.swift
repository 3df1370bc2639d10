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
        var upstreams: [String: Upstream] = [:]
        var listings: [String: Listing] = [:]
        var catalogue = Catalogue.empty

        init(_ settings: FederationSettings) {
            self.settings = settings
            configured = settings.byName
        }
    }

    let pins: PinTable
    let schemas = ArgumentSchemas()
    public let usage = UsageMeter()
    let clock: any WallClock
    let logger: Logger
    let screen: AnswerScreen
    private let scanner: DefinitionScanner
    private let state: Mutex<State>
    private let changes = ChangeHub()
    private let connector: any Connector

    /// - Throws: `corrupt` for pins that cannot be read.
    public convenience init(
        _ settings: FederationSettings, store: Store, scanner: InjectionScanner, version: String, clock: any WallClock,
        logger: Logger
    ) throws {
        try self.init(
            settings, store: store, scanner: scanner, clock: clock, logger: logger,
            connector: MCPConnector(version: version))
    }

    init(
        _ settings: FederationSettings, store: Store, scanner: InjectionScanner, clock: any WallClock, logger: Logger,
        connector: any Connector
    ) throws {
        pins = try PinTable(store)
        self.scanner = DefinitionScanner(scanner)
        screen = AnswerScreen(scanner: scanner)
        self.connector = connector
        self.clock = clock
        self.logger = logger
        state = Mutex(State(settings))
    }

    /// The tools that act through it, for the gate's registry.
    public var tools: [any GateTool] {
        [CallTool(federation: self), PinTool(federation: self), UnpinTool(federation: self)]
    }

    public var settings: FederationSettings { state.withLock { $0.settings } }
    public var catalogue: Catalogue { state.withLock { $0.catalogue } }

    /// Hears of each change of the catalogue.
    var catalogueChanges: AsyncStream<Void> { changes.subscribe() }

    /// How each server is, by name.
    public var health: [String: UpstreamHealth] { state.withLock { $0.upstreams.mapValues(\.health) } }

    /// What was left out of the servers' lists, by server.
    public var refused: [String: [String]] {
        state.withLock { $0.listings.mapValues(\.refused).filter { !$0.value.isEmpty } }
    }

    // MARK: What there is

    /// A server's new list.
    func take(_ tools: [JSON], identity: JSON, from server: String) {
        let listing = Listing(server: server, identity: identity, tools: tools, scanner: scanner)
        if !listing.refused.isEmpty {
            logger.warning(
                "tools of an MCP server are left out",
                metadata: ["server": "\(server)", "tools": "\(listing.refused.prefix(5))"])
        }
        state.withLock { state in
            guard state.upstreams[server] != nil else { return }
            state.listings[server] = listing
            compare(&state)
        }
        changes.tell()
    }

    /// After pins have changed.
    func compareAnew() {
        state.withLock { compare(&$0) }
        changes.tell()
    }

    private func compare(_ state: inout State) {
        let definitions = state.listings.values.flatMap(\.definitions)
        let comparison = Comparison(
            pins: pins.all,
            settings: state.configured,
            offered: Set(definitions.map { Pin.Key(server: $0.server, tool: $0.tool) }))
        let tools = state.listings.values.flatMap { listing in
            listing.definitions.map { definition in
                let key = Pin.Key(server: definition.server, tool: definition.tool)
                return comparison.tool(definition, listing.suspicions[key] ?? [])
            }
        }
        state.catalogue = Catalogue(tools, revision: state.catalogue.revision + 1)
    }

    /// The request to agree to tools of a server as they are.
    public static func approval(server: String, _ tools: [(tool: CatalogueTool, effect: Effect)]) -> ActionRequest {
        PinTool.request(server: server, tools)
    }

    // MARK: The servers

    /// - Throws: `not_found` for a server that is not configured.
    func upstream(_ name: String) throws(GatehouseError) -> Upstream {
        if let upstream = state.withLock({ $0.upstreams[name] }) { return upstream }
        throw GatehouseError("mcp", .notFound, "there is no MCP server \"\(name.prefix(80))\" here")
    }

    func settings(of server: String) -> UpstreamSettings? { state.withLock { $0.configured[server] } }

    /// What each server may receive.
    var clearances: [String: Set<Label>] { state.withLock { $0.configured.mapValues(\.clearance) } }

    /// Takes up what a new configuration says. Servers whose entry is as it was keep running.
    public func adopt(_ settings: FederationSettings) {
        state.withLock { $0.settings = settings }
        changes.tell(.settings)
    }

    /// Runs the servers until a graceful shutdown, and those of later settings in the place of these.
    public func run() async throws {
        let turns = changes.subscribe(to: .settings)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                self.start(self.settings, in: &group)
                for await _ in turns { self.start(self.settings, in: &group) }
            }
        }
        changes.finish()
        await connector.shutdown()
    }

    private func start(_ settings: FederationSettings, in group: inout DiscardingTaskGroup) {
        let begun = state.withLock { state -> [Upstream] in
            let wanted = settings.byName
            for (name, upstream) in state.upstreams where wanted[name] != upstream.settings {
                upstream.stop()
                state.upstreams[name] = nil
                state.listings[name] = nil
            }
            let new = settings.servers.filter { state.upstreams[$0.name] == nil }.map { settings in
                Upstream(settings, clock: clock, logger: logger, connector: connector) { [weak self] in
                    self?.take($0, identity: $1, from: settings.name)
                }
            }
            for upstream in new { state.upstreams[upstream.settings.name] = upstream }
            compare(&state)
            return new
        }
        for upstream in begun { group.addTask { await upstream.run() } }
        changes.tell()
    }
}
