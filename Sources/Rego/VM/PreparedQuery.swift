public import Core

/// One entry point of a program, to be evaluated many times, from any number of threads at once.
public struct PreparedQuery: Sendable {
    let program: Program
    let plan: Program.Function

    /// - Throws: `not_found` when the program has no such entry point.
    public init(_ program: Program, entryPoint: String) throws(GatehouseError) {
        guard let plan = program.plans[entryPoint] else {
            let nearest = Suggestion.nearest(to: entryPoint, among: program.entryPoints)
            throw GatehouseError(
                "rego", .notFound, "the policy has no entry point \(entryPoint)",
                hint: nearest.map { "Did you mean \($0)?" }
                    ?? "There are: \(program.entryPoints.joined(separator: ", ")).")
        }
        self.program = program
        self.plan = plan
    }

    /// Whether policy may ask servers here, so that an evaluation may make its thread wait.
    public var sendsRequests: Bool { program.sendsRequests }

    /// - Parameter input: nil leaves `input` undefined.
    /// - Returns: the distinct answers; none when the query is undefined.
    public func evaluate(
        input: RegoValue?, data: RegoValue, options: EvaluationOptions = .default
    ) throws(EvaluationError) -> ResultSet {
        if options.isObserved { return try observe(input, data, options) }
        var machine = Machine(program, options)
        return ResultSet(values: try machine.evaluate(plan, input: input, data: data))
    }

    @inline(never)
    private func observe(
        _ input: RegoValue?, _ data: RegoValue, _ options: EvaluationOptions
    ) throws(EvaluationError) -> ResultSet {
        let observation = Observation(program, options)
        var machine = Machine(program, options)
        machine.observation = observation
        do throws(EvaluationError) {
            let results = ResultSet(values: try machine.evaluate(plan, input: input, data: data))
            observation.finish()
            return results
        } catch {
            observation.finish(error)
            throw error
        }
    }
}

/// The answers to a query: for OPA's plans, objects of the query's variables.
public struct ResultSet: Sendable, Hashable {
    public var values: RegoSet

    /// The value of the only answer, or of its only variable: what a rule's entry point gives.
    public var value: RegoValue? {
        guard values.count == 1, let answer = values.first else { return nil }
        guard let object = answer.object, object.count == 1 else { return answer }
        return object.first?.value
    }
}

public struct EvaluationOptions: Sendable {
    /// Whether an error of a builtin ends the evaluation.
    public var isStrict = false
    /// What `time.now_ns` gives; nil for the clock.
    public var nowNanoseconds: Int?
    /// Nil for another one each time.
    public var seed: UInt64?
    public var limits = EvaluationLimits.default
    public var runtime: RegoValue = .object(RegoObject())
    /// What `http.send` sends with; nil turns it off. It makes the calling thread wait.
    public var http: (any HTTPSender)?
    /// Whether rules are passed over whose equations with parts of their arguments cannot hold. The answers are the
    /// same without, but more of the policy is run. Nothing is passed over where errors of builtins are strict.
    public var usesIndex = true
    /// Asked every few thousand steps.
    public var isCancelled: (@Sendable () -> Bool)?
    public var print: (@Sendable (_ line: String, _ place: String?) -> Void)?
    /// Sees the evaluation of an observed program, of others only what `trace()` says.
    public var tracer: Tracer?
    /// Counts what an observed program reaches.
    public var coverage: CoverageCounter?

    public init() {}

    public static let `default` = EvaluationOptions()

    /// Whether anybody watches.
    var isObserved: Bool { tracer != nil || coverage != nil }

    func makeContext() -> BuiltinContext {
        BuiltinContext(
            isStrict: isStrict, nowNanoseconds: nowNanoseconds, seed: seed, limits: limits, runtime: runtime,
            http: http, isCancelled: isCancelled ?? { false }, print: print)
    }
}
