/// Finds the variables of terms and expressions.
struct VariableVisitor {
    /// Those outside of closures, in order of appearance.
    private(set) var plain: [String] = []
    private var plainSet: Set<String> = []
    /// Those within comprehensions and bodies of `every`.
    private(set) var closed: Set<String> = []
    private var closures = 0
    /// Whether the heads of functions' names count.
    var includesFunctions = false

    static let roots: Set<String> = ["data", "input"]

    mutating func visit(_ expression: Literal) {
        switch expression.kind {
        case .term(let term): visit(term)
        case .some: break
        case .someIn(let key, let value, let collection):
            if let key { visit(key) }
            visit(value)
            visit(collection)
        case .every(_, _, let domain, let body):
            visit(domain)
            closure { visitor in visitor.visit(body) }
        }
        for with in expression.with {
            visit(with.target)
            visit(with.value)
        }
    }

    mutating func visit(_ body: [Literal]) { for expression in body { visit(expression) } }

    mutating func visit(_ term: Term) {
        switch term.node {
        case .null, .bool, .number, .string: break
        case .variable(let name): note(name)
        case .reference(let head, let path):
            visit(head)
            for step in path { visit(step) }
        case .array(let terms), .set(let terms): for term in terms { visit(term) }
        case .object(let members):
            for member in members {
                visit(member.key)
                visit(member.value)
            }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            closure { visitor in
                visitor.visit(head)
                visitor.visit(body)
            }
        case .objectComprehension(let head, let body):
            closure { visitor in
                visitor.visit(head.key)
                visitor.visit(head.value)
                visitor.visit(body)
            }
        case .call(let function, let arguments):
            // A function's name is no variable.
            if includesFunctions {
                visit(function)
            } else if case .reference(let head, _) = function.node, head.variable == nil {
                visit(head)
            }
            for argument in arguments { visit(argument) }
        case .template(let parts):
            for part in parts { if case .expression(let expression) = part { closure { $0.visit(expression) } } }
        }
    }

    mutating func visit(_ rule: Rule) {
        for term in rule.path + (rule.arguments ?? []) { visit(term) }
        if let element = rule.element { visit(element) }
        if let value = rule.value { visit(value) }
        visit(rule.body)
    }

    private mutating func closure(_ body: (inout VariableVisitor) -> Void) {
        closures += 1
        body(&self)
        closures -= 1
    }

    private mutating func note(_ name: String) {
        guard !Self.roots.contains(name), !name.hasPrefix("@") else { return }
        if closures > 0 {
            closed.insert(name)
        } else if plainSet.insert(name).inserted {
            plain.append(name)
        }
    }
}

extension Term {
    /// The variables outside of closures, each once.
    var variables: [String] {
        var visitor = VariableVisitor()
        visitor.visit(self)
        return visitor.plain
    }
}
