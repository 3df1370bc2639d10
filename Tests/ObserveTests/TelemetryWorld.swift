import Core
import Gate
import JSON
import Ledger
import Logging
import Policy
import ServiceLifecycle
import Store
import Synchronization
import TestSupport

@testable import Observe

/// A gate on a real store and a real ledger, with telemetry that is sent, for as long as a test takes.
struct TelemetryWorld: Sendable {
    let gate: Gate
    let telemetry: Telemetry
    let caller: Caller
    let log: Lines

    final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var text: String { all.withLock { $0.joined(separator: "\n") } }
    }

    /// When it returns, the export has been shut down gracefully.
    static func with(
        _ settings: TelemetrySettings, providers: [String: String] = [:], decider: any Decider = Judge(),
        _ work: (TelemetryWorld) async throws -> Void
    ) async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let store = try Store.open(path: "\(folder.path)/house.db", migrations: Gate.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key)
        let lines = Lines()
        let logger = Logger(label: "test") { _ in LineLog(lines: lines) }
        let telemetry = Telemetry(version: "1.2.3", instance: "house-1")
        telemetry.adopt(settings, providers: providers)
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: logger, decider: decider,
                tools: [Reader(), Asker(), Pair(), ToolCaller()],
                secretKey: [UInt8](repeating: 9, count: 32), actionListener: telemetry))
        let ada = Principal(id: "test#ada", kind: .agent, name: "Ada", roles: ["operator"])
        let world = TelemetryWorld(gate: gate, telemetry: telemetry, caller: try gate.enter(ada), log: lines)
        let export = TelemetryExport(telemetry, logger: logger) { try GzipText.compress($0) }
        let group = ServiceGroup(services: [export], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await work(world)) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
        await ledger.close()
        try store.close()
    }

    static func settings(_ collector: Collector, interval: Duration = .milliseconds(100)) -> TelemetrySettings {
        var settings = TelemetrySettings()
        settings.collector = TelemetrySettings.Collector(endpoint: collector.address)
        settings.collector?.interval = interval
        return settings
    }

    func submit(
        _ tool: String, _ arguments: JSON = [:], target: String = "thing", under trace: TraceContext? = nil
    ) async throws -> Submission {
        let caller = Caller(principal: caller.principal, session: caller.session, trace: trace)
        return try await gate.submit(ActionRequest(tool: tool, target: target, arguments: arguments), as: caller)
    }
}

/// Denies what says so, asks people where it says so, and allows the rest.
struct Judge: Decider {
    var revision = "test:judge"
    func decide(_ input: DecisionInput) async throws -> Decision {
        let verdict: Decision.Verdict =
            switch input.action.arguments["verdict"]?.string {
            case "deny": .deny
            case "ask": .ask(ApprovalRule(roles: ["admin"]))
            default: .allow
            }
        return Decision(verdict, reason: "because", rule: "judge", policyRevision: revision)
    }
}

struct Reader: Tool {
    let descriptor = ToolDescriptor(
        id: "demo.read", title: "Read", summary: "Reads.", effect: .read, hasBreaker: false)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        if let code = action.arguments["fail"]?.string.flatMap(GatehouseError.Code.init(rawValue:)) {
            throw GatehouseError("demo", code, "it failed with \(action.arguments["text"]?.string ?? "nothing")")
        }
        return Answer(
            [
                "read": action.arguments["text"] ?? .null,
                "trace": context.trace.map { .string($0.traceparent) } ?? .null,
            ])
    }
}

/// Tells of a call to a model what its arguments say.
struct Asker: Tool {
    let descriptor = ToolDescriptor(
        id: GenAICall.tool, title: "Ask", summary: "Asks a model.", effect: .read, hasBreaker: false)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let facts = action.arguments["facts"] ?? [:]
        if let code = action.arguments["fail"]?.string.flatMap(GatehouseError.Code.init(rawValue:)) {
            throw ActionFailure(GatehouseError("models", code, "no"), facts: facts)
        }
        return Answer(["status": 200], usage: Usage(money: 42, tokens: 50), facts: facts)
    }
}

/// Tells of a call of a server's tool what its arguments say.
struct ToolCaller: Tool {
    let descriptor = ToolDescriptor(id: MCPCall.tool, title: "Call", summary: "Calls a tool.", effect: .read)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        Answer(["content": ["planted"]], facts: action.arguments["facts"] ?? [:])
    }
}

/// Reads twice, as two parts.
struct Pair: Tool {
    let descriptor = ToolDescriptor(
        id: "demo.pair", title: "Read twice", summary: "Reads, and reads again.", effect: .read, hasBreaker: false,
        hasParts: true)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        for target in ["a", "b"] { _ = await context.submit(ActionRequest(tool: "demo.read", target: target)) }
        return Answer(["read": 2])
    }
}

private struct LineLog: LogHandler {
    let lines: TelemetryWorld.Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}
