/// Bounds on one partial evaluation. Passing one ends it with ``EvaluationError/Code/limit``.
public struct PartialLimits: Sendable, Hashable {
    /// Ways in which one body may come true, and answers to a query.
    public var branches = 10_000
    /// Expressions and values looked at.
    public var steps = 2_000_000
    /// Rules and functions within each other.
    public var depth = 60
    public var supportRules = 1000
    /// Different surroundings made by `with`.
    public var contexts = 100
    /// From start to end.
    public var time = Duration.seconds(5)

    public init() {}
}

/// How a query is partially evaluated.
public struct PartialOptions: Sendable {
    public var limits = PartialLimits()
    /// For what is known and can be evaluated as always.
    public var evaluation = EvaluationOptions.default
    /// Rules that become support rules rather than be put where they are used: `data.example.allow`, or a package.
    public var disableInlining: [String] = []
    /// Whether builtins such as `time.now_ns` are called now rather than left over.
    public var evaluatesNondeterministic = false

    public init() {}
}

/// What is left of a query once all that is known has been evaluated.
public struct PartialResult: Sendable {
    /// The query holds when one of these does. None: it never does. An empty one: it always does.
    public var queries: [[Literal]]
    /// Rules that the queries use, below `data.partial`.
    public var support: [Module]
    let builtins: BuiltinRegistry
}

extension PartialResult {
    /// `{"queries": […], "support": […]}` as OPA's compile API returns it; a part that is empty is left out.
    public var syntaxTree: RegoValue {
        var tree = RegoObject()
        if !queries.isEmpty {
            tree.updateValue(.array(RegoArray(queries.map(\.syntaxTree))), forKey: "queries")
        }
        if !support.isEmpty {
            tree.updateValue(.array(RegoArray(support.map(\.syntaxTree))), forKey: "support")
        }
        return .object(tree)
    }

    /// Of a query `x := …`: the value that `x` has whatever is unknown. Nil where that depends on it, or where there may be
    /// none.
    public var settledValue: RegoValue? {
        guard support.isEmpty, queries.count == 1, let literal = queries[0].first, queries[0].count == 1,
            !literal.isNegated, literal.with.isEmpty, case .term(let term) = literal.kind,
            case .call(let function, let sides) = term.node, function.variable == "eq", sides.count == 2,
            sides[0].variable != nil
        else { return nil }
        return sides[1].constant
    }

    /// The queries as text, each a body whose expressions are separated by `; `. Of the empty one `true`.
    public var queryTexts: [String] {
        queries.map { query in
            var writer = RegoWriter(signatures)
            writer.write(query)
            return query.isEmpty ? "true" : writer.text
        }
    }

    /// The support modules as text.
    public var supportTexts: [String] {
        support.map { module in
            var writer = RegoWriter(signatures)
            writer.write(module)
            return writer.text
        }
    }

    private var signatures: Signatures {
        var functions: [[String]: Int] = [:]
        for module in support {
            for rule in module.rules {
                guard let arguments = rule.arguments else { continue }
                functions[module.package + RuleCompiler.fixedPath(rule)] = arguments.count
            }
        }
        return Signatures(builtins: builtins, functions: functions)
    }
}
