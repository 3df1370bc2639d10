import Core
import Gate
import JSON
import Ledger
import Logging
import Policy
import ServiceLifecycle
import Store
import TestSupport

@testable import Integrations

/// A gate with the room's tools, on a real store and ledger.
struct GateWorld: Sendable {
    let gate: Gate
    let integrations: Integrations
    let agent: Caller
    let admin: Caller

    static func with(
        _ destinations: [Destination], inspectors: [any Inspector] = [], _ work: (GateWorld) async throws -> Void
    ) async throws {
        let folder = ScratchFolder()
        let store = try Store.open(
            path: folder.file("house.db"), migrations: Gate.migrations + Integrations.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open(folder.file("ledger"), key: key)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let integrations = Integrations(
            OutboxWorld.settings(destinations), store: store, version: "1.2.3", clock: SystemWallClock(), logger: logger
        )
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: logger, decider: Judge(), inspectors: inspectors,
                tools: integrations.tools, secretKey: [UInt8](repeating: 9, count: 32)))
        let world = GateWorld(
            gate: gate, integrations: integrations,
            agent: try gate.enter(Principal(id: "test#bot", kind: .agent, name: "Bot", roles: ["operator"])),
            admin: try gate.enter(Principal(id: "test#ada", kind: .person, name: "Ada", roles: ["admin"])))
        let group = ServiceGroup(services: [integrations], logger: logger)
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

    func submit(_ tool: String, _ arguments: JSON, key: String? = nil) async throws -> Submission {
        try await gate.submit(
            ActionRequest(tool: tool, target: "destination:there", arguments: arguments, idempotencyKey: key), as: agent
        )
    }

    func answer(_ tool: String, _ arguments: JSON, key: String? = nil) async throws -> JSON {
        guard case .answered(_, let answer, _) = try await submit(tool, arguments, key: key) else { return .null }
        return answer.value
    }
}

/// Asks people where the severity is critical, and where something must not be seen by whom it goes to, denies.
private struct Judge: Decider {
    let revision = "test:judge"

    func decide(_ input: DecisionInput) async throws -> Decision {
        let uncleared = input.labels.subtracting(input.clearance ?? [])
        let verdict: Decision.Verdict =
            input.sendsOutside && !uncleared.isEmpty
            ? .deny
            : input.action.arguments["severity"] == "critical" && input.action.undoes == nil
                ? .ask(ApprovalRule(roles: ["admin"])) : .allow
        return Decision(verdict, reason: "because", rule: "judge", policyRevision: revision)
    }
}

/// Takes a word out of requests, and labels what has another.
struct WordInspector: Inspector {
    let id = "test.words"

    func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
        let text = subject.value.text()
        var result = InspectionResult(labels: text.contains("patient") ? [.phi] : [])
        guard subject.direction == .request, text.contains("grace") else { return result }
        result.rewritten = try JSON.parse(
            text.split(separator: "grace", omittingEmptySubsequences: false).joined(separator: "[NAME]"))
        return result
    }
}
