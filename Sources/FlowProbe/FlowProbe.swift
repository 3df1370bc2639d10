import Core
import Flow
import Gate
import JSON
import Ledger
import Logging
import Store

/// Runs a workflow again and again, and undoes it, until it is killed; and goes on where it was when it is started anew.
/// The tests of workflows kill it and look whether anything was done twice.
///
/// `FlowProbe FOLDER SEED [finish]`: store, ledger and what was done are in the folder; the seed (hex) is the signing
/// key's; with `finish` no further run is begun, and the program ends when all are undone. On its standard output it says
/// `b KEY` before it does something and `a KEY` after.
@main
struct FlowProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seed = Hex.decode(arguments[2]) else {
            throw GatehouseError("probe", .invalid, "usage: FlowProbe FOLDER SEED [finish]")
        }
        let folder = arguments[1]
        let store = try Store.open(path: "\(folder)/probe.db", migrations: Gate.migrations + FlowEngine.migrations)
        let ledger = try Ledger.open(
            "\(folder)/ledger", key: try SigningKey(name: "probe.example/log", seed: seed))
        let logger = Logger(label: "probe", factory: { _ in SwiftLogNoOpLogHandler() })
        let reference = FlowReference()
        let log = DeedLog(path: "\(folder)/deeds")
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: logger, decider: Allowing(),
                tools: DeedTool.all(log) + WorkflowTools.all(reference), secretKey: [UInt8](repeating: 9, count: 32)))
        var settings = FlowEngine.Settings()
        settings.tick = .milliseconds(10)
        let engine = FlowEngine(
            store: store, gate: gate, logger: logger, library: try ProbeLibrary(), settings: settings)
        reference.set(engine)
        let probe = Probe(gate: gate, engine: engine, isFinishing: arguments.count > 3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gate.run() }
            group.addTask { try await engine.run() }
            try await probe.go()
            group.cancelAll()
            try await group.waitForAll()
        }
        await ledger.close()
        try store.close()
    }
}

/// Plays the people: starts runs, agrees to what is asked, has runs undone.
private struct Probe {
    let gate: Gate
    let engine: FlowEngine
    let isFinishing: Bool

    func go() async throws {
        let starter = Principal(id: "probe#starter", kind: .service, name: "starter", roles: ["operator"])
        let lead = Principal(id: "probe#lead", kind: .person, name: "lead", roles: ["security_lead"])
        while true {
            for approval in try await gate.approvals.list(state: .waiting) {
                _ = try? await gate.approve(approval.id, by: try gate.enter(lead), reason: "it is a test")
            }
            let last = try await engine.runs(limit: 1).first
            switch last?.status {
            case .succeeded?:
                if let run = last?.id { _ = try? await engine.undo(run, by: try gate.enter(starter), reason: "a test") }
            case nil, .undone?:
                if isFinishing { return }
                _ = try await engine.start("probe", inputs: ["list": [0, 1, 2, 3, 4]], as: try gate.enter(starter))
            case .failed?, .cancelled?, .stuck?:
                throw GatehouseError("probe", .internal, "run \(last?.id ?? "") is \(last?.status.rawValue ?? "")")
            case .queued?, .running?, .waiting?, .undoing?: break
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

private struct ProbeLibrary: WorkflowSource {
    let workflows: [Workflow]

    func workflow(named name: String) throws -> Workflow { workflows[0] }

    init() throws {
        let list = try Template("${{ inputs.list }}")
        let steps = [
            try Self.step("look", "probe.look", [:]),
            try Self.step(
                "each", "probe.make", ["n": "${{ item }}"], needs: "look", forEach: ForEach(items: list, concurrency: 3)
            ),
            Step(
                id: "ask",
                kind: .approval(ApprovalStep(message: try Template("go on?"), roles: ["security_lead"])),
                needs: ["each"]),
            try Self.step(
                "make", "probe.make", ["n": "${{ steps.each.outputs }}"], needs: "ask",
                undo: .action(StepAction(tool: "probe.unmake", arguments: try Template(["n": "own"])))),
            try Self.step("look_again", "probe.look", [:], needs: "make"),
            try Self.step("last", "probe.make", ["n": "last"], needs: "look_again"),
        ]
        workflows = [
            Workflow(
                name: "probe", inputs: [WorkflowInput(name: "list", kind: .array)], steps: steps, version: "sha256:1")
        ]
    }

    private static func step(
        _ id: String, _ tool: String, _ arguments: JSON, needs: String? = nil, forEach: ForEach? = nil,
        undo: StepUndo = .byTool
    ) throws -> Step {
        Step(
            id: id, kind: .action(StepAction(tool: tool, arguments: try Template(arguments))),
            needs: [needs].compactMap(\.self), forEach: forEach, undo: undo)
    }
}

private struct Allowing: Decider {
    let revision = "probe"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "it is a test", rule: "all", policyRevision: revision)
    }
}
