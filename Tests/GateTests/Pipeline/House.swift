import Core
import JSON
import Ledger
import Logging
import Store
import Synchronization
import TestSupport
import Testing

@testable import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// A gate on a real store and a real ledger in a folder of its own. It can be closed and opened again, as after a
/// crash.
final class House: Sendable {
    let folder: ScratchFolder
    let clock: ManualWallClock
    let store: Store
    let ledger: Ledger
    let gate: Gate
    let world: World

    private init(
        _ folder: ScratchFolder, _ clock: ManualWallClock, _ store: Store, _ ledger: Ledger, _ gate: Gate,
        _ world: World
    ) {
        (self.folder, self.clock, self.store, self.ledger, self.gate, self.world) = (
            folder, clock, store, ledger, gate, world
        )
    }

    static func open(
        in folder: ScratchFolder? = nil, clock: ManualWallClock = ManualWallClock(), world: World = World(),
        settings: GateSettings = .standard,
        decider: (any Decider)? = nil, inspectors: [any Inspector] = [], tools: [any Tool] = []
    ) async throws -> House {
        let folder = folder ?? ScratchFolder()
        let store = try Store.open(path: "\(folder.path)/house.db", migrations: Gate.migrations, clock: clock)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        var options = Ledger.Options()
        options.clock = clock
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key, options: options)
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, clock: clock,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                settings: settings, decider: decider, inspectors: inspectors, tools: world.tools + tools,
                secretKey: [UInt8](repeating: 9, count: 32)))
        return House(folder, clock, store, ledger, gate, world)
    }

    /// As after the end of the process: nothing that was in memory is left.
    func reopened(
        settings: GateSettings = .standard, decider: (any Decider)? = nil, tools: [any Tool] = []
    ) async throws -> House {
        await ledger.close()
        try store.close()
        return try await House.open(
            in: folder, clock: clock, world: world, settings: settings, decider: decider, tools: tools)
    }

    /// A person, or another kind of principal, with a session.
    func caller(
        _ name: String, _ roles: String..., kind: Principal.Kind = .person, class sessionClass: String? = nil
    ) throws -> Caller {
        try gate.enter(Principal(id: "test#\(name)", kind: kind, name: name, roles: Set(roles)), class: sessionClass)
    }

    /// Settings with these rules of one's own, in a file.
    func policy(_ rules: String) throws -> GateSettings {
        let path = try file("own.rego", "package gatehouse.custom\n\n\(rules)\n")
        return GateSettings(policy: PolicySettings(paths: [path]))
    }

    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        guard let file = fopen(path, "w") else { throw Unexpected("no file") }
        defer { fclose(file) }
        guard fputs(text, file) >= 0 else { throw Unexpected("nothing written") }
        return path
    }

    /// The payloads in the ledger, oldest first.
    func records() throws -> [JSON] {
        try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
    }

    /// `intent performing`, `outcome done` …
    func story(of actionID: String) throws -> [String] {
        try records().filter { $0["action"]?.string == actionID }.map {
            "\($0["type"]?.string ?? "?") \($0["state"]?.string ?? "?")"
        }
    }

    /// The approval that a submission waits for.
    func waiting(_ submission: Submission) throws -> Approval {
        guard case .waiting(_, let approval) = submission else { throw Unexpected("it does not wait") }
        return approval
    }

    func performed(_ outcome: ApprovalOutcome) throws -> Submission {
        guard case .performed(let submission) = outcome else { throw Unexpected("it was not performed") }
        return submission
    }

    /// Asks for a change as an operator, and has a lead approve it.
    func changed(_ key: String, to value: String) async throws -> String {
        let approval = try waiting(try await gate.submit(.set(key, value), as: caller("olga", "operator")))
        _ = try performed(try await gate.approve(approval.id, by: caller("lee", "security_lead"), reason: "fine"))
        return approval.actionID
    }
}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}

extension Submission {
    var answer: JSON? {
        if case .answered(_, let answer, _) = self { answer.value } else { nil }
    }
}

extension ActionRequest {
    static func get(_ key: String) -> ActionRequest {
        ActionRequest(tool: "world.get", target: key, arguments: ["key": .string(key)])
    }
    static func set(_ key: String, _ value: String, idempotencyKey: String? = nil) -> ActionRequest {
        ActionRequest(
            tool: "world.set", target: key, arguments: ["key": .string(key), "value": .string(value)],
            idempotencyKey: idempotencyKey,
            reason: "because")
    }
    static func delete(_ key: String) -> ActionRequest {
        ActionRequest(tool: "world.delete", target: key, arguments: ["key": .string(key)])
    }
    static func reveal(_ key: String) -> ActionRequest {
        ActionRequest(tool: "world.reveal", target: key, arguments: ["key": .string(key)])
    }
}

func code(of body: () async throws -> some Sendable) async -> GatehouseError.Code? {
    do {
        _ = try await body()
        return nil
    } catch { return (error as? GatehouseError)?.code ?? .internal }
}
