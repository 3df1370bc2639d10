import Core
import Gate
import JSON
import Ledger
import Logging
import MCP
import Privacy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// A server as a test plays it: what it offers and answers is the test's to say, and may change at any time.
final class ScriptedUpstream: UpstreamConnection {
    struct Script: Sendable {
        var tools: [JSON] = []
        var prompts: [JSON] = []
        var readable: ServerLists.Readable?
        var identity: JSON = ["name": "scripted", "version": "1.0"]
        var answer: @Sendable (JSON) async throws -> JSON = { params in
            ["content": [["type": "text", "text": .string("did \(params["name"]?.string ?? "")")]]]
        }
    }

    let script = Mutex(Script())
    let calls = Mutex<[JSON]>([])
    var sent: [JSON] { calls.withLock { $0 } }
    let watched = Mutex<Set<String>>([])
    private let onChange = Mutex<(@Sendable (Change) -> Void)?>(nil)
    private let ends = AsyncStream<Void>.makeStream()

    func hear(_ onChange: @escaping @Sendable (Change) -> Void) { self.onChange.withLock { $0 = onChange } }

    /// Changes what it is, and tells.
    func change(_ body: @Sendable (inout Script) -> Void) {
        script.withLock { body(&$0) }
        tell(.tools)
    }

    func tell(_ change: Change) { onChange.withLock { $0 }?(change) }

    func watch(_ uris: Set<String>) { watched.withLock { $0 = uris } }

    func run() async throws { for await _ in ends.stream {} }
    func describe() async throws -> (identity: JSON, version: String) {
        (script.withLock { $0.identity }, "2026-07-28")
    }
    func lists() async throws -> ServerLists {
        script.withLock { ServerLists(tools: $0.tools, prompts: $0.prompts, readable: $0.readable) }
    }
    func send(_ request: UpstreamRequest, onProgress: @escaping @Sendable (JSON) -> Void) async throws -> JSON {
        calls.withLock { $0.append(request.whole) }
        return try await script.withLock { $0.answer }(request.whole)
    }
}

struct ScriptedConnector: Connector {
    let upstreams: [String: ScriptedUpstream]

    func connect(
        _ settings: UpstreamSettings, _ authorizer: (any MCPAuthorizer)?,
        onChange: @escaping @Sendable (Change) -> Void
    ) throws -> any UpstreamConnection {
        guard let upstream = upstreams[settings.name] else { throw Unexpected("no such server") }
        upstream.hear(onChange)
        return upstream
    }

    func shutdown() async {}
}

/// A gate with servers behind it, on a real store and a real ledger, for as long as a test takes.
struct FederationWorld: Sendable {
    let gate: Gate
    let federation: Federation
    let service: GatewayService
    let ledger: Ledger
    let store: Store
    let upstreams: [String: ScriptedUpstream]

    static let readFile: JSON = [
        "name": "read_file", "description": "Reads a file.",
        "inputSchema": ["type": "object", "properties": ["path": ["type": "string"]]],
        "annotations": ["readOnlyHint": true],
    ]
    static let writeFile: JSON = [
        "name": "write_file", "description": "Writes a file.", "inputSchema": ["type": "object"],
    ]

    static func with<Value>(
        _ servers: [UpstreamSettings] = [
            UpstreamSettings(name: "files", reach: .http(url: "http://files", headers: [:]))
        ],
        tools: [JSON] = [readFile, writeFile], prompts: [JSON] = [], readable: ServerLists.Readable? = nil,
        search: Bool = false, own: [any GateTool] = [],
        gateSettings: GateSettings = .standard, connector: (any Connector)? = nil,
        sampler: GatewayService.Sampler? = nil, _ change: (inout FederationSettings) -> Void = { _ in },
        _ work: (FederationWorld) async throws -> Value
    ) async throws -> Value {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try Store.open(path: "\(folder.path)/house.db", migrations: Gate.migrations + Federation.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key)
        let upstreams = Dictionary(uniqueKeysWithValues: servers.map { ($0.name, ScriptedUpstream()) })
        for upstream in upstreams.values {
            upstream.script.withLock { script in
                script.tools = tools
                script.prompts = prompts
                script.readable = readable
            }
        }
        var settings = FederationSettings()
        settings.servers = servers
        settings.search = search
        settings.offer = own.map { NamePattern($0.descriptor.id) }
        change(&settings)
        let federation = try Federation(
            settings, store: store, secretKey: [UInt8](repeating: 9, count: 32), scanner: try InjectionScanner(),
            clock: SystemWallClock(), logger: logger,
            connector: connector ?? ScriptedConnector(upstreams: upstreams))
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: logger, settings: gateSettings, tools: federation.tools + own,
                secretKey: [UInt8](repeating: 9, count: 32)))
        let service = GatewayService(
            federation, gate: gate, sealer: StateSealer(), version: "test", sampler: sampler,
            console: { "http://console" })
        let world = FederationWorld(
            gate: gate, federation: federation, service: service, ledger: ledger, store: store,
            upstreams: upstreams)
        let result = await withTaskGroup(of: Void.self) { group -> Result<Value, any Error> in
            group.addTask { try? await federation.run() }
            let result: Result<Value, any Error>
            do {
                try await world.settled { federation in
                    let each = tools.count + prompts.count + (readable == nil ? 0 : 1)
                    return federation.catalogue.items.count == each * servers.count
                }
                result = .success(try await work(world))
            } catch { result = .failure(error) }
            group.cancelAll()
            return result
        }
        await ledger.close()
        try store.close()
        return try result.get()
    }

    /// Waits until the federation is as it should be.
    func settled(_ isSo: (Federation) -> Bool) async throws {
        try await wait("the federation stands so: \(federation.health)") { isSo(federation) }
    }

    func caller(_ name: String, _ roles: String..., kind: Principal.Kind = .agent) throws -> Caller {
        try gate.enter(Principal(id: "test#\(name)", kind: kind, name: name, roles: Set(roles)))
    }

    func context(_ caller: Caller, _ capabilities: ClientCapabilities = .none) -> RequestContext {
        .test(caller, caller.principal.id, capabilities)
    }

    func names(for caller: Caller) async throws -> [String] {
        guard case .result(let list) = try await service.handle(.listTools(cursor: nil), context(caller)) else {
            throw Unexpected("no list")
        }
        return list["tools"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    func call(
        _ name: String, _ arguments: JSONObject = [:], by caller: Caller,
        _ capabilities: ClientCapabilities = .none,
        state: String? = nil
    ) async throws -> ServerReply {
        var params = CallToolParams(name: name, arguments: arguments).json
        if let state { params["requestState"] = .string(state) }
        return try await service.handle(.callTool(CallToolParams(trusted: params)), context(caller, capabilities))
    }

    /// The result's object.
    func result(
        _ name: String, _ arguments: JSONObject = [:], by caller: Caller
    ) async throws -> JSON {
        guard case .result(let result) = try await call(name, arguments, by: caller) else {
            throw Unexpected("it asks for input")
        }
        return result
    }

    /// An admin, in person, agrees to all tools of a server as they are.
    func agree(_ server: String = "files") async throws {
        let admin = try caller("Root", "admin", kind: .person)
        let items = federation.catalogue.items.filter { $0.server == server && $0.standing != .approved }
        _ = try await gate.submit(
            Federation.approval(server: server, items.map { ($0, $0.effect) }), as: admin)
    }

    func records() throws -> [JSON] {
        try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
    }
}

extension JSON {
    var firstText: String { self["content"]?[0]?["text"]?.string ?? "" }
}
