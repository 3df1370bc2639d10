import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how long a query takes to evaluate.",
        discussion: """
            Policy is compiled and input is parsed once, before; what is measured is the evaluation. CPU time is that of the evaluating \
            thread. With --fail-above the exit code is 1 when the mean CPU time is greater.
            """)

    @OptionGroup var sources: PolicySourceOptions
    @OptionGroup var input: PolicyInputOptions
    @OptionGroup var context: PolicyQueryOptions
    @Argument(help: "The query.") var query: String
    @Option(
        help: ArgumentHelp(
            "Evaluations that are measured; as many as fit into a second when not given.", valueName: "n"))
    var count: Int?
    @Option(help: ArgumentHelp("Evaluations before.", valueName: "n")) var warmUp = 100
    @Option(help: ArgumentHelp("The most CPU time that one evaluation may take: 15us.", valueName: "time"))
    var failAbove: DurationArgument?
    @Flag(help: "Print a JSON object.") var json = false

    private static let mostSamples = 1_000_000

    func validate() throws {
        if let count, !(1...Self.mostSamples).contains(count) {
            throw ValidationError("--count is from 1 to \(Self.mostSamples)")
        }
        guard (0...Self.mostSamples).contains(warmUp) else {
            throw ValidationError("--warm-up is from 0 to \(Self.mostSamples)")
        }
    }

    func run() async throws {
        let measured = try await PolicyProblems.reporting(json: json) { try measure() }
        if json {
            Terminal.data(measured.json(query).text(pretty: true) + "\n")
        } else {
            Terminal.data(measured.text)
        }
        guard let failAbove, measured.cpu > DurationArgument.nanoseconds(failAbove.duration) else { return }
        Terminal.say("more than \(DurationArgument.text(failAbove.duration)) of CPU time an evaluation")
        throw ExitStatus.found.code
    }

    private func measure() throws -> PolicyMeasurement {
        let policy = try sources.load()
        let input = try self.input.read()
        let compiler = try policy.compiler(sources.compilerOptions)
        let query = context.query(query)
        let start = ContinuousClock.now
        let program = try Program(compiler.compile([query]), builtins: compiler.options.builtins)
        let compilation = DurationArgument.nanoseconds(.now - start)
        let prepared = try PreparedQuery(program, entryPoint: query.name)
        func evaluate() throws -> ResultSet { try prepared.evaluate(input: input, data: policy.data) }
        let answers = try evaluate().values.count
        for _ in 0..<warmUp { _ = try evaluate() }
        var samples: [Double] = []
        samples.reserveCapacity(count ?? 100_000)
        let cpuBefore = ThreadClock.nanoseconds
        let end = ContinuousClock.now + .seconds(1)
        var last = ContinuousClock.now
        while samples.count < count ?? Self.mostSamples {
            _ = try evaluate()
            let now = ContinuousClock.now
            samples.append(DurationArgument.nanoseconds(now - last))
            last = now
            if count == nil, now >= end { break }
        }
        let cpu = (ThreadClock.nanoseconds - cpuBefore) / Double(samples.count)
        return PolicyMeasurement(samples: samples.sorted(), cpu: cpu, compilation: compilation, answers: answers)
    }
}

/// What a benchmark found, in nanoseconds.
struct PolicyMeasurement {
    /// Wall time of each evaluation, ascending. Never empty.
    var samples: [Double]
    /// The mean of CPU time.
    var cpu: Double
    var compilation: Double
    /// What the query gives.
    var answers: Int

    private static let percentiles: [(name: String, share: Double)] = [
        ("min", 0), ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("max", 1),
    ]

    private func percentile(_ share: Double) -> Double {
        samples[min(samples.count - 1, Int(share * Double(samples.count)))]
    }

    private var mean: Double { samples.reduce(0, +) / Double(samples.count) }

    var text: String {
        func row(_ name: String, _ value: Double) -> [String] { [name, DurationArgument.text(nanoseconds: value)] }
        let wall = [("mean", mean)] + Self.percentiles.map { ($0.name, percentile($0.share)) }
        let rows =
            [["evaluations", "\(samples.count)"], ["answers", "\(answers)"], row("compilation", compilation)]
            + [row("cpu mean", cpu)] + wall.map { row("wall \($0.0)", $0.1) }
        return Table(columns: ["MEASURE", "VALUE"], rows: rows).text
    }

    /// `{"query": "data.app.allow", "evaluations": 90000, "answers": 1, "compile_ns": 210000, "cpu_ns": 2900,
    /// "wall_ns": {"mean": 2950, "min": …, "p50": …, "p90": …, "p95": …, "p99": …, "max": …}}`
    func json(_ query: String) -> JSON {
        var wall: JSONObject = ["mean": JSON(Int(mean))]
        for (name, share) in Self.percentiles { wall[name] = JSON(Int(percentile(share))) }
        return [
            "query": .string(query), "evaluations": JSON(samples.count), "answers": JSON(answers),
            "compile_ns": JSON(Int(compilation)), "cpu_ns": JSON(Int(cpu)), "wall_ns": .object(wall),
        ]
    }
}
