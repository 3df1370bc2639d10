import Core
import Foundation
import JSON
import Rego

/// Decisions of four role-based policies, with input that is parsed already and with JSON, beside those of regopy;
/// of a policy with many rules; and the time that compiling takes.
///
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
            let query = try prepare(one)
            let parsed = try decisions(one, query)
            costs[one.folder] = parsed.cpu
            let peer = RegoPeer.measure(folder: "\(root)/\(one.folder)", entryPoint: one.entryPoint)
            let name = "Rego: \(one.name), a decision"
            figures.append(Figure(name: name, value: parsed.cpu, unit: "µs", goal: one.goal, note: parsed.wallNote))
            figures.append(peer.figure(name: "Rego: \(one.name), regopy's CPU to ours", ours: parsed))
            if one.folder == "tut" { figures.append(try whatTextAdds(one, query)) }
        }
        if let small = costs["100"], let large = costs["1000"] {
            figures.append(
                Figure(name: "Rego: 1,000 users against 100", value: large / small, unit: "×", goal: .atMost(1.2)))
        }
        return figures + [try manyRules(), try compilation()]
    }

    private static func prepare(_ one: Case) throws -> (query: PreparedQuery, data: RegoValue, inputs: [RegoValue]) {
        var compiler = Compiler()
        try compiler.add(module: try read(one, "policy.rego"), name: "policy.rego")
        let program = try Program(compiler.compile([.entryPoint(one.entryPoint)]))
        let inputs = try RegoValue(parsing: read(one, "inputs.json")).array ?? RegoArray()
        return (
            try PreparedQuery(program, entryPoint: one.entryPoint), try RegoValue(parsing: read(one, "data.json")),
            Array(inputs)
        )
    }

    /// Microseconds a decision with input that is parsed already.
    private static func decisions(
        _ one: Case, _ prepared: (query: PreparedQuery, data: RegoValue, inputs: [RegoValue])
    ) throws -> Spent {
        let inputs = prepared.inputs
        let repetitions = Swift.max(one.decisions / Swift.max(inputs.count, 1), 1)
        let spent = try Spent.median(repetitions: repetitions) {
            for input in inputs { keep(try prepared.query.evaluate(input: input, data: prepared.data)) }
        }
        return spent.microseconds(each: inputs.count)
    }

    private static func whatTextAdds(
        _ one: Case, _ prepared: (query: PreparedQuery, data: RegoValue, inputs: [RegoValue])
    ) throws -> Figure {
        let (query, data, inputs) = prepared
        let texts = inputs.map { $0.json.bytes() }
        let repetitions = Swift.max(one.decisions / Swift.max(inputs.count, 1), 1)
        let spent = try Paired.compare(repetitions: repetitions) {
            for input in inputs { keep(try query.evaluate(input: input, data: data)) }
        } _: {
            for text in texts { keep(try query.evaluate(input: RegoValue(parsing: text), data: data)) }
        }
        let added = (spent.peer - spent.ours) * 1e6 / Double(inputs.count)
        return Figure(name: "Rego: what JSON input adds", value: added, unit: "µs", goal: .atMost(2))
    }

    // MARK: Many rules

    /// A decision by a thousand rules on `input.path` against one by ten.
    private static func manyRules() throws -> Figure {
        func query(_ count: Int) throws -> PreparedQuery {
            var compiler = Compiler()
            let rules = (0..<count).map { "allow if { input.path == \"/x/\($0)\"; input.method == \"GET\" }" }
            try compiler.add(module: "package many\n" + rules.joined(separator: "\n"), name: "many.rego")
            return try PreparedQuery(Program(compiler.compile([.entryPoint("many/allow")])), entryPoint: "many/allow")
        }
        let (few, many) = (try query(10), try query(1000))
        let input: RegoValue = ["path": "/x/7", "method": "GET"]
        let last: RegoValue = ["path": "/x/997", "method": "GET"]
        let spent = try Paired.compare(repetitions: 20_000) {
            keep(try few.evaluate(input: input, data: [:]))
        } _: {
            keep(try many.evaluate(input: last, data: [:]))
        }
        return Figure(
            name: "Rego: 1,000 rules on input.path against 10", value: spent.peer / spent.ours, unit: "×",
            goal: .atMost(1.5), note: "\(Figure.text(spent.peer * 1e6)) µs")
    }

    // MARK: Compiling

    /// All that is done with a folder of policies before the first decision; their tests are not part of it.
    private static func compilation() throws -> Figure {
        let folder = "Sources/Gate/Resources/Policy"
        let name = "Rego: compile \(folder)"
        let files = (FileManager.default.subpaths(atPath: folder) ?? []).filter {
            $0.hasSuffix(".rego") && !$0.hasSuffix("_test.rego")
        }.sorted()
        guard !files.isEmpty else {
            return Figure(name: name, value: .nan, unit: "", note: "not measured: there are no policies in the folder")
        }
        let modules = files.compactMap { file in
            FileManager.default.contents(atPath: "\(folder)/\(file)").map { (file, [UInt8]($0)) }
        }
        let spent = try Spent.median(repetitions: 3) {
            var compiler = Compiler()
            for (file, bytes) in modules { try compiler.add(module: bytes, name: file) }
            try compiler.check()
            keep(try Program(compiler.compile([Compiler.Query(name: "all", text: "x = data")])))
        }
        let bytes = modules.reduce(0) { $0 + $1.1.count }
        return Figure(
            name: name, value: spent.cpu * 1e3, unit: "ms", goal: .atMost(20),
            note: "\(modules.count) modules, \(bytes) bytes; wall \(Figure.text(spent.wall * 1e3)) ms")
    }

    private static var root: String {
        ProcessInfo.processInfo.environment["GATEHOUSE_REGO_BENCH"] ?? "../shared/data/rego/bench"
    }

    private static func read(_ one: Case, _ name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(one.folder)/\(name)") else {
            throw GatehouseError(
                "benchmarks", .notFound, "\(root)/\(one.folder)/\(name) is not there",
                hint: "name its folder in GATEHOUSE_REGO_BENCH")
        }
        return [UInt8](data)
    }
}
