/// One partial evaluation of a query.
final class PartialSession {
    let tree: RuleTree
    let signatures: Signatures
    let modules: [Module]
    let sources: [SourceText]
    let options: PartialOptions
    let input: RegoValue?
    let data: RegoValue
    let names = FreshNames()
    let evaluationOptions: EvaluationOptions
    let builtinContext: BuiltinContext

    var mentions: [[String]: Mentions] = [:]
    var contexts: [PartialContext] = []
    var results: [RegoValue: [[RegoValue]]] = [:]
    /// What the result's `support` consists of, by package.
    var supportRules: [(package: [String], rule: Rule)] = []
    private var steps = 0
    private var depth = 0
    private let deadline: ContinuousClock.Instant
    private let disabled: [[String]]

    init(
        _ compilation: Compiler.Compilation, modules: [Module], query: SourceText, input: RegoValue?, data: RegoValue,
        options: PartialOptions, disabled: [[String]]
    ) {
        tree = compilation.tree
        signatures = compilation.signatures
        self.modules = modules
        sources = modules.map(\.source) + [query]
        self.options = options
        self.input = input
        self.data = data
        self.disabled = disabled
        deadline = .now + options.limits.time
        var evaluationOptions = options.evaluation
        evaluationOptions.nowNanoseconds = options.evaluation.makeContext().nowNanoseconds
        evaluationOptions.seed = evaluationOptions.seed ?? UInt64.random(in: 0...UInt64.max)
        self.evaluationOptions = evaluationOptions
        builtinContext = evaluationOptions.makeContext()
    }

    // MARK: Limits

    func charge(_ count: Int = 1) throws(EvaluationError) {
        let before = steps
        steps += count
        guard steps <= options.limits.steps else { throw limit("\(options.limits.steps) steps") }
        guard before >> 8 != steps >> 8 else { return }
        if ContinuousClock.now > deadline { throw limit("\(options.limits.time)") }
        if options.evaluation.isCancelled?() ?? false {
            throw EvaluationError(.cancelled, "the partial evaluation was cancelled")
        }
    }

    func checkBranches(_ count: Int) throws(EvaluationError) {
        guard count <= options.limits.branches else { throw limit("\(options.limits.branches) branches") }
    }

    /// Rules within rules.
    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.limits.depth else { throw limit("\(options.limits.depth) rules within each other") }
        return try body()
    }

    private func limit(_ what: String) -> EvaluationError {
        EvaluationError(.limit, "the partial evaluation was stopped: it takes more than \(what)")
    }

    func unsupported(_ what: String, at place: SourcePlace) -> EvaluationError {
        EvaluationError(.type, "row \(place.row): partial evaluation does not support \(what)")
    }

    func isInlined(_ node: RuleTree) -> Bool {
        !disabled.contains { node.path.starts(with: $0) }
    }

    // MARK: Contexts

    /// - Parameter path: of the rules that support lies beside, `partial` for the query's own surroundings.
    func makeContext(
        unknowns: [[String]], input: RegoValue?, data: RegoValue, modifiers: [Literal.With] = [],
        shadowed: Set<[String]> = [], mocks: Set<String> = []
    ) throws(EvaluationError) -> PartialContext {
        guard contexts.count < options.limits.contexts else { throw limit("\(options.limits.contexts) uses of with") }
        var root = contexts.isEmpty ? "partial" : "partial_\(contexts.count)"
        while tree.children[root] != nil || unknowns.contains(where: { $0.starts(with: ["data", root]) }) {
            root += "_"
        }
        let context = PartialContext(
            unknowns: unknowns, input: input, data: data, modifiers: modifiers, shadowed: shadowed, mocks: mocks,
            root: root)
        contexts.append(context)
        return context
    }
}
