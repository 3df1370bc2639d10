import Core
import JSON
import MCP
import Synchronization

/// A server spoken to by MCP, whichever revision it speaks.
final class MCPConnection: UpstreamConnection {
    private let client: MCPClient
    private let time: Duration
    private let watched = Mutex<Set<String>>([])
    /// Throws when the server has to be ended.
    private let guards: (@Sendable () async throws -> Void)?
    private let held = HeldCalls()
    private let rewatch = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter onChange: told when the server says that something has changed.
    init(
        _ settings: UpstreamSettings, over transport: any MCPTransport, version: String,
        onChange: @escaping @Sendable (Change) -> Void, guards: (@Sendable () async throws -> Void)? = nil
    ) {
        self.guards = guards
        time = settings.timeout
        // What one call may be asked is said with it, or looked at when it is.
        client = MCPClient(
            transport: transport, info: Implementation(name: "gatehouse", version: version),
            capabilities: ClientCapabilities(
                elicitationForm: true, elicitationURL: true, sampling: settings.allowsSampling,
                samplingTools: settings.allowsSampling, roots: true),
            onInput: { [held] request, context in try await held.call(context, asking: request).ask(request) },
            handsBackInput: true,
            onNotification: { method, params in
                if let change = Change(method: method, params: params) { onChange(change) }
            })
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.client.run() }
            group.addTask { try await self.listen() }
            group.addTask {
                await self.held.run()
                throw CancellationError()
            }
            if let guards { group.addTask { try await guards() } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: Changes

    func watch(_ uris: Set<String>) {
        let isNew = watched.withLock { watched in
            defer { watched = uris }
            return watched != uris
        }
        if isNew { rewatch.continuation.yield() }
    }

    /// A server that ends the subscription is asked for what it offers when it is begun again, as any that fails.
    private func listen() async throws {
        let capabilities = try await client.discover().capabilities
        let isStateless = try await client.version().isStateless
        var subscribed: Set<String> = []
        while true {
            let uris = capabilities.watchesResources ? watched.withLock { $0 } : []
            let filter = SubscriptionFilter(
                tools: capabilities.tellsToolChanges, prompts: capabilities.tellsPromptChanges,
                resources: capabilities.tellsResourceChanges, watching: uris.sorted())
            if !isStateless {
                await subscribe(uris.subtracting(subscribed), unsubscribe: subscribed.subtracting(uris))
                subscribed = uris
            }
            let listens = isStateless && filter.json.object?.isEmpty == false
            let goesOn = try await withThrowingTaskGroup(of: Bool.self) { group in
                if listens {
                    group.addTask {
                        try await self.client.listen(filter)
                        return false
                    }
                }
                group.addTask { await self.rewatch.stream.first { _ in true } != nil }
                defer { group.cancelAll() }
                return try await group.next() ?? false
            }
            guard goesOn else { return }
        }
    }

    /// In a session each resource has a request of its own. One that the server does not know tells nothing.
    private func subscribe(_ new: Set<String>, unsubscribe old: Set<String>) async {
        for uri in old { _ = try? await client.send(Method.unsubscribe, ["uri": .string(uri)], deadline: time) }
        for uri in new { _ = try? await client.send(Method.subscribe, ["uri": .string(uri)], deadline: time) }
    }

    // MARK: Requests

    func describe() async throws -> (identity: JSON, version: String) {
        let description = try await told { try await client.discover() }
        return (
            ["name": .string(description.info.name), "version": .string(description.info.version)],
            try await client.version().rawValue
        )
    }

    func lists() async throws -> ServerLists {
        let capabilities = try await told { try await client.discover() }.capabilities
        var lists = ServerLists()
        if capabilities.hasTools { lists.tools = try await all(Tool.self) }
        if capabilities.hasPrompts { lists.prompts = try await all(Prompt.self) }
        if capabilities.hasResources {
            lists.readable = ServerLists.Readable(
                resources: try await all(Resource.self), templates: await templates())
        }
        return lists
    }

    private func all<Item: Listed>(_ type: Item.Type) async throws -> [JSON] {
        try await told { try await client.list(type, deadline: time) }.items.map(\.json)
    }

    /// A server of resources may have none, and no method to say so.
    private func templates() async -> [JSON] { (try? await all(ResourceTemplate.self)) ?? [] }

    func send(_ request: UpstreamRequest, onProgress: @escaping @Sendable (JSON) -> Void) async throws -> JSON {
        let (asker, input) = (request.asker, request.input)
        if let handle = input.state, HeldCalls.isHandle(handle) {
            return try await held.resume(handle, asker, input.responses, within: request.time)
        }
        // A server of the newest revision asks in its answers; an older one does so in mid-call, and waits.
        guard asker.canBeAsked, try await told({ try await client.version() }).isStateless == false else {
            return try await send(request, within: request.time, nil, onProgress)
        }
        return try await held.begin(request.params, by: asker, within: request.time) { mark in
            try await self.send(request, within: HeldCalls.longest, mark, onProgress)
        }
    }

    private func send(
        _ request: UpstreamRequest, within time: Duration, _ mark: Int64?,
        _ onProgress: @escaping @Sendable (JSON) -> Void
    ) async throws -> JSON {
        let reply = try await told {
            try await client.send(
                request.method, request.whole, deadline: time, trace: request.trace, mark: mark,
                offering: request.asker.capabilities
            ) { onProgress($0.json) }
        }
        switch reply {
        case .result(var result):
            // Who answers the client is the gate.
            result["_meta"]?[MetaKey.serverInfo] = nil
            return result
        case .inputRequired(let requests, let state): return InputRequiredResult(requests, requestState: state).json
        }
    }

    /// What the server answers by the protocol's own errors is its word, and was not done.
    private func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as RPCError {
            if error.code == RPCError.Code.missingCapability {
                throw GatehouseError(
                    "mcp", .unsupported, "the MCP server has to ask something that this client cannot be asked",
                    cause: String(error.message.prefix(500)),
                    hint: "use a client that can be asked (elicitation), or allow sampling for the server")
            }
            throw GatehouseError(
                "mcp", .invalid, "the MCP server refused: \(error.message.prefix(500))", cause: "code \(error.code)")
        }
    }
}
