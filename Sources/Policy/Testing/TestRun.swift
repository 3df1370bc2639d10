internal import Core
internal import Rego
internal import Synchronization

/// One run of tests. Any number of them may be evaluated at once.
struct TestRun: Sendable {
    private let options: PolicyTests.Options
    private let data: RegoValue
    private let program: Program
    /// Tells what happens in an evaluation; compiled when first needed.
    private let observed: ObservedProgram
    private let counter: CoverageCounter?

    init(
        _ compiler: Compiler, _ tests: [PolicyTest], _ data: RegoValue, _ options: PolicyTests.Options
    ) throws {
        self.options = options
        self.data = data
        let queries = tests.filter { !$0.isSkipped }.map(\.query)
        observed = ObservedProgram(compiler, queries)
        if options.countsCoverage {
            program = try observed.program()
            let counter = CoverageCounter()
            counter.include(program)
            self.counter = counter
        } else {
            program = try Program(compiler.compile(queries), builtins: compiler.options.builtins)
            counter = nil
        }
    }

    /// Of the modules that are policy rather than tests.
    var coverage: Coverage? { counter?.coverage.limited { !Self.isTestFile($0) } }

    /// `app_test.rego`, and `test.rego` by itself.
    private static func isTestFile(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix("_test.rego") || name == "test.rego"
    }

    /// - Throws: `CancellationError`.
    func result(of test: PolicyTest) throws -> PolicyTestResult {
        try Task.checkCancellation()
        var result = PolicyTestResult(test: test, outcome: .skipped)
        guard !test.isSkipped else { return result }
        let hasCases = !test.caseKeys.isEmpty
        let tracer = hasCases ? Tracer(.full, limits: Self.limits) : nil
        let output = Mutex<[String]>([])
        let start = ContinuousClock.now
        do throws(EvaluationError) {
            let query = try prepare(test, isTraced: hasCases)
            let value = try evaluate(query, tracer, counter) { line in output.withLock { $0.append(line) } }
            result.duration = .now - start
            judge(value, tracer?.trace, &result)
        } catch {
            result.duration = .now - start
            if error.code == .cancelled { throw CancellationError() }
            result.outcome = .error(error)
        }
        result.output = output.withLock { $0 }
        if result.hasFailed { explain(&result) }
        return result
    }

    private static var limits: TraceLimits {
        var limits = TraceLimits()
        limits.valueSize = 64 << 10
        return limits
    }

    private func prepare(_ test: PolicyTest, isTraced: Bool) throws(EvaluationError) -> PreparedQuery {
        do {
            return try PreparedQuery(isTraced ? observed.program() : program, entryPoint: test.query.name)
        } catch { throw EvaluationError(.internal, "\(error)") }
    }

    private func evaluate(
        _ query: PreparedQuery, _ tracer: Tracer?, _ counter: CoverageCounter?,
        _ hear: @escaping @Sendable (String) -> Void
    ) throws(EvaluationError) -> RegoValue? {
        var options = EvaluationOptions()
        options.limits.time = self.options.timeout
        options.limits.steps = .max / 2
        options.tracer = tracer
        options.coverage = counter
        options.isCancelled = { Task.isCancelled }
        options.print = { line, _ in hear(line) }
        return try query.evaluate(input: nil, data: data, options: options).value
    }

    private func judge(_ value: RegoValue?, _ trace: Trace?, _ result: inout PolicyTestResult) {
        let test = result.test
        guard let value else {
            result.outcome = .failed
            return
        }
        guard let trace else {
            let isEmptySet = test.isSet && value.set?.isEmpty == true
            result.outcome = value == .bool(false) || isEmptySet ? .failed : .passed
            return
        }
        result.cases = TestCases(test, value: value, trace: trace).cases
        let isGood = !result.cases.isEmpty && result.cases.allSatisfy(\.hasPassed)
        result.outcome = isGood ? .passed : .failed
    }

    /// Runs a test that did not pass once more to see where it ended.
    private func explain(_ result: inout PolicyTestResult) {
        let tracer = Tracer(options.trace ?? .fails)
        guard let query = try? prepare(result.test, isTraced: true) else { return }
        _ = try? evaluate(query, tracer, nil) { _ in }
        let trace = tracer.trace
        if result.outcome == .failed { result.failure = PolicyTestResult.Failure(result.test, in: trace) }
        if options.trace != nil { result.trace = trace }
    }
}

/// Two callers at once may both compile; one of the programs is kept then.
private final class ObservedProgram: Sendable {
    private let compiler: Compiler
    private let queries: [Compiler.Query]
    private let kept = Mutex<Program?>(nil)

    init(_ compiler: Compiler, _ queries: [Compiler.Query]) {
        self.compiler = compiler
        self.queries = queries
    }

    func program() throws -> Program {
        if let program = kept.withLock({ $0 }) { return program }
        let policy = try compiler.compile(queries, isObserved: true)
        let program = try Program(policy, builtins: compiler.options.builtins)
        return kept.withLock { kept in
            if let kept { return kept }
            kept = program
            return program
        }
    }
}
