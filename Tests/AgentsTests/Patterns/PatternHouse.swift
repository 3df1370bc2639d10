import Core
import Fixes
import Gate
import JSON
import Ledger
import Logging
import Policy
import Privacy
import Risk
import Schema
import Store
import TestSupport
import Testing
import Threats

@testable import Agents
@testable import Flow
@testable import Scan

/// What looks for secrets: made once, as its patterns take a second to compile.
private let sharedDetector = Result { try SecretDetector() }

/// The real tools over a planted repository, the real agents without any model, and workflows, behind one gate.
final class PatternHouse: Sendable {
    let repository: PlantedRepository
    let findings: FindingsStore
    let agents: Agents
    let gate: Gate
    let engine: FlowEngine
    private let store: Store
    private let ledger: Ledger

    private init(
        _ repository: PlantedRepository, _ findings: FindingsStore, _ agents: Agents, _ gate: Gate,
        _ engine: FlowEngine, _ store: Store, _ ledger: Ledger
    ) {
        (self.repository, self.findings, self.agents, self.gate) = (repository, findings, agents, gate)
        (self.engine, self.store, self.ledger) = (engine, store, ledger)
    }

    /// - Parameter denied: tools that policy denies.
    static func with<Value>(
        _ repository: PlantedRepository, denied: Set<String> = [], _ work: (PatternHouse) async throws -> Value
    ) async throws -> Value {
        let house = try await open(repository, denied)
        let service = Task { try await house.engine.run() }
        let result: Result<Value, any Error>
        do { result = .success(try await work(house)) } catch { result = .failure(error) }
        service.cancel()
        _ = try? await service.value
        await house.ledger.close()
        try house.store.close()
        return try result.get()
    }

    private static func open(_ repository: PlantedRepository, _ denied: Set<String>) async throws -> PatternHouse {
        let scratch = repository.scratch
        let store = try Store.open(
            path: scratch.file("house.db"), migrations: Gate.migrations + FlowEngine.migrations + Scan.migrations)
        let findings = FindingsStore(store, version: "1", clock: PlantedRepository.clock)
        let reference = FlowReference()
        let gateReference = GateReference()
        let agents = Agents(library: try AgentLibrary(), models: nil, gate: gateReference)
        let tools = try planes(repository, findings) + agents.tools + WorkflowTools.all(reference)
        let ledger = try Ledger.open(
            scratch.file("ledger"),
            key: try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32)))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: logger, decider: Deciding(denied: denied), tools: tools,
                secretKey: [UInt8](repeating: 9, count: 32)))
        gateReference.set(gate)
        let library = try WorkflowLibrary(
            folder: nil, tools: gate.tools.descriptors, builtIn: AgentWorkflows.all)
        var settings = FlowEngine.Settings()
        settings.tick = .milliseconds(5)
        let engine = FlowEngine(store: store, gate: gate, logger: logger, library: library, settings: settings)
        reference.set(engine)
        return PatternHouse(repository, findings, agents, gate, engine, store, ledger)
    }

    /// What assesses, fixes and models, as the house has it.
    private static func planes(_ repository: PlantedRepository, _ findings: FindingsStore) throws -> [any Tool] {
        let roots = AssessRoots([repository.root])
        let readers: Set<String> = ["operator"]
        let settings = SharedDependencySettings()
        let assessor = Assessor(
            scanners: [SecretScanner(try sharedDetector.get())],
            trees: [
                DependencyScanner(advisories: repository.advisories, threats: repository.threats, settings: settings),
                InfrastructureScanner(),
            ], code: CodeScanner(), clock: PlantedRepository.clock)
        let workshop = FixWorkshop(
            assessor: assessor, findings: findings, advisories: repository.advisories, roots: roots)
        return [
            AssessTool(assessor: assessor, findings: findings, roots: roots),
            ThreatsTool(assessor: assessor, roots: roots),
            FindingsListTool(findings: findings, readers: readers),
            FindingsDigestTool(findings: findings, readers: readers),
        ] + workshop.tools
            + AdvisoryTools(advisories: repository.advisories, threats: repository.threats, settings: settings).all
    }

    var effects: [String: Effect] {
        Dictionary(gate.tools.descriptors.map { ($0.id, $0.effect) }) { first, _ in first }
    }

    // MARK: - Working

    func caller(_ name: String = "olga", _ roles: String...) throws -> Caller {
        try gate.enter(
            Principal(id: "test#\(name)", kind: .person, name: name, roles: Set(roles.isEmpty ? ["operator"] : roles)))
    }

    /// The whole result; its output is held to the agent's schema, and to being the same when it is asked for again.
    func run(_ agent: String, _ input: JSON, request: String = "") async throws -> JSON {
        let arguments: JSON = ["agent": .string(agent), "input": input, "request": .string(request)]
        let submission = try await gate.submit(
            ActionRequest(tool: "agents.run", target: "agent:\(agent)", arguments: arguments), as: try caller())
        guard case .answered(_, let answer, _) = submission else { throw Odd("\(agent) waits for people") }
        let schema = try agents.library.agent(named: agent).outputSchema
        #expect(schema.validate(answer.value["output"] ?? .null) == [])
        #expect(answer.value["by"] == (answer.value["output"]?["route"] == "direct" ? "direct" : "procedure"))
        return answer.value
    }

    func output(_ agent: String, _ input: JSON, request: String = "") async throws -> JSON {
        try #require(try await run(agent, input, request: request)["output"])
    }

    func start(_ workflow: String, _ inputs: JSONObject) async throws -> String {
        try await engine.start(workflow, inputs: .object(inputs), as: try caller()).id
    }

    /// Waits until a run stands so, and gives it.
    @discardableResult
    func until(_ run: String, _ wanted: RunStatus...) async throws -> RunRecord {
        try await wait("the run is \(wanted)") {
            let record = try await engine.run(run)
            if let error = record.error, !wanted.contains(record.status) { throw Odd("\(error)") }
            return wanted.contains(record.status)
        }
        return try await engine.run(run)
    }

    func approval(besides seen: Set<String> = []) async throws -> Approval {
        try await wait("an approval is waited for") {
            try await gate.approvals.list(state: .waiting).contains { !seen.contains($0.id) }
        }
        return try #require(try await gate.approvals.list(state: .waiting).first { !seen.contains($0.id) })
    }

    @discardableResult
    func agree() async throws -> Approval {
        let approval = try await approval()
        #expect(approval.rule.roles.contains("security_lead"))
        _ = try await gate.approve(approval.id, by: try caller("lea", "security_lead"), reason: "looked at")
        return approval
    }

    func refuse() async throws {
        _ = try await gate.deny(
            try await approval().id, by: try caller("lea", "security_lead"), reason: "not like this")
    }

    func stepState(_ step: String, of run: String) async throws -> String {
        try await engine.state(of: run).state(of: step).rawValue
    }
}

struct Odd: Error {
    let what: String
    init(_ what: String) { self.what = what }
}

private struct Deciding: Decider {
    let denied: Set<String>
    let revision = "test:1"

    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(
            denied.contains(input.action.tool) ? .deny : .allow, reason: "test", rule: "all", policyRevision: revision)
    }
}
