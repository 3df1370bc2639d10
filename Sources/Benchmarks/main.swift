import Core
import JSON

/// `benchmarks [SUITE …] [--json]`: every suite when none is named.
let suites: [(name: String, run: @Sendable () async throws -> [Figure])] = [
    ("json", JSONBenchmark.run),
    ("ledger", LedgerBenchmark.run),
    ("gate", GateBenchmark.run),
    ("assess", AssessBenchmark.run),
    ("start", StartBenchmark.run),
]

let arguments = CommandLine.arguments.dropFirst()
let wanted = arguments.filter { !$0.hasPrefix("--") }
let unknown = wanted.filter { name in !suites.contains { $0.name == name } }
guard unknown.isEmpty else {
    Report.complain("unknown suite \(unknown.joined(separator: ", ")); there are \(suites.map(\.name).joined(separator: ", "))")
    exitProcess(2)
}

var figures: [Figure] = []
for suite in suites where wanted.isEmpty || wanted.contains(suite.name) {
    Report.complain("measuring \(suite.name) …")
    do { figures += try await detached(suite.run) } catch {
        Report.complain("\(suite.name) could not be measured: \(error)")
        figures.append(Figure(name: suite.name, value: .nan, unit: "", goal: .atLeast(0), note: "\(error)"))
    }
}
Report.show(figures, json: arguments.contains("--json"))
exitProcess(figures.contains { $0.reached == false } ? 1 : 0)
