import Core
public import Gate
import JSON
public import MCP
import Synchronization

/// The gate, as clients of MCP see it: everything that the caller may use under one name each, and each use an action.
public struct GatewayService: MCPService {
    let federation: Federation
    let gate: Gate
    let sealer: StateSealer
    /// Where people look at an approval.
    let console: @Sendable () -> String
    let version: String
    /// Answers by a model of the house's; nil where it has none.
    let sampler: Sampler?
    /// The house's own tools, by public name.
    let own: [String: OwnTool]
    let shared = Shared()

    final class Shared: Sendable {
        let offers = Mutex(OfferCache())
        let pending = Mutex(PendingCalls())
    }

    /// - Parameter console: the address of the console, without a slash at its end.
    public init(
        _ federation: Federation, gate: Gate, sealer: StateSealer, version: String, sampler: Sampler? = nil,
        console: @escaping @Sendable () -> String
    ) {
        self.sampler = sampler
        self.federation = federation
        self.gate = gate
        self.sealer = sealer
        self.version = version
        self.console = console
        own = Dictionary(
            OwnTool.all(of: gate.tools).map { ($0.publicName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public var info: Implementation { Implementation(name: "gatehouse", version: version, title: "Gatehouse") }

    public func describe(_ context: RequestContext) async throws(RPCError) -> ServerDescription {
        ServerDescription(
            info: info,
            capabilities: ServerCapabilities(
                tools: .init(tellsChanges: true), resources: .init(tellsChanges: true), watchesResources: true,
                prompts: .init(tellsChanges: true), completions: true),
            instructions: Self.instructions, caching: Caching(ttl: 60_000, scope: .private))
    }

    private static let instructions = """
        Every call passes a gate: it is inspected, decided by policy and recorded. A call that has to be approved by a \
        person says so and has not been done; make the same call again to learn its outcome.
        """

    public func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply {
        guard let caller = context.peer as? Caller else { throw .internalError("nobody was identified") }
        switch request {
        case .listTools(let cursor): return .result(try await list(.tools, after: cursor, for: caller))
        case .listPrompts(let cursor): return .result(try await list(.prompts, after: cursor, for: caller))
        case .listResources(let cursor): return .result(try await list(.resources, after: cursor, for: caller))
        case .listResourceTemplates(let cursor):
            return .result(try await list(.templates, after: cursor, for: caller))
        case .callTool(let params): return try await call(params, caller, context)
        case .readResource(let params): return try await read(params, caller, context)
        case .getPrompt(let params): return try await get(params, caller, context)
        case .complete(let params): return try await complete(params, caller, context)
        case .other: throw .methodNotFound(request.method)
        }
    }

    // MARK: Changes

    public func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        let watched = Set(filter.watched)
        guard !watched.isEmpty, let caller = context.peer as? Caller else {
            return federation.changes { $0.isWanted(by: filter) }
        }
        let watching = Watching(federation.changes { $0.isWanted(by: filter) }) { await watch(watched, for: caller) }
        return AsyncStream { await watching.next() }
    }

    /// Only what the caller may read is asked for: the address itself goes to the server.
    private func watch(_ addresses: Set<String>, for caller: Caller) async -> Watches.Lease {
        let catalogue = federation.catalogue
        let wanted = addresses.compactMap { address -> (ResourceAddress, ActionRequest)? in
            guard let (resources, uri) = catalogue.resources(at: address) else { return nil }
            return (
                ResourceAddress(server: resources.server, uri: uri), ReadTool.request(resources, uri: uri)
            )
        }
        let permitted = (try? await gate.foresee(wanted.map(\.1), as: caller)) ?? []
        return federation.watch(Set(zip(wanted, permitted).filter(\.1).map(\.0.0)))
    }
}

/// The changes that one client hears of, and what is watched for it meanwhile.
private actor Watching {
    private var iterator: AsyncStream<Change>.AsyncIterator
    private let watch: @Sendable () async -> Watches.Lease
    private var lease: Watches.Lease?

    init(_ changes: AsyncStream<Change>, watch: @escaping @Sendable () async -> Watches.Lease) {
        iterator = changes.makeAsyncIterator()
        self.watch = watch
    }

    func next() async -> Change? {
        if lease == nil { lease = await watch() }
        var iterator = iterator
        let change = await iterator.next(isolation: self)
        self.iterator = iterator
        return change
    }
}
