@testable import Rego

/// The places of rules and expressions by the syntax alone: what coverage must know of.
struct CoverableLines {
    private(set) var places: Set<SourcePlace> = []

    init(_ module: Module) {
        for rule in module.rules {
            for branch in [rule] + rule.otherwise {
                places.insert(branch.place)
                for term in branch.path + (branch.arguments ?? []) { visit(term) }
                if let element = branch.element { visit(element) }
                if let value = branch.value { visit(value) }
                visit(branch.body)
            }
        }
    }

    private mutating func visit(_ body: [Literal]) {
        for expression in body { visit(expression) }
    }

    private mutating func visit(_ expression: Literal) {
        switch expression.kind {
        case .some: return
        case .someIn(let key, let value, let collection): for term in [key, value, collection] { visit(term) }
        case .every(_, _, let domain, let body):
            visit(domain)
            visit(body)
        case .term(let term):
            if case .call(let function, _) = term.node, function.variable == "print" { return }
            visit(term)
        }
        places.insert(expression.place)
        for with in expression.with { visit(with.value) }
    }

    private mutating func visit(_ term: Term?) {
        switch term?.node {
        case .null, .bool, .number, .string, .variable, nil: break
        case .reference(let head, let path): for term in [head] + path { visit(term) }
        case .array(let terms), .set(let terms): for term in terms { visit(term) }
        case .object(let members): for member in members { for term in [member.key, member.value] { visit(term) } }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            visit(head)
            visit(body)
        case .objectComprehension(let head, let body):
            for term in [head.key, head.value] { visit(term) }
            visit(body)
        case .call(let function, let arguments): for term in [function] + arguments { visit(term) }
        case .template(let parts):
            for part in parts {
                if case .expression(let part) = part, case .term(let term) = part.kind { visit(term) }
            }
        }
    }
}
