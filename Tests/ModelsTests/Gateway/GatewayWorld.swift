import Core
import Dialects
import Gate
import JSON
import Ledger
import Logging
import Privacy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Models

/// A gate with a gateway of models, on a real store and a real ledger, for as long as a test takes.
struct GatewayWorld: Sendable {
    let gate: Gate
    let gateway: ModelGateway
    let ledger: Ledger
    let caller: Caller
    let reports: Reports

    final class Reports: Sendable {
        let all = Mutex<[ModelReport]>([])
    }

    static func with<Value>(
        _ providers: [Provider], aliases: [String: [ModelName]] = [:], rules: PrivacyRules = .default,
        textLimit: Int = 16 << 20, classifiers: [ClassifierSettings] = [],
        councils: [String: CouncilRule] = [:],
        hedge: HedgeRule = HedgeRule(), cacheTime: Duration? = nil, likeness: LikenessRule? = nil,
        sessionClass: String? = nil,
        gateSettings: GateSettings = .standard,
        decider: (any Decider)? = AllowAll(),
        prices: PriceTable = GatewayWorld.prices, _ work: (GatewayWorld) async throws -> Value
    ) async throws -> Value {
        var settings = ModelsSettings()
        settings.providers = providers
        settings.aliases = ModelAliases(aliases)
        settings.prices = prices
        settings.councils = councils
        settings.hedge = hedge
        settings.cacheTime = cacheTime
        settings.likeness = likeness
        let scanner = try PrivacyScanner(limits: .init(bytes: textLimit))
        let reports = Reports()
        let clients = classifiers.map { ClassifierClient($0) }
        let setup = PrivacySetup(
            filter: PrivacyFilter(scanner: scanner, rules: rules, hasExternal: !clients.isEmpty),
            classifiers: Classifiers(clients), answerClassifiers: Classifiers(clients.filter(\.settings.answers)))
        let gateway = ModelGateway(settings, privacy: ModelPrivacy(try SharedPrivacy(setup))) { report in
            reports.all.withLock { $0.append(report) }
        }
        let folder = ScratchFolder()
        defer { folder.remove() }
        let store = try Store.open(path: "\(folder.path)/house.db", migrations: Gate.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key)
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                settings: gateSettings, decider: decider, tools: gateway.tools,
                secretKey: [UInt8](repeating: 9, count: 32)))
        let ada = Principal(id: "test#ada", kind: .agent, name: "Ada", roles: ["operator"])
        let world = GatewayWorld(
            gate: gate, gateway: gateway, ledger: ledger, caller: try gate.enter(ada, class: sessionClass),
            reports: reports)
        let result: Result<Value, any Error>
        do { result = .success(try await work(world)) } catch { result = .failure(error) }
        await gateway.shutdown()
        await ledger.close()
        try store.close()
        return try result.get()
    }

    /// One dollar for a million tokens of input, two for output: a token is a millionth of a dollar.
    static let prices = PriceTable(version: "test", prices: [:], fallback: Price(input: 1_000_000, output: 2_000_000))

    /// - Throws: what the gate throws.
    @discardableResult
    func ask(
        _ surface: Surface, _ body: String, headers: [(name: String, value: String)] = [], to sink: Collected
    ) async throws -> Submission {
        let call = try gateway.call([UInt8](body.utf8), on: surface, headers: headers, answeringTo: sink)
        return try await gate.submit(call.action, as: caller, carrying: call)
    }

    func answer(_ surface: Surface, _ body: String) async throws -> String {
        let sink = Collected()
        try await ask(surface, body, to: sink)
        return sink.text
    }

    /// - Parameter isChat: whether the council is named as the model.
    func council(_ body: String, isChat: Bool = false) async throws -> Council {
        let call = try gateway.council([UInt8](body.utf8), isChat: isChat, headers: [])
        _ = try await gate.submit(call.action, as: caller, carrying: call)
        return try #require(call.council)
    }

    func records() throws -> [JSON] {
        try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
    }
}

/// A client that keeps what it gets; it may go away after so many writes.
final class Collected: AnswerSink {
    struct Gone: Error {}
    private let state = Mutex<(status: Int?, bytes: [UInt8], writes: Int)>((nil, [], 0))
    private let patience: Int

    init(leavingAfter patience: Int = .max) { self.patience = patience }

    var status: Int? { state.withLock { $0.status } }
    var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }

    func begin(status: Int, headers: [(name: String, value: String)]) async throws {
        state.withLock { $0.status = status }
    }

    func write(_ bytes: [UInt8]) async throws {
        try state.withLock { state in
            state.writes += 1
            state.bytes += bytes
            if state.writes >= patience { throw Gone() }
        }
    }
}

struct AllowAll: Decider {
    var revision = "test:allow"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "test", rule: "all", policyRevision: revision)
    }
}

struct AskAll: Decider {
    var revision = "test:ask"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.ask(ApprovalRule(roles: ["admin"])), reason: "test", rule: "all", policyRevision: revision)
    }
}

func code(of body: () async throws -> some Sendable) async -> GatehouseError.Code? {
    do {
        _ = try await body()
        return nil
    } catch { return (error as? GatehouseError)?.code ?? .internal }
}

/// Servers with a script each, for as long as the work takes.
func withServers<Value>(
    _ scripts: [[ScriptedServer.Step]], _ work: ([ScriptedServer]) async throws -> Value
) async throws -> Value {
    var servers: [ScriptedServer] = []
    for script in scripts { servers.append(try await ScriptedServer(script)) }
    let result = try await work(servers)
    for server in servers { try await server.stop() }
    return result
}

/// What providers answer, as bytes on the wire. They say that the connection ends with them: else a client may send its
/// next request into it.
enum Wire {
    static func json(_ body: String, status: String = "200 OK") -> [ScriptedServer.Step] {
        let head = "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
        return [.send(head + "connection: close\r\n\r\n" + body), .close]
    }

    static let streamHead =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
        + "connection: close\r\n\r\n"

    static func chunk(_ text: String) -> ScriptedServer.Step {
        .send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    static func stream(_ pieces: [String]) -> [ScriptedServer.Step] {
        [.send(streamHead)] + pieces.map(chunk) + [.send("0\r\n\r\n"), .close]
    }

    static func chat(_ text: String) -> String {
        #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":"#
            + #"{"role":"assistant","content":\#(JSON.string(text).text())},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":30,"completion_tokens":20,"total_tokens":50}}"#
    }

    static func chatPiece(_ delta: String, finish: String = "null") -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":"#
            + #"\#(delta),"finish_reason":\#(finish)}]}"# + "\n\n"
    }

    /// The text cut into pieces of a few bytes, as models give it.
    static func chatStream(_ text: String, usage: Bool = true) -> [String] {
        let bytes = Array(text.utf8)
        let cut = stride(from: 0, to: bytes.count, by: 5).map {
            String(decoding: bytes[$0..<min($0 + 5, bytes.count)], as: UTF8.self)
        }
        let told =
            #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"#
            + #""usage":{"prompt_tokens":30,"completion_tokens":20,"total_tokens":50}}"# + "\n\n"
        return cut.map { chatPiece(#"{"content":\#(JSON.string($0).text())}"#) }
            + [chatPiece("{}", finish: #""stop""#)] + (usage ? [told] : []) + ["data: [DONE]\n\n"]
    }

    static func message(_ text: String) -> String {
        #"{"id":"m1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"#
            + #"\#(JSON.string(text).text())}],"stop_reason":"end_turn","stop_sequence":null,"#
            + #""usage":{"input_tokens":30,"output_tokens":20}}"#
    }

    static func event(_ name: String, _ data: String) -> String { "event: \(name)\ndata: \(data)\n\n" }

    static func messageStream(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: 5).map { start in
            let piece = JSON.string(String(decoding: bytes[start..<min(start + 5, bytes.count)], as: UTF8.self)).text()
            return event(
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":\#(piece)}}"#)
        }
        return [
            event(
                "message_start",
                #"{"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"m","#
                    + #""content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":30,"output_tokens":1}}}"#
            ),
            event(
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
        ] + pieces + [
            event("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
            event(
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":20}}"#
            ), event("message_stop", #"{"type":"message_stop"}"#),
        ]
    }

    static func response(_ text: String) -> String {
        #"{"id":"r1","object":"response","status":"completed","model":"m","output":[{"type":"message","id":"o1","#
            + #""role":"assistant","status":"completed","content":[{"type":"output_text","annotations":[],"text":"#
            + #"\#(JSON.string(text).text())}]}],"usage":{"input_tokens":30,"output_tokens":20,"total_tokens":50}}"#
    }
}
