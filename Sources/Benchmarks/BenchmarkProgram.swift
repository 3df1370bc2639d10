/// `benchmarks [SUITE …] [--json]`: every suite when none is named. Exit code 1 when a goal is missed.
@main
struct BenchmarkProgram {
    static let suites = [
        "json", "rego", "ledger", "gate", "assess", "privacy", "models", "dependencies", "flow", "intent", "agents",
        "hub", "start",
    ]

    private static func run(_ suite: String) async throws -> [Figure] {
        switch suite {
        case "json": try JSONBenchmark.run()
        case "rego": try RegoBenchmark.run()
        case "ledger": try await LedgerBenchmark.run()
        case "gate": try await GateBenchmark.run()
        case "assess": try await AssessBenchmark.run()
        case "privacy": try PrivacyBenchmark.run()
        case "models": try ModelsBenchmark.run()
        case "dependencies": try await DependenciesBenchmark.run()
        case "flow": try await FlowBenchmark.run()
        case "intent": try await IntentBenchmark.run()
        case "agents": try AgentsBenchmark.run()
        case "hub": try await HubBenchmark.run()
        default: try StartBenchmark.run()
        }
    }

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        let wanted = arguments.filter { !$0.hasPrefix("--") }
        if let unknown = wanted.first(where: { !suites.contains($0) }) {
            Report.complain("unknown suite \(unknown); there are \(suites.joined(separator: ", "))")
            exitProcess(2)
        }
        let figures = await measure(Array(wanted))
        Report.show(figures, json: arguments.contains("--json"))
        exitProcess(figures.contains { $0.reached == false } ? 1 : 0)
    }

    /// Away from the main actor, where an actor call costs microseconds.
    @concurrent private static func measure(_ wanted: [String]) async -> [Figure] {
        var figures: [Figure] = []
        for suite in suites where wanted.isEmpty || wanted.contains(suite) {
            Report.complain("measuring \(suite) …")
            do {
                figures += try await run(suite)
            } catch {
                figures.append(
                    Figure(name: suite, value: .nan, unit: "", goal: .atLeast(0), note: "not measured: \(error)"))
            }
        }
        return figures
    }
}
