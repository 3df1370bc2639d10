internal import Core

/// Evaluates queries as far as it can be done without knowing all documents.
///
/// What is left means the same: for any value of what is unknown, one of the queries of the result gives an answer
/// exactly when the query does. They are to be evaluated with the whole of `input`, and of documents of which a part
/// was unknown.
public struct PartialEvaluator: Sendable {
    private let compiler: Compiler

    public init(_ compiler: Compiler) { self.compiler = compiler }

    /// - Parameters:
    ///   - query: a body, such as `data.example.allow == true`.
    ///   - unknowns: references of names from `input` or `data` on: `input`, `data.reports`.
    ///   - input: nil leaves it undefined, as far as it is not unknown.
    ///   - data: what lies at and below unknown paths does not count.
    /// - Throws: `RegoErrors` of modules and query; `EvaluationError`, with code `limit` when it takes too much and
    ///   `type` where something cannot be partially evaluated; `GatehouseError` for an unknown that is no path.
    public func evaluate(
        query: String, unknowns: [String] = ["input"], input: RegoValue? = nil, data: RegoValue = [:],
        options: PartialOptions = PartialOptions()
    ) throws -> PartialResult {
        try compiler.check()
        let source = SourceText(name: "<query>", bytes: Array(query.utf8))
        let compilation = try compiler.compilation()
        let (body, variables) = try compiler.compiled(
            compiler.parse(query: source), of: Compiler.Query(name: "", text: query), source,
            file: compiler.modules.count, compilation)
        let session = PartialSession(
            compilation, modules: compiler.modules, query: source, input: input, data: data, options: options,
            disabled: try options.disableInlining.map { Array(try path($0).dropFirst()) })
        let context = try session.makeContext(unknowns: try unknowns.map(path), input: input, data: data)
        let queries = try session.queries(body, variables, context)
        return PartialResult(queries: queries, support: session.support, builtins: compiler.options.builtins)
    }

    private func path(_ text: String) throws -> [String] {
        let source = SourceText(name: "", bytes: Array(text.utf8))
        guard let term = try? Parser.term(source), let path = Resolver.dotted(term),
            VariableVisitor.roots.contains(path[0])
        else {
            throw GatehouseError(
                "rego", .invalid, "\(text) is no path from input or data",
                hint: "Name a document: input, input.resource or data.reports.")
        }
        return path
    }
}

extension PartialSession {
    /// What is left of a query, under the names that its variables have.
    func queries(
        _ body: [Literal], _ variables: [(name: String, spelled: String)], _ context: PartialContext
    ) throws -> [[Literal]] {
        var queries: [[Literal]] = []
        var seen: Set<String> = []
        for branch in try evaluate(body, PartialBranch(), context) {
            let kept = Set(variables.flatMap { branch.value(of: .variable($0.name)).variables })
            guard let residue = try residue(of: branch, keeping: kept) else { continue }
            let query = named(residue, branch, variables)
            // Nothing can be added to what always holds.
            if query.isEmpty { return [[]] }
            if seen.insert(query.map { RegoWriter.text(of: $0) }.joined(separator: "; ")).inserted {
                queries.append(query)
            }
        }
        return queries
    }

    private func named(
        _ residue: [Literal], _ branch: PartialBranch, _ variables: [(name: String, spelled: String)]
    ) -> [Literal] {
        var spelled: [String: String] = [:]
        var equations: [Literal] = []
        for (name, text) in variables {
            let value = branch.value(of: .variable(name))
            if let other = value.variable, spelled[other] == nil {
                spelled[other] = text
                continue
            }
            let own = names.next()
            spelled[own] = text
            equations.append(
                Literal(Term.equation(Term(.variable(own), at: .start), value.term(at: .start), at: .start)))
        }
        var names = ResidueNames(taken: takenNames.union(variables.map(\.spelled)), spelled: spelled)
        return names.map(residue + equations)
    }

    /// The support rules by package, in the order in which they came to be needed.
    var support: [Module] {
        var packages: [[String]] = []
        var rules: [[String]: [Rule]] = [:]
        let taken = takenNames
        for (package, rule) in supportRules {
            if rules[package] == nil { packages.append(package) }
            var names = ResidueNames(taken: taken)
            rules[package, default: []].append(names.map(rule))
        }
        return packages.map { package in
            Module(
                package: package, packagePlace: .start, imports: [], rules: rules[package] ?? [], annotations: [],
                isV1: true, source: SourceText(name: package.joined(separator: "/") + ".rego", bytes: []))
        }
    }

    /// Names of rules and builtins, which would not be variables, and words of the language.
    private var takenNames: Set<String> {
        var taken = Parser.reserved.union(Parser.laterKeywords)
        for (_, rule) in supportRules { taken.insert(rule.name) }
        for name in signatures.builtins.names { taken.insert(String(name.prefix { $0 != "." })) }
        return taken
    }
}
