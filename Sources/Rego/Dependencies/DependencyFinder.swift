/// Follows references through compiled rules.
struct DependencyFinder: SyntaxVisitor {
    private let tree: RuleTree
    private var base: Set<[String]> = []
    private var found: Set<[String]> = []
    private var open: [RuleTree] = []

    init(tree: RuleTree) { self.tree = tree }

    /// A query's body and all that it leads to.
    mutating func follow(_ query: [Literal]) {
        visit(query)
        while let node = open.popLast() { for rule in node.rules { visit(rule) } }
    }

    var documents: Dependencies.Documents {
        Dependencies.Documents(
            base: Self.largest(base).map(RefText.of).sorted(),
            virtual: found.map { RefText.of(["data"] + $0) }.sorted())
    }

    /// Those that no other contains.
    private static func largest(_ paths: Set<[String]>) -> [[String]] {
        paths.filter { path in !(1..<max(path.count, 1)).contains { paths.contains(Array(path.prefix($0))) } }
    }

    // MARK: Syntax

    private mutating func visit(_ rule: CompiledRule) {
        for branch in rule.branches {
            visit(branch.arguments + branch.path + [branch.value])
            visit(branch.body)
        }
    }

    mutating func visit(_ term: Term) {
        switch term.node {
        case .variable(let name): if VariableVisitor.roots.contains(name) { note([name]) }
        case .reference(let head, let path):
            visit(path)
            guard let name = head.variable else { return visit(head) }
            guard VariableVisitor.roots.contains(name) else { return }
            note([name] + path.prefix { $0.string != nil }.compactMap(\.string))
        case .call(let function, let arguments):
            if function.variable == nil { visit(function) }
            visit(arguments)
        default: visitParts(of: term)
        }
    }

    // MARK: Documents

    private mutating func note(_ reference: [String]) {
        guard reference[0] == "data" else {
            base.insert(reference)
            return
        }
        var node = tree
        for (at, name) in reference.enumerated().dropFirst() {
            guard let child = node.children[name] else {
                base.insert(Array(reference[...at]) + reference[(at + 1)...])
                return
            }
            if child.isRule { return note(rule: child) }
            node = child
        }
        // A package: its rules, and documents that may lie beside them.
        base.insert(reference)
        for child in node.ruleNodes { note(rule: child) }
    }

    private mutating func note(rule node: RuleTree) {
        if found.insert(node.path).inserted { open.append(node) }
    }
}
