/// Finds the variables of terms and expressions.
struct VariableVisitor: SyntaxVisitor {
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
        if case .every(_, _, let domain, let body) = expression.kind {
            visit(domain)
            closure { visitor in visitor.visit(body) }
            visit(expression.with.map(\.value))
        } else {
            visitParts(of: expression)
        }
        visit(expression.with.map(\.target))
    }

    mutating func visit(_ term: Term) {
        switch term.node {
        case .variable(let name): note(name)
        case .arrayComprehension, .setComprehension, .objectComprehension:
            closure { visitor in visitor.visitParts(of: term) }
        case .template(let parts):
            for part in parts { if case .expression(let expression) = part { closure { $0.visit(expression) } } }
        case .call(let function, let arguments):
            // A function's name is no variable.
            if includesFunctions {
                visit(function)
            } else if case .reference(let head, _) = function.node, head.variable == nil {
                visit(head)
            }
            visit(arguments)
        default: visitParts(of: term)
        }
    }

    mutating func visit(_ rule: Rule) {
        visit(rule.path + (rule.arguments ?? []))
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
