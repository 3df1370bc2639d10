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

    /// A lone expression without iteration may be false, as `1 == 2` is; of several, each must hold as in a rule's body.
    func keepingValues(_ literals: [Literal]) -> [Literal] {
        let mustHold = literals.count > 1 || literals.contains { isIterating($0) }
        var kept = literals
        for (at, literal) in literals.enumerated() {
            guard let term = value(of: literal) else { continue }
            let variable = Term(.variable(Query.variable(at)), at: term.place)
            kept[at].kind = .term(.call("eq", [variable, term], at: term.place))
            if mustHold { kept.append(Literal(variable)) }
        }
        return kept
    }

    private func isIterating(_ literal: Literal) -> Bool {
        guard case .term(let term) = literal.kind else { return true }
        return isIterating(term)
    }

    /// Whether a term has several values: `data.xs[i]`, `walk(x)`. What is within a comprehension does not count.
    private func isIterating(_ term: Term) -> Bool {
        switch term.node {
        case .reference(let head, let steps):
            return isIterating(head) || steps.contains { $0.variable != nil || isIterating($0) }
        case .call(let function, let arguments):
            let builtin = options.builtins[function.dottedName.joined(separator: ".")]
            return builtin?.declaration.isRelation == true || arguments.contains { isIterating($0) }
        case .array(let terms), .set(let terms): return terms.contains { isIterating($0) }
        case .object(let members): return members.contains { isIterating($0.key) || isIterating($0.value) }
        default: return false
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
