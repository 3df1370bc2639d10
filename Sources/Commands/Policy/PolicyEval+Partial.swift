import JSON
import Rego

extension PolicyEval {
    /// Prints what is left of the query. Returns whether anything is.
    func evaluatePartially(_ format: Format) throws -> Bool {
        let policy = try sources.load()
        let evaluator = PartialEvaluator(try policy.compiler(sources.compilerOptions))
        var options = PartialOptions()
        options.evaluation = evaluationOptions(PolicyWatch(nil, false))
        options.limits.time = timeout.duration
        options.disableInlining = partial.disableInlining
        let result = try evaluator.evaluate(
            query: query, unknowns: partial.unknownPaths, input: try input.read(), data: policy.data, options: options)
        switch format {
        case .json: Terminal.data((["partial": result.syntaxTree.json] as JSON).text(pretty: true) + "\n")
        case .pretty, .values, .bindings, .raw, .source: Terminal.data(Self.source(result))
        }
        return !result.queries.isEmpty
    }

    private static func source(_ result: PartialResult) -> String {
        func numbered(_ name: String, _ texts: [String]) -> [String] {
            texts.enumerated().map { "# \(name) \($0 + 1)\n\($1)\n" }
        }
        let parts = numbered("Query", result.queryTexts) + numbered("Module", result.supportTexts)
        return parts.isEmpty ? "# never\n" : parts.joined(separator: "\n")
    }
}
