import Core
import Foundation
import JSON
import Rego

/// Decisions of four role-based policies, with input that is parsed already and with JSON.
/// `GATEHOUSE_REGO_BENCH` names the folder with a folder for each: `policy.rego`, `data.json`, `inputs.json`.
enum RegoBenchmark {
    private struct Case {
        var folder: String
        var name: String
        var entryPoint: String
        /// µs of CPU a decision.
        var goal: Figure.Goal
        var decisions: Int
    }

    private static let cases = [
        Case(folder: "tut", name: "RBAC tutorial", entryPoint: "rbac/authz/allow", goal: .atMost(3), decisions: 40_000),
        Case(
            folder: "perf", name: "OPA's documentation on performance", entryPoint: "rbac/allow", goal: .atMost(10),
            decisions: 20_000),
        Case(
            folder: "100", name: "100 users, 20 roles", entryPoint: "rbac/authz/allow", goal: .atMost(15),
            decisions: 10_000),
        Case(
            folder: "1000", name: "1,000 users, 100 roles", entryPoint: "rbac/authz/allow", goal: .none,
            decisions: 10_000),
    ]

    static func run() throws -> [Figure] {
        var figures: [Figure] = []
        var costs: [String: Double] = [:]
        for one in cases {
            let (parsed, text) = try measure(one)
            costs[one.folder] = parsed
            figures.append(Figure(name: "Rego: \(one.name), a decision", value: parsed, unit: "µs", goal: one.goal))
            if one.folder == "tut" {
                figures.append(
                    Figure(name: "Rego: what JSON input adds", value: text - parsed, unit: "µs", goal: .atMost(2)))
            }
        }
        if let small = costs["100"], let large = costs["1000"] {
            figures.append(
                Figure(name: "Rego: 1,000 users against 100", value: large / small, unit: "×", goal: .atMost(1.2)))
        }
        return figures
    }

    /// Microseconds of CPU a decision, medians over the rounds.
    private static func measure(_ one: Case) throws -> (parsed: Double, text: Double) {
        var compiler = Compiler()
        try compiler.add(module: try read(one, "policy.rego"), name: "policy.rego")
        let program = try Program(compiler.compile([.entryPoint(one.entryPoint)]))
        let query = try PreparedQuery(program, entryPoint: one.entryPoint)
        let data = try RegoValue(parsing: read(one, "data.json"))
        let list = try RegoValue(parsing: read(one, "inputs.json")).array ?? RegoArray()
        let inputs = Array(list)
        let texts = inputs.map { $0.json.bytes() }
        let repetitions = Swift.max(one.decisions / Swift.max(inputs.count, 1), 1)
        let spent = try Paired.compare(repetitions: repetitions) {
            for input in inputs { keep(try query.evaluate(input: input, data: data)) }
        } _: {
            for text in texts { keep(try query.evaluate(input: RegoValue(parsing: text), data: data)) }
        }
        return (spent.ours * 1e6 / Double(inputs.count), spent.peer * 1e6 / Double(inputs.count))
    }

    private static func read(_ one: Case, _ name: String) throws -> [UInt8] {
        let root = ProcessInfo.processInfo.environment["GATEHOUSE_REGO_BENCH"] ?? "../shared/data/rego/bench"
        guard let data = FileManager.default.contents(atPath: "\(root)/\(one.folder)/\(name)") else {
            throw GatehouseError(
                "benchmarks", .notFound, "\(root)/\(one.folder)/\(name) is not there",
                hint: "name its folder in GATEHOUSE_REGO_BENCH")
        }
        return [UInt8](data)
    }
}
