/// Walks through syntax from the outside in. A visitor says what it does with a term or an expression, and goes on to
/// what that is made of with ``visitParts(of:)-(Term)`` and ``visitParts(of:)-(Literal)``.
protocol SyntaxVisitor {
    mutating func visit(_ term: Term)
    mutating func visit(_ expression: Literal)
}

extension SyntaxVisitor {
    mutating func visit(_ expression: Literal) { visitParts(of: expression) }

    mutating func visit(_ terms: [Term]) { for term in terms { visit(term) } }

    mutating func visit(_ body: [Literal]) { for expression in body { visit(expression) } }

    mutating func visitParts(of term: Term) {
        switch term.node {
        case .null, .bool, .number, .string, .variable: break
        case .reference(let head, let path):
            visit(head)
            visit(path)
        case .array(let terms), .set(let terms): visit(terms)
        case .object(let members): for member in members { visit([member.key, member.value]) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            visit(head)
            visit(body)
        case .objectComprehension(let head, let body):
            visit([head.key, head.value])
            visit(body)
        case .call(let function, let arguments):
            visit(function)
            visit(arguments)
        case .template(let parts):
            for part in parts { if case .expression(let expression) = part { visit(expression) } }
        }
    }

    /// Variables that an expression declares are none of its parts, and neither is what a `with` replaces.
    mutating func visitParts(of expression: Literal) {
        switch expression.kind {
        case .term(let term): visit(term)
        case .some: break
        case .someIn(let key, let value, let collection):
            if let key { visit(key) }
            visit(value)
            visit(collection)
        case .every(_, _, let domain, let body):
            visit(domain)
            visit(body)
        }
        for with in expression.with { visit(with.value) }
    }
}
