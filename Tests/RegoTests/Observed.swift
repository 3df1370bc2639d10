import Rego

/// Policies that are compiled to be observed.
enum Observed {
    static func query(_ module: String, _ query: String, file: String = "app.rego") throws -> PreparedQuery {
        var compiler = Compiler()
        try compiler.add(module: module, name: file)
        let policy = try compiler.compile([Compiler.Query(name: "q", text: query)], isObserved: true)
        return try PreparedQuery(Program(policy), entryPoint: "q")
    }

    static func trace(
        _ module: String, _ query: String, input: RegoValue = [:], data: RegoValue = [:],
        detail: TraceDetail = .full, limits: TraceLimits = TraceLimits(), evaluation: EvaluationLimits = .default
    ) throws -> Trace {
        let tracer = Tracer(detail, limits: limits)
        var options = EvaluationOptions()
        options.tracer = tracer
        options.limits = evaluation
        do {
            _ = try self.query(module, query).evaluate(input: input, data: data, options: options)
        } catch is EvaluationError {}
        return tracer.trace
    }

    static func coverage(
        _ module: String, _ query: String, inputs: [RegoValue], file: String = "app.rego"
    ) throws -> Coverage {
        let counter = CoverageCounter()
        var options = EvaluationOptions()
        options.coverage = counter
        let query = try self.query(module, query, file: file)
        for input in inputs { _ = try query.evaluate(input: input, data: [:], options: options) }
        return counter.coverage
    }
}
