import Core
import Gate
import JSON
import Ledger
import Logging
import Store
import Synchronization
import TestSupport
import Testing

@testable import Flow

/// A gate and an engine on a real store and a real ledger in a folder of its own. It can be closed and opened again, as
/// after a crash.
final class FlowHouse: Sendable {
    let folder: ScratchFolder
    let clock: ManualWallClock
    let store: Store
    let ledger: Ledger
    let gate: Gate
    let engine: FlowEngine
    let shelf: Shelf
    let deeds: Deeds

    private init(
        _ folder: ScratchFolder, _ clock: ManualWallClock, _ store: Store, _ ledger: Ledger, _ gate: Gate,
        _ engine: FlowEngine, _ shelf: Shelf, _ deeds: Deeds
    ) {
        (self.folder, self.clock, self.store, self.ledger) = (folder, clock, store, ledger)
        (self.gate, self.engine, self.shelf, self.deeds) = (gate, engine, shelf, deeds)
    }

    static func open(
        _ workflows: Workflow..., in folder: ScratchFolder = ScratchFolder(),
        clock: ManualWallClock = ManualWallClock(),
        shelf: Shelf? = nil, deeds: Deeds = Deeds(), decider: (any Decider)? = Allowing(), tools: [any Tool] = [],
        gateSettings: GateSettings = .standard, inspectors: [any Inspector] = [], active: Int = 64
    ) async throws -> FlowHouse {
        let shelf = shelf ?? Shelf(workflows)
        let store = try Store.open(
            path: "\(folder.path)/house.db", migrations: Gate.migrations + FlowEngine.migrations, clock: clock)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        var options = Ledger.Options()
        options.clock = clock
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key, options: options)
        let reference = FlowReference()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, clock: clock, logger: logger, settings: gateSettings, decider: decider,
                inspectors: inspectors, tools: deeds.tools + tools + WorkflowTools.all(reference),
                secretKey: [UInt8](repeating: 9, count: 32)))
        var settings = FlowEngine.Settings()
        settings.tick = .milliseconds(5)
        settings.active = active
        let engine = FlowEngine(
            store: store, gate: gate, clock: clock, logger: logger, library: shelf, settings: settings)
        reference.set(engine)
        return FlowHouse(folder, clock, store, ledger, gate, engine, shelf, deeds)
    }

    /// As after the end of the process: nothing that was in memory is left.
    func reopened(
        decider: (any Decider)? = Allowing(), tools: [any Tool] = [], gateSettings: GateSettings = .standard
    ) async throws -> FlowHouse {
        await ledger.close()
        try store.close()
        return try await FlowHouse.open(
            in: folder, clock: clock, shelf: shelf, deeds: deeds, decider: decider, tools: tools,
            gateSettings: gateSettings)
    }

    /// Does something while the engine runs, which is stopped then.
    @discardableResult
    func running<T: Sendable>(_ work: () async throws -> T) async throws -> T {
        let engine = self.engine
        let service = Task { try await engine.run() }
        do {
            let result = try await work()
            service.cancel()
            try await service.value
            return result
        } catch {
            service.cancel()
            _ = try? await service.value
            throw error
        }
    }

    func caller(
        _ name: String = "olga", _ roles: String..., kind: Principal.Kind = .person, class sessionClass: String? = nil
    ) throws -> Caller {
        let roles = roles.isEmpty ? ["operator"] : roles
        return try gate.enter(
            Principal(id: "test#\(name)", kind: kind, name: name, roles: Set(roles)), class: sessionClass)
    }

    /// Waits until a run stands so, and gives it.
    @discardableResult
    func until(_ run: String, _ wanted: RunStatus...) async throws -> RunRecord {
        try await wait("run is \(wanted), not \((try? await engine.run(run)) as Any)") {
            wanted.contains(try await engine.run(run).status)
        }
        return try await engine.run(run)
    }

    /// The approval that a run waits for.
    func approval(besides seen: Set<String> = []) async throws -> Approval {
        try await wait("an approval is waited for") {
            try await gate.approvals.list(state: .waiting).contains { !seen.contains($0.id) }
        }
        return try #require(try await gate.approvals.list(state: .waiting).first { !seen.contains($0.id) })
    }

    func kinds(of run: String) async throws -> [String] {
        try await engine.journal(of: run).map(\.event.kindName)
    }
}

/// The workflows that there are, which a test may change.
final class Shelf: WorkflowSource {
    private let state: Mutex<[Workflow]>
    init(_ workflows: [Workflow]) { state = Mutex(workflows) }
    var workflows: [Workflow] { state.withLock { $0 } }
    func workflow(named name: String) throws -> Workflow {
        if let found = workflows.first(where: { $0.name == name }) { return found }
        throw GatehouseError("test", .notFound, "there is no workflow \(name)")
    }
    func put(_ workflow: Workflow) { state.withLock { $0 = $0.filter { $0.name != workflow.name } + [workflow] } }
}

struct Allowing: Decider {
    let revision = "test:allow"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "test", rule: "all", policyRevision: revision)
    }
}

/// What the test tools did, in order.
final class Deeds: Sendable {
    private let state = Mutex<[String]>([])
    var done: [String] { state.withLock { $0 } }
    func note(_ deed: String) { state.withLock { $0.append(deed) } }

    var tools: [any Tool] {
        [
            DeedTool("deed.look", .read) { action, _ in
                self.note("look \(action.arguments["n"]?.shown ?? "")")
                return Answer(action.arguments)
            },
            DeedTool("deed.make", .change) { action, _ in
                self.note("make \(action.arguments["n"]?.shown ?? "")")
                return Answer(["made": action.arguments["n"] ?? .null])
            },
            DeedTool("deed.unmake", .change) { action, _ in
                self.note("unmake \(action.arguments["n"]?.shown ?? "")")
                return Answer(.null)
            },
            DeedTool("deed.fail", .change) { action, _ in
                self.note("fail")
                throw GatehouseError("deed", .unavailable, "it broke")
            },
        ]
    }
}

struct DeedTool: Tool {
    let descriptor: ToolDescriptor
    var looksAgain: @Sendable (Action) async throws -> Reconciliation = { _ in .unknowable }
    let does: @Sendable (Action, ActionContext) async throws -> Answer

    init(
        _ id: String, _ effect: Effect, timeout: Duration = .seconds(30), hasBreaker: Bool = false,
        looksAgain: @escaping @Sendable (Action) async throws -> Reconciliation = { _ in .unknowable },
        does: @escaping @Sendable (Action, ActionContext) async throws -> Answer
    ) {
        descriptor = ToolDescriptor(
            id: id, title: id, summary: id, effect: effect, timeout: timeout, hasBreaker: hasBreaker)
        self.looksAgain = looksAgain
        self.does = does
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        Preview(
            summary: action.tool,
            undo: descriptor.id == "deed.make"
                ? UndoPlan(
                    tool: "deed.unmake", target: action.target, arguments: action.arguments, summary: "unmake it") : nil
        )
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer { try await does(action, context) }
    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        try await looksAgain(action)
    }
}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}

func code(of body: () async throws -> some Sendable) async -> GatehouseError.Code? {
    do {
        _ = try await body()
        return nil
    } catch { return (error as? GatehouseError)?.code ?? .internal }
}
