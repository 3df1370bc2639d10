import Core
import Gate
import JSON
import Ledger
import Logging
import Models
import Privacy
import Server
import Store

/// An allowed read through all eight steps, decided by the built-in policy: as a whole, and without what the ledger
/// takes for its two records, which is measured beside it.
enum GateBenchmark {
    static let callers = 16
    static let passes = 4_000

    struct Nothing: Tool {
        let descriptor = ToolDescriptor(
            id: "bench.nothing", title: "Nothing", summary: "Answers at once.", effect: .read,
            arguments: [
                "type": "object", "properties": ["text": ["type": "string", "maxLength": 1000]], "required": ["text"],
            ])

        func perform(_ action: Action, in context: ActionContext) async throws -> Answer { Answer(["ok": true]) }
    }

    static func run() async throws -> [Figure] {
        try await withFolder { folder in
            let ledger = try Ledger.open(folder + "/ledger", key: try SigningKey(generating: "benchmark"))
            let store = try Store.open(path: folder + "/gatehouse.db", migrations: Gate.migrations)
            let gate = try await Gate(
                Gate.Parts(
                    store: store, ledger: ledger, logger: Logger(label: "benchmark"),
                    inspectors: [PrivacyInspector(try SharedPrivacy(try PrivacySettings().makeSetup()))],
                    tools: [Nothing()], secretKey: [UInt8](repeating: 7, count: 32)))
            let principal = try await gate.identity.addPrincipal(kind: .service, name: "bench", roles: ["admin"])
            let caller = try gate.enter(principal, session: nil, class: nil)
            let request = ActionRequest(tool: "bench.nothing", target: "bench:nothing", arguments: ["text": "hello"])
            try await submit(200, request, gate, caller)
            var (whole, recording): ([Double], [Double]) = ([], [])
            for _ in 0..<5 {
                let sizeBefore = ledger.size
                whole.append(try await submit(passes, request, gate, caller).cpu / Double(passes * callers))
                let records = Double(ledger.size - sizeBefore) / Double(passes * callers)
                recording.append(try await append(passes, like: ledger, records))
            }
            await ledger.close()
            return figures(whole: whole.median * 1e6, recording: recording.median * 1e6)
        }
    }

    private static func figures(whole: Double, recording: Double) -> [Figure] {
        [
            Figure(
                name: "gate: an allowed read under the default policy, beside handler and ledger",
                value: max(0, whole - recording), unit: "µs CPU", goal: .atMost(30)),
            Figure(
                name: "gate: the same with its records in the ledger", value: whole, unit: "µs CPU", goal: .atMost(40),
                note: "of which the ledger takes \(Figure.text(recording)) µs"),
        ]
    }

    @discardableResult
    private static func submit(_ count: Int, _ request: ActionRequest, _ gate: Gate, _ caller: Caller) async throws
        -> Spent
    {
        try await Spent.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers {
                    group.addTask { for _ in 0..<count { keep(try await gate.submit(request, as: caller)) } }
                }
                try await group.waitForAll()
            }
        }
    }

    /// CPU seconds that a pass's records cost when nothing but the ledger is asked, from as many tasks at once.
    private static func append(_ count: Int, like ledger: Ledger, _ records: Double) async throws -> Double {
        guard let last = try ledger.entries(last: 1).first?.payload else { return 0 }
        let spent = try await Spent.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers {
                    group.addTask { for _ in 0..<count { try await ledger.append(last, durability: .written) } }
                }
                try await group.waitForAll()
            }
        }
        return spent.cpu / Double(count * callers) * records
    }
}
