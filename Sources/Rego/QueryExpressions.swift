extension Compiler {
    /// An expression of a query, as `opa eval` shows it.
    public struct QueryExpression: Sendable, Hashable {
        /// As spelled.
        public var text: String
        /// From 1.
        public var row: Int
        public var column: Int
        /// The variable that has its value where ``Query/keepsValues`` asks for that. Nil where the value is just true:
        /// for `x := 1` and `some x in xs`.
        public var variable: String?
    }

    /// The expressions of a query, in order.
    ///
    /// - Throws: `rego_parse_error`.
    public func expressions(of query: Query) throws(RegoErrors) -> [QueryExpression] {
        let source = SourceText(name: "<query>", bytes: Array(query.text.utf8))
        let literals: [Literal]
        do throws(RegoError) {
            literals = try Parser.query(source, version: options.version, limits: options.limits)
        } catch { throw RegoErrors([error]) }
        return literals.enumerated().map { at, literal in
            QueryExpression(
                text: literal.origin.map { source.text($0) } ?? query.text, row: Int(literal.place.row),
                column: Int(literal.place.column), variable: value(of: literal) == nil ? nil : Query.variable(at))
        }
    }

    func keepingValues(_ literals: [Literal]) -> [Literal] {
        literals.enumerated().map { at, literal in
            guard let term = value(of: literal) else { return literal }
            var kept = literal
            let variable = Term(.variable(Query.variable(at)), at: term.place)
            kept.kind = .term(.call("eq", [variable, term], at: term.place))
            return kept
        }
    }

    /// The term of an expression that has a value of its own: neither a declaration nor a call that unifies its result.
    private func value(of literal: Literal) -> Term? {
        guard !literal.isNegated, case .term(let term) = literal.kind else { return nil }
        guard case .call(let function, let arguments) = term.node else { return term }
        let name = function.dottedName
        if name == ["eq"] || name == ["assign"] { return nil }
        if let declaration = options.builtins[name.joined(separator: ".")]?.declaration {
            let fits = declaration.isVariadic || arguments.count <= declaration.arguments.count
            return declaration.result != nil && fits ? term : nil
        }
        let isUnifying = modules.contains { module in
            module.rules.contains { rule in
                guard let arity = rule.arguments?.count, arguments.count == arity + 1 else { return false }
                return name.last == rule.head.dottedName.last
            }
        }
        return isUnifying ? nil : term
    }
}

extension Compiler.Query {
    /// Names a variable that no query can spell.
    fileprivate static func variable(_ at: Int) -> String { "value \(at)" }

    /// Whether a variable of an answer is one of ``Compiler/QueryExpression/variable``.
    public static func isValue(_ variable: String) -> Bool { variable.hasPrefix("value ") }
}

extension Term {
    /// `data.app.f` by its steps; what is no name is left out.
    fileprivate var dottedName: [String] {
        switch node {
        case .variable(let name): [name]
        case .reference(let head, let steps): head.dottedName + steps.compactMap(\.string)
        default: []
        }
    }
}
