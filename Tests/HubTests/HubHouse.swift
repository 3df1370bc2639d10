import Core
import Flow
import Gate
import Intent
import JSON
import Ledger
import Logging
import Store
import Synchronization
import TestSupport
import Testing

@testable import Hub

/// A gate, an engine of workflows and a hub on a real store and a real ledger. It can be closed and opened again, as after
/// the end of the process.
final class HubHouse: Sendable {
    let folder: ScratchFolder
    let clock: ManualWallClock
    let store: Store
    let ledger: Ledger
    let gate: Gate
    let engine: FlowEngine
    let hub: Hub
    let tools: HouseTools

    private init(
        _ folder: ScratchFolder, _ clock: ManualWallClock, _ store: Store, _ ledger: Ledger, _ gate: Gate,
        _ engine: FlowEngine, _ hub: Hub, _ tools: HouseTools
    ) {
        (self.folder, self.clock, self.store, self.ledger) = (folder, clock, store, ledger)
        (self.gate, self.engine, self.hub, self.tools) = (gate, engine, hub, tools)
    }

    static func open(
        in folder: ScratchFolder = ScratchFolder(), clock: ManualWallClock = ManualWallClock(),
        tools: HouseTools = HouseTools(), decider: (any Decider)? = Allowing(), workflows: String? = nil
    ) async throws -> HubHouse {
        let store = try Store.open(
            path: folder.file("house.db"), migrations: Gate.migrations + FlowEngine.migrations + Hub.migrations,
            clock: clock)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        var options = Ledger.Options()
        options.clock = clock
        let ledger = try Ledger.open(folder.file("ledger"), key: key, options: options)
        let reference = FlowReference()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, clock: clock, logger: logger, decider: decider,
                tools: tools.all + WorkflowTools.all(reference), secretKey: [UInt8](repeating: 9, count: 32)))
        let library = try WorkflowLibrary(folder: workflows)
        let engine = FlowEngine(store: store, gate: gate, clock: clock, logger: logger, library: library)
        reference.set(engine)
        let hub = try Hub(
            store: store, gate: gate, library: library, inventory: HouseNames(), clock: clock, logger: logger)
        return HubHouse(folder, clock, store, ledger, gate, engine, hub, tools)
    }

    /// As after the end of the process: nothing that was in memory is left.
    func reopened(decider: (any Decider)? = Allowing()) async throws -> HubHouse {
        await ledger.close()
        try store.close()
        return try await HubHouse.open(in: folder, clock: clock, tools: tools, decider: decider)
    }

    /// Does something while the engine of workflows runs, which is stopped then.
    func running(_ work: () async throws -> Void) async throws {
        let engine = self.engine
        let service = Task { try await engine.run() }
        do { try await work() } catch {
            service.cancel()
            _ = try? await service.value
            throw error
        }
        service.cancel()
        try await service.value
    }

    func caller(_ name: String = "olga", _ roles: String...) throws -> Caller {
        let roles: Set<String> = roles.isEmpty ? ["operator"] : Set(roles)
        return try gate.enter(Principal(id: "test#\(name)", kind: .person, name: name, roles: roles))
    }

    /// A conversation of olga's, and a way to say something in it.
    func talk(as name: String = "olga", _ roles: String...) async throws -> Talk {
        let roles: Set<String> = roles.isEmpty ? ["operator"] : Set(roles)
        let caller = try gate.enter(Principal(id: "test#\(name)", kind: .person, name: name, roles: roles))
        return Talk(hub: hub, caller: caller, id: try await hub.begin(as: caller).id)
    }
}

struct Talk: Sendable {
    let hub: Hub
    let caller: Caller
    let id: String

    @discardableResult
    func callAsFunction(_ text: String) async throws -> Reply { try await hub.say(text, in: id, as: caller) }
}

/// What a house would know by name.
struct HouseNames: Inventory {
    static let all = [
        Gazetteer(
            "repository",
            [
                Gazetteer.Entry("/srv/shop", aliases: ["shop"]),
                Gazetteer.Entry("/srv/payments-api", aliases: ["payments-api"]),
            ]),
        Gazetteer("destination", values: ["pagerduty", "jira"]),
    ]

    func names() async throws -> [Gazetteer] { Self.all }
}

/// Tools with the ids and arguments of the house's own, which note what they were asked for.
final class HouseTools: Sendable {
    private let state = Mutex<[(tool: String, arguments: JSON)]>([])
    let answers = Mutex<[String: JSON]>([:])

    /// In order: id and arguments.
    var performed: [(tool: String, arguments: JSON)] { state.withLock { $0 } }
    var ids: [String] { performed.map(\.tool) }

    func note(_ action: Action) { state.withLock { $0.append((action.tool, action.arguments)) } }

    var all: [any Tool] {
        let reads = [
            "findings.list", "findings.digest", "scan.assess", "scan.fix", "scan.threats", "gate.approvals.list",
            "gate.session.budget", "ledger.prove", "integrations.list", "scan.advisories.status",
        ]
        return reads.map { NotedTool($0, .read, self) } + [
            NotedTool("integrations.send", .change, self, undo: "integrations.unsend"),
            NotedTool("integrations.unsend", .change, self), NotedTool("integrations.retry", .change, self),
        ]
    }
}

struct NotedTool: Tool {
    let descriptor: ToolDescriptor
    let notes: HouseTools
    let undo: String?

    init(_ id: String, _ effect: Effect, _ notes: HouseTools, undo: String? = nil) {
        descriptor = ToolDescriptor(id: id, title: id, summary: "For tests.", effect: effect)
        (self.notes, self.undo) = (notes, undo)
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        Preview(
            summary: action.tool,
            undo: undo.map {
                UndoPlan(
                    tool: $0, target: action.target, arguments: action.arguments, summary: "say that it was a slip")
            })
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        notes.note(action)
        return Answer(notes.answers.withLock { $0[action.tool] } ?? ["state": "done"])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }
}

struct Allowing: Decider {
    let revision = "test:allow"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "a test", rule: "all", policyRevision: revision)
    }
}

/// Asks a security lead about what alters something, and denies what a test names.
struct Asking: Decider {
    var denied: Set<String> = []
    let revision = "test:ask"

    func decide(_ input: DecisionInput) async throws -> Decision {
        if denied.contains(input.action.tool) {
            return Decision(.deny, reason: "not on a Sunday", rule: "test.sunday", policyRevision: revision)
        }
        guard input.effect >= .change else {
            return Decision(.allow, reason: "a read", rule: "read", policyRevision: revision)
        }
        return Decision(
            .ask(ApprovalRule(roles: ["security_lead"])), reason: "a change", rule: "ask", policyRevision: revision)
    }
}

func code(of body: () async throws -> some Sendable) async -> GatehouseError.Code? {
    do {
        _ = try await body()
        return nil
    } catch { return (error as? GatehouseError)?.code ?? .internal }
}
