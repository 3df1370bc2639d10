import AsyncHTTPClient
import Core
import JSON
import MCP
import Synchronization
import Web

/// Hands what a client asks over standard input on to the house, over its unix socket, where the kernel vouches for who
/// asks. Whichever revision the client speaks, the house is spoken to in the newest.
struct MCPRelay: MCPService {
    let info: Implementation
    private let address: String
    private let http: HTTPClient
    private let known = Known()

    private final class Known: Sendable {
        /// By what the client can do: it may say so anew with each request.
        let clients = Mutex<[ClientCapabilities: MCPClient]>([:])
    }

    init(socket: String, http: HTTPClient, version: String) {
        info = Implementation(name: "gatehouse", version: version, title: "Gatehouse")
        address = "http+unix://\(Percent.encode(socket))/mcp"
        self.http = http
    }

    func describe(_ context: RequestContext) async throws(RPCError) -> ServerDescription {
        try await told { try await client(for: context).discover() }
    }

    func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply {
        guard var params = Self.params(of: request) else { throw .methodNotFound(request.method) }
        params["_meta"]?[MetaKey.progressToken] = nil
        let reply = try await send(request.method, params, context)
        switch reply {
        case .result(let result): return .result(result)
        case .inputRequired(let requests, let state): return .inputRequired(requests, requestState: state)
        }
    }

    private func send(_ method: String, _ params: JSON, _ context: RequestContext) async throws(RPCError) -> ClientReply
    {
        let tell: MCPClient.ProgressHandler = { progress in
            context.progress(progress.progress, total: progress.total, message: progress.message)
        }
        let client = client(for: context)
        return try await told {
            try await client.send(
                method, params, deadline: .seconds(3600), onProgress: context.wantsProgress ? tell : nil)
        }
    }

    private static func params(of request: ServerRequest) -> JSON? {
        switch request {
        case .listTools(let cursor), .listPrompts(let cursor), .listResources(let cursor),
            .listResourceTemplates(let cursor):
            cursor.map { ["cursor": .string($0)] } ?? [:]
        case .callTool(let params): params.json
        case .readResource(let params): params.json
        case .getPrompt(let params): params.json
        case .complete(let params): params.json
        case .other: nil
        }
    }

    func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        let (stream, told) = AsyncStream<Change>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let client = makeClient(context.capabilities) { method, params in
            if let change = Change(method: method, params: params) { told.yield(change) }
        }
        let listening = Task {
            try? await client.listen(filter)
            told.finish()
        }
        told.onTermination = { _ in listening.cancel() }
        return stream
    }

    private func client(for context: RequestContext) -> MCPClient {
        known.clients.withLock { clients in
            if let client = clients[context.capabilities] { return client }
            let client = makeClient(context.capabilities, nil)
            if clients.count < 16 { clients[context.capabilities] = client }
            return client
        }
    }

    private func makeClient(
        _ capabilities: ClientCapabilities, _ onNotification: MCPClient.NotificationHandler?
    ) -> MCPClient {
        MCPClient(
            transport: HTTPTransport(address, client: http, headers: [(name: "Host", value: Secret("localhost"))]),
            info: info, capabilities: capabilities,
            onNotification: onNotification)
    }

    private func told<Value>(_ body: () async throws -> Value) async throws(RPCError) -> Value {
        do { return try await body() } catch let error as RPCError { throw error } catch {
            throw .internalError((error as? GatehouseError)?.message ?? "the house does not answer")
        }
    }
}
