import Core
import Flow
import Gate
import JSON
import Ledger
import Logging
import Store

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a workflow's step costs beside the gate, its journal on the disk included, and what runs cost that wait.
enum FlowBenchmark {
    static let steps = 400
    static let waiting = 1_000

    static func run() async throws -> [Figure] {
        try await withFolder { folder in
            let ledger = try Ledger.open(folder + "/ledger", key: try SigningKey(generating: "benchmark"))
            let store = try Store.open(
                path: folder + "/gatehouse.db", migrations: Gate.migrations + FlowEngine.migrations)
            let reference = FlowReference()
            let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
            let gate = try await Gate(
                Gate.Parts(
                    store: store, ledger: ledger, logger: logger,
                    tools: [GateBenchmark.Nothing()] + WorkflowTools.all(reference),
                    secretKey: [UInt8](repeating: 7, count: 32)))
            let engine = FlowEngine(
                store: store, gate: gate, logger: logger, library: try Workflows())
            reference.set(engine)
            let principal = try await gate.identity.addPrincipal(kind: .service, name: "bench", roles: ["admin"])
            let caller = try gate.enter(principal)
            let service = Task { try await engine.run() }
            defer { service.cancel() }
            let figures = try await cost(engine, gate, caller) + memory(engine, caller)
            service.cancel()
            _ = try? await service.value
            await ledger.close()
            return figures
        }
    }

    // MARK: A step

    private static func cost(_ engine: FlowEngine, _ gate: Gate, _ caller: Caller) async throws -> [Figure] {
        let request = ActionRequest(tool: "bench.nothing", target: "bench:nothing", arguments: ["text": "hello"])
        var (wall, cpu): ([Double], [Double]) = ([], [])
        for _ in 0..<5 {
            let alone = try await Spent.measure {
                for _ in 0..<steps { keep(try await gate.submit(request, as: caller)) }
            }
            let whole = try await Spent.measure {
                let run = try await engine.start("steps", as: caller)
                try await until { try await engine.run(run.id).status == .succeeded }
            }
            wall.append((whole.wall - alone.wall) / Double(steps))
            cpu.append((whole.cpu - alone.cpu) / Double(steps))
        }
        return [
            Figure(
                name: "flow: a step beside what the gate takes, its journal on the disk", value: wall.median * 1e3,
                unit: "ms", goal: .atMost(1), note: "of which \(Figure.text(cpu.median * 1e3)) ms CPU")
        ]
    }

    // MARK: Waiting

    private static func memory(_ engine: FlowEngine, _ caller: Caller) async throws -> [Figure] {
        let before = residentMegabytes()
        for _ in 0..<waiting { _ = try await engine.start("asks", as: caller) }
        try await until { try await engine.runs(status: .waiting, limit: 1000).count == waiting }
        let after = residentMegabytes()
        return [
            Figure(
                name: "flow: \(waiting) runs that wait for people, the whole process", value: after, unit: "MB RSS",
                goal: .atMost(100), note: "\(Figure.text(max(0, after - before))) MB more than before")
        ]
    }

    private static func until(_ holds: () async throws -> Bool) async throws {
        // Rarely: looking costs as well.
        while try await !holds() { try await Task.sleep(for: .milliseconds(20)) }
    }

    private static func residentMegabytes() -> Double {
        guard let file = fopen("/proc/self/statm", "r") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return .nan }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = text.split(separator: " ")
        guard words.count > 1, let pages = Double(words[1]) else { return .nan }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }

    private struct Workflows: WorkflowSource {
        let workflows: [Workflow]

        func workflow(named name: String) throws -> Workflow {
            guard let found = workflows.first(where: { $0.name == name }) else {
                throw GatehouseError("benchmarks", .notFound, "no workflow \(name)")
            }
            return found
        }

        init() throws {
            let arguments = try Template(["text": "hello"])
            let many = (0..<FlowBenchmark.steps).map { number in
                Step(
                    id: "s\(number)", kind: .action(StepAction(tool: "bench.nothing", arguments: arguments)),
                    needs: number == 0 ? [] : ["s\(number - 1)"])
            }
            let ask = Step(
                id: "ask",
                kind: .approval(ApprovalStep(message: try Template("shall it be?"), roles: ["security_lead"])))
            workflows = [
                Workflow(name: "steps", steps: many, version: "sha256:1"),
                Workflow(name: "asks", steps: [ask], version: "sha256:2"),
            ]
        }
    }
}
