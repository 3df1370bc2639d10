/// Whether functions exist, are given the number of arguments that they take, and are not out of use.
struct CallChecker {
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

    mutating func check(_ body: [Literal]) {
        for expression in body {
            for with in expression.with {
                if let name = with.value.variable, name.hasPrefix("@") {
                    check(builtin: String(name.dropFirst()), with.value)
                }
                check(with.value)
            }
            switch expression.kind {
            case .some, .someIn: break
            case .every(_, _, let domain, let body):
                check(domain)
                check(body)
            case .term(let term): check(statement: term)
            }
        }
    }

    /// A call that is a statement may take one argument more, which receives the result.
    private mutating func check(statement term: Term) {
        guard case .call(let function, let arguments) = term.node else { return check(term) }
        if signatures.capturesResult(function, arguments) {
            if let name = function.variable { check(builtin: name, term) }
            for argument in arguments { check(argument) }
        } else {
            check(term)
        }
    }

    mutating func check(_ term: Term) {
        switch term.node {
        case .null, .bool, .number, .string, .variable, .template: break
        case .reference(let head, let path):
            check(head)
            for step in path { check(step) }
        case .array(let terms), .set(let terms): for term in terms { check(term) }
        case .object(let members):
            for member in members {
                check(member.key)
                check(member.value)
            }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            check(head)
            check(body)
        case .objectComprehension(let head, let body):
            check(head.key)
            check(head.value)
            check(body)
        case .call(let function, let arguments):
            if let name = function.variable { check(builtin: name, term) }
            if let problem = problem(function, arguments) {
                errors.append(RegoError(.type, problem, in: source, at: term.place))
            }
            for argument in arguments { check(argument) }
        }
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
