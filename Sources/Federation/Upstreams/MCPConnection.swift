import AsyncHTTPClient
import Core
import JSON
import MCP
import Synchronization

/// A server spoken to by MCP, whichever revision it speaks.
final class MCPConnection: UpstreamConnection {
    private let client: MCPClient
    private let time: Duration

    /// - Parameter onChange: told when the server says that its tools have changed.
    init(
        _ settings: UpstreamSettings, over transport: any MCPTransport, version: String,
        onChange: @escaping @Sendable () -> Void
    ) {
        time = settings.timeout
        client = MCPClient(
            transport: transport, info: Implementation(name: "gatehouse", version: version),
            onNotification: { method, _ in
                if method == Method.toolsChanged { onChange() }
            })
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.client.run() }
            group.addTask { try await self.listen() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A server that ends the subscription is asked for its tools when it is begun again, as any that fails.
    private func listen() async throws {
        guard try await client.discover().capabilities.tellsToolChanges else {
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
        try await client.listen(SubscriptionFilter(tools: true))
    }

    func describe() async throws -> (identity: JSON, version: String) {
        let description = try await told { try await client.discover() }
        return (
            ["name": .string(description.info.name), "version": .string(description.info.version)],
            try await client.version().rawValue
        )
    }

    func listTools() async throws -> [JSON] {
        try await told { try await client.list(Tool.self, deadline: time) }.items.map(\.json)
    }

    func call(
        _ params: JSON, within time: Duration, onProgress: @escaping @Sendable (JSON) -> Void
    ) async throws -> JSON {
        let reply = try await told {
            try await client.send(Method.callTool, params, deadline: time) { onProgress($0.json) }
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
            throw GatehouseError(
                "mcp", .invalid, "the MCP server refused: \(error.message.prefix(500))", cause: "code \(error.code)")
        }
    }
}

/// Makes connections to servers as their settings say.
protocol Connector: Sendable {
    func connect(
        _ settings: UpstreamSettings, onChange: @escaping @Sendable () -> Void
    ) throws -> any UpstreamConnection
    /// When no more are needed.
    func shutdown() async
}

final class MCPConnector: Connector {
    private let version: String
    private let http = Mutex<HTTPClient?>(nil)

    init(version: String) { self.version = version }

    func connect(
        _ settings: UpstreamSettings, onChange: @escaping @Sendable () -> Void
    ) throws -> any UpstreamConnection {
        MCPConnection(settings, over: transport(settings), version: version, onChange: onChange)
    }

    private func transport(_ settings: UpstreamSettings) -> any MCPTransport {
        switch settings.reach {
        case .process(let command, let arguments, let environment, let folder):
            StdioTransport(
                ServerCommand(command, arguments, environment: environment.mapValues { $0.expose() }, folder: folder))
        case .http(let url, let headers):
            HTTPTransport(
                url, client: client,
                headers: headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        }
    }

    /// Made when the first server over HTTP is spoken to.
    private var client: HTTPClient {
        http.withLock { http in
            if let http { return http }
            let made = HTTPTransport.makeClient()
            http = made
            return made
        }
    }

    func shutdown() async { try? await http.withLock { $0.take() }?.shutdown() }
}
