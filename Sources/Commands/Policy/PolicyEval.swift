import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyEval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluate a query.",
        discussion: """
            For example: gatehouse policy eval -d policy/ -i request.json data.app.allow
            A query that is undefined prints `{}`. Output and exit codes follow `opa eval`; errors have exit code 2.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case json, pretty, values, bindings, raw, source
    }

    @OptionGroup var sources: PolicySourceOptions
    @OptionGroup var input: PolicyInputOptions
    @OptionGroup var context: PolicyQueryOptions
    @OptionGroup var partial: PolicyPartialOptions
    @Argument(help: "The query: one or more expressions, with semicolons between.") var query: String
    @Option(help: "json, pretty, values, bindings, raw (the bare value), or source (of --partial).")
    var format: Format = .json
    @Flag(help: "The same as --format json.") var json = false
    @Option(help: "Print a trace: notes (what trace() says), fails, full, or debug (full, with variables).")
    var explain: TraceDetailArgument?
    @Flag(help: "Add timings to the JSON.") var metrics = false
    @Flag(help: "Add to the JSON which lines of the policy were reached.") var coverage = false
    @Flag(help: "Exit with 1 when the query is undefined.") var fail = false
    @Flag(help: "Exit with 1 when the query is defined.") var failDefined = false
    @Flag(help: "Errors of builtins end the evaluation.") var strictBuiltinErrors = false
    @Option(help: "Stop after this long: 500ms, 10s.") var timeout = DurationArgument(.seconds(60))

    func validate() throws {
        guard !(fail && failDefined) else { throw ValidationError("give --fail or --fail-defined, not both") }
        guard format != .source || partial.isOn else { throw ValidationError("--format source needs --partial") }
        guard !partial.isOn || (context.isPlain && explain == nil && !coverage && !metrics) else {
            throw ValidationError(
                "--partial is not combined with --package, --import, --explain, --coverage or --metrics")
        }
    }

    func run() async throws {
        let format = json ? .json : format
        let isDefined = try await PolicyProblems.reporting(json: format == .json) {
            try partial.isOn ? evaluatePartially(format) : evaluate(format)
        }
        if fail && !isDefined || failDefined && isDefined { throw ExitStatus.found.code }
    }

    /// Returns whether the query is defined.
    private func evaluate(_ format: Format) throws -> Bool {
        var metrics = QueryMetrics()
        let policy = try sources.load()
        let input = try metrics.measure(.inputParse) { try self.input.read() }
        let compiler = try metrics.measure(.moduleParse) { try policy.compiler(sources.compilerOptions) }
        let query = context.query(query, keepsValues: true)
        let expressions = try compiler.expressions(of: query)
        let watch = PolicyWatch(explain?.detail, coverage)
        let compiled = try compiler.compile([query], isObserved: watch.isNeeded, metrics: &metrics)
        let program = try metrics.measure(.queryCompile) {
            try Program(compiled, builtins: compiler.options.builtins)
        }
        watch.counter?.include(program)
        let prepared = try PreparedQuery(program, entryPoint: query.name)
        let results = try metrics.measure(.queryEvaluation) {
            try prepared.evaluate(input: input, data: policy.data, options: evaluationOptions(watch))
        }
        let answer = PolicyAnswers(expressions, results)
        show(answer, format, watch, metrics)
        return !answer.isEmpty
    }

    func evaluationOptions(_ watch: PolicyWatch) -> EvaluationOptions {
        var options = EvaluationOptions()
        options.isStrict = strictBuiltinErrors
        options.limits.time = timeout.duration
        options.limits.steps = .max / 2
        options.tracer = watch.tracer
        options.coverage = watch.counter
        options.print = { line, _ in Terminal.say(Plain.text(line)) }
        return options
    }

    private func show(_ answers: PolicyAnswers, _ format: Format, _ watch: PolicyWatch, _ measured: QueryMetrics) {
        guard format == .json else {
            if let trace = watch.tracer?.trace {
                for line in trace.lines(withVariables: explain?.detail == .debug) { Terminal.say(Plain.text(line)) }
            }
            return Terminal.data(answers.text(format))
        }
        var object = answers.json
        if metrics { object["metrics"] = measured.json }
        if let trace = watch.tracer?.trace { object["explanation"] = trace.json }
        if let counter = watch.counter { object["coverage"] = counter.coverage.json }
        Terminal.data(JSON.object(object).text(pretty: true) + "\n")
    }
}

/// How much a trace holds, by OPA's names.
struct TraceDetailArgument: ExpressibleByArgument {
    let detail: TraceDetail

    init?(argument: String) {
        guard let detail = TraceDetail(rawValue: argument) else { return nil }
        self.detail = detail
    }

    static var allValueStrings: [String] { TraceDetail.allCases.map(\.rawValue) }
}

/// What looks on during an evaluation.
struct PolicyWatch {
    let tracer: Tracer?
    let counter: CoverageCounter?

    init(_ explain: TraceDetail?, _ coverage: Bool) {
        tracer = explain.map { Tracer($0) }
        counter = coverage ? CoverageCounter() : nil
    }

    var isNeeded: Bool { tracer != nil || counter != nil }
}
