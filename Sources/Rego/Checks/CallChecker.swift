/// Whether functions exist, are given the number of arguments that they take, and are not out of use.
struct CallChecker: SyntaxVisitor {
    let signatures: Signatures
    let source: SourceText
    var refusesDeprecated = false
    var restriction = BuiltinRestriction()
    private(set) var errors: [RegoError] = []

    /// What Rego v1 left behind.
    private static let deprecated: Set<String> = [
        "all", "any", "cast_array", "cast_boolean", "cast_null", "cast_object", "cast_set", "cast_string",
        "net.cidr_overlap", "re_match", "set_diff",
    ]

    init(signatures: Signatures, source: SourceText) {
        self.signatures = signatures
        self.source = source
    }

    mutating func visit(_ expression: Literal) {
        for with in expression.with {
            if let name = with.value.variable, name.hasPrefix("@") {
                check(builtin: String(name.dropFirst()), with.value)
            }
        }
        // A call that is a statement may take one argument more, which receives the result.
        guard case .term(let term) = expression.kind, case .call(let function, let arguments) = term.node,
            signatures.capturesResult(function, arguments)
        else { return visitParts(of: expression) }
        if let name = function.variable { check(builtin: name, term) }
        visit(arguments + expression.with.map(\.value))
    }

    mutating func visit(_ term: Term) {
        guard case .call(let function, let arguments) = term.node else { return visitParts(of: term) }
        if let name = function.variable { check(builtin: name, term) }
        if let problem = problem(function, arguments) {
            errors.append(RegoError(.type, problem, in: source, at: term.place))
        }
        visit(arguments)
    }

    private mutating func check(builtin name: String, _ term: Term) {
        guard let builtin = signatures.builtins[name], !restriction.allows(builtin) else { return }
        errors.append(
            RegoError(
                .type, "unsafe built-in function calls in expression: \(name) is not allowed", in: source,
                at: term.place))
    }

    private func problem(_ function: Term, _ arguments: [Term]) -> String? {
        if refusesDeprecated, let name = function.variable, Self.deprecated.contains(name) {
            return "deprecated built-in function calls in expression: \(name)"
        }
        return signatures.problem(function, arguments)
    }
}
