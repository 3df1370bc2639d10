import HTTPTypes
import JSON
import Synchronization
import Testing

@testable import MCP

/// A service whose tools do what the tests need.
final class Fixture: MCPService {
    let info = Implementation(name: "fixture", version: "1")
    let sealer = StateSealer()
    private let counts = Mutex<[String: Int]>([:])
    private let tasks: TaskTable
    private let hub: Listeners

    init() {
        let hub = Listeners()
        self.hub = hub
        tasks = TaskTable { hub.tell($0) }
    }

    /// How often something has happened.
    func count(_ what: String) -> Int { counts.withLock { $0[what] ?? 0 } }
    private func note(_ what: String) { counts.withLock { $0[what, default: 0] += 1 } }

    func describe(_ context: RequestContext) -> ServerDescription {
        ServerDescription(
            info: info,
            capabilities: ServerCapabilities(
                tools: .init(tellsChanges: true), resources: .init(), watchesResources: true, logging: true,
                extensions: TasksExtension.capability))
    }

    func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply {
        switch request {
        case .listTools:
            return .result(ListResult([Tool(name: "echo", inputSchema: ["type": "object"])]))
        case .listPrompts: return .inputRequired(InputRequests(["a": .roots]))
        case .callTool(let call): return try await run(call, request, context)
        case .other(let method, let params): return try tasks.answer(method, params, context)
        default: throw .invalidParams("not here")
        }
    }

    private func run(
        _ call: CallToolParams, _ request: ServerRequest, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        note("begun \(call.name)")
        switch call.name {
        case "echo", "mirrored": return .result(CallToolResult([.text(JSON.object(call.arguments).text())]))
        case "trace":
            let words = context.trace.map { "\($0.parent) \($0.state ?? "-") \($0.baggage ?? "-")" }
            return .result(CallToolResult([.text(words ?? "none")]))
        case "who": return .result(CallToolResult([.text(context.identity)]))
        case "wait":
            do {
                try await Task.sleep(for: .seconds(60))
                return .result(CallToolResult([.text("waited")]))
            } catch {
                note("cancelled")
                throw .internalError("cancelled")
            }
        case "progress":
            for step in [1.0, 2, 2, 1, 3] { context.progress(step) }
            return .result(CallToolResult([.text("done")]))
        case "flood":
            for step in 1...3000 { context.progress(Double(step)) }
            return .result(CallToolResult([.text("done")]))
        case "log":
            for level in LoggingLevel.allCases { context.log(level, data: JSON(level.rawValue)) }
            return .result(CallToolResult([.text("done")]))
        case "release":
            context.releaseConnection()
            try? await Task.sleep(for: .milliseconds(20))
            return .result(CallToolResult([.text("back")]))
        case "ask": return try ask(call, request, context)
        case "insatiable": return .inputRequired(InputRequests(["a": .roots]))
        case "empty": return .inputRequired(InputRequests([:]))
        case "fail": throw .internalError()
        case "task":
            return try tasks.begin(context) { task throws(RPCError) in
                try await task.ask(InputRequests(["a": .roots])).json
            }
        default: throw .invalidParams("no such tool")
        }
    }

    private func ask(
        _ call: CallToolParams, _ request: ServerRequest, _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        guard let name = call.inputResponses?["name"] else {
            let state = sealer.seal(Array("asked".utf8), identity: context.identity, call: request.digest)
            let form = InputRequest.form(message: "who?", schema: ["type": "object", "properties": [:]])
            return .inputRequired(InputRequests(["name": form]), requestState: state)
        }
        let state = try sealer.open(call.requestState ?? "", identity: context.identity, call: request.digest)
        return .result(CallToolResult([.text("\(String(decoding: state, as: UTF8.self)) \(name.text())")]))
    }

    func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
        continuation.onTermination = { [weak self] _ in self?.note("unsubscribed") }
        hub.add(continuation)
        note("subscribed")
        for change in tasks.changes(among: filter.tasks, context) { continuation.yield(change) }
        return stream
    }

    func tasks(among ids: [String], _ context: RequestContext) -> [String] {
        ids.filter { !tasks.changes(among: [$0], context).isEmpty }
    }

    func tell(_ change: Change) { hub.tell(change) }

    private final class Listeners: Sendable {
        private let all = Mutex<[AsyncStream<Change>.Continuation]>([])

        func add(_ listener: AsyncStream<Change>.Continuation) { all.withLock { $0.append(listener) } }
        func tell(_ change: Change) { for listener in all.withLock({ $0 }) { listener.yield(change) } }
    }

    func mirroredParameters(of tool: String, _ context: RequestContext) -> MirroredParameters? {
        guard tool == "mirrored" else { return nil }
        return try? MirroredParameters(inputSchema: [
            "type": "object", "properties": ["region": ["type": "string", "x-mcp-header": "Region"]],
        ])
    }
}

/// An endpoint and the ways in which clients speak to it.
struct Rig {
    let service: Fixture
    let endpoint: StreamableEndpoint<Fixture>

    init(_ hosts: EndpointHosts = .checkedBefore, _ change: (inout MCPLimits) -> Void = { _ in }) {
        var limits = MCPLimits()
        change(&limits)
        service = Fixture()
        endpoint = StreamableEndpoint(service, limits: limits, hosts: hosts)
    }

    static let capabilities: JSON = ["elicitation": [:], "roots": [:]]
    static let meta: JSON = [
        MetaKey.protocolVersion: "2026-07-28", MetaKey.clientCapabilities: capabilities,
        MetaKey.clientInfo: ["name": "test", "version": "1"],
    ]

    func send(
        _ method: HTTPRequest.Method = .post, _ body: [UInt8] = [], _ headers: [String: String] = [:],
        as identity: String = "ada"
    ) async -> Reply {
        var head = HTTPRequest(method: method, scheme: "http", authority: headers["Host"] ?? "localhost", path: "/mcp")
        if method == .post {
            head.headerFields[.contentType] = "application/json"
            head.headerFields[.accept] = "application/json, text/event-stream"
        }
        for (name, value) in headers where name != "Host" {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value.isEmpty ? nil : value }
        }
        return Reply(await endpoint.respond(head, body: body, peer: identity, identity: identity))
    }

    /// A request of 2026-07-28 with the headers that belong to it, `headers` over them. An empty value is left out.
    func modern(
        _ method: String, _ params: JSON = [:], id: JSON = 1, meta: JSON? = meta, headers: [String: String] = [:],
        as identity: String = "ada"
    ) async -> Reply {
        var params = params
        params["_meta"] = meta
        var all = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method]
        if let name = params["name"]?.string ?? params["uri"]?.string { all["Mcp-Name"] = HeaderText.encode(name) }
        let body: JSON = ["jsonrpc": "2.0", "id": id, "method": JSON(method), "params": params]
        return await send(.post, body.bytes(), all.merging(headers) { $1 }, as: identity)
    }

    func call(_ tool: String, _ arguments: JSON = [:], meta: JSON? = meta) async -> Reply {
        await modern("tools/call", ["name": JSON(tool), "arguments": arguments], meta: meta)
    }

    static func meta(_ more: JSON) -> JSON {
        var meta = Self.meta
        for (key, value) in more.object ?? [:] { meta[key] = value }
        return meta
    }
}

/// A client in a session.
struct SessionClient {
    let rig: Rig
    let id: String
    var identity = "ada"

    static func open(_ rig: Rig, version: String = "2025-11-25", as identity: String = "ada") async throws -> Self {
        let params: JSON = [
            "protocolVersion": JSON(version), "capabilities": Rig.capabilities,
            "clientInfo": ["name": "test", "version": "1"],
        ]
        let body: JSON = ["jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params]
        let reply = await rig.send(.post, body.bytes(), as: identity)
        return Self(rig: rig, id: try #require(reply.headers["Mcp-Session-Id"]), identity: identity)
    }

    var headers: [String: String] { ["Mcp-Session-Id": id, "MCP-Protocol-Version": "2025-11-25"] }

    func post(_ json: JSON) async -> Reply { await rig.send(.post, json.bytes(), headers, as: identity) }

    func request(_ method: String, _ params: JSON = [:], id: JSON = 1) async -> Reply {
        await post(["jsonrpc": "2.0", "id": id, "method": JSON(method), "params": params])
    }

    func call(_ tool: String, id: JSON = 1, meta: JSON = [:]) async -> Reply {
        await request("tools/call", ["name": JSON(tool), "arguments": [:], "_meta": meta], id: id)
    }

    func get(after event: String? = nil) async -> Reply {
        var headers = headers
        headers["Last-Event-ID"] = event ?? ""
        headers["Accept"] = "text/event-stream"
        return await rig.send(.get, [], headers, as: identity)
    }
}

/// An answer, and the events of one that is a stream.
struct Reply {
    let status: Int
    let headers: Headers
    let bytes: [UInt8]
    let stream: EventBody?

    struct Headers {
        let fields: HTTPFields
        subscript(_ name: String) -> String? { fields[HTTPField.Name(name)] }
    }

    init(_ answer: EndpointAnswer) {
        status = answer.status.code
        headers = Headers(fields: answer.headers)
        switch answer.body {
        case .none: (bytes, stream) = ([], nil)
        case .bytes(let all): (bytes, stream) = (all, nil)
        case .stream(let body): (bytes, stream) = ([], body)
        }
    }

    var json: JSON { (try? JSON.parse(bytes)) ?? .null }
    var error: Int? { json["error"]?["code"]?.int }
    var text: String? { json["result"]?["content"]?[0]?["text"]?.string }
}

/// Reads events as they come.
struct EventReader {
    private var body: EventBody.Iterator
    private var waiting: [(id: String?, json: JSON)] = []

    init(_ reply: Reply) throws { body = try #require(reply.stream).makeAsyncIterator() }

    /// The next event that has something to say; nil at the end.
    mutating func next() async -> (id: String?, json: JSON)? {
        while waiting.isEmpty {
            guard let bytes = await body.next() else { return nil }
            for event in String(decoding: bytes, as: UTF8.self).split(separator: "\n\n") {
                var (id, data): (String?, String?)
                for line in event.split(separator: "\n") {
                    if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
                    if line.hasPrefix("data: ") { data = String(line.dropFirst(6)) }
                }
                if let data { waiting.append((id, (try? JSON.parse(data)) ?? .null)) }
            }
        }
        return waiting.removeFirst()
    }

    mutating func message() async -> JSON? { await next()?.json }

    mutating func rest() async -> [JSON] {
        var all: [JSON] = []
        while let message = await message() { all.append(message) }
        return all
    }
}
