/// The documents, rules, functions and builtins that some syntax mentions.
struct Mentions: SyntaxVisitor {
    /// Paths from `input` or `data` on, as far as they are fixed.
    private(set) var documents: [[String]] = []
    /// Paths below `data`.
    private(set) var functions: [[String]] = []
    private(set) var builtins: Set<String> = []

    mutating func visit(_ literal: Literal) {
        visitParts(of: literal)
        for with in literal.with { note(modifier: with) }
    }

    /// What takes a function's place may be called.
    private mutating func note(modifier with: Literal.With) {
        guard case .call = with.target.node else { return }
        if let name = with.value.variable, name.hasPrefix("@") {
            builtins.insert(String(name.dropFirst()))
        } else if let path = Resolver.dotted(with.value), path[0] == "data" {
            functions.append(Array(path.dropFirst()))
        }
    }

    mutating func visit(_ term: Term) {
        switch term.node {
        case .variable(let name): if VariableVisitor.roots.contains(name) { documents.append([name]) }
        case .reference(let head, let path):
            if let name = head.variable, VariableVisitor.roots.contains(name) {
                documents.append([name] + path.prefix { $0.string != nil }.compactMap(\.string))
            } else {
                visit(head)
            }
            visit(path)
        case .call(let function, let arguments):
            if let path = Resolver.dotted(function) {
                if path[0] == "data" {
                    functions.append(Array(path.dropFirst()))
                } else {
                    builtins.insert(path.joined(separator: "."))
                }
            }
            visit(arguments)
        default: visitParts(of: term)
        }
    }
}

/// Finds out whether something may depend on what is unknown.
extension PartialSession {
    func isAffected(_ literal: Literal, _ context: PartialContext) -> Bool {
        var mentions = Mentions()
        mentions.visit(literal)
        var nodes: [RuleTree] = []
        if touchesUnknown(mentions, context, &nodes) { return true }
        return nodes.contains { isAffected($0, context) }
    }

    /// Whether a rule, or one that it leads to, looks at something unknown.
    func isAffected(_ node: RuleTree, _ context: PartialContext) -> Bool {
        if let known = context.affected[node.path] { return known }
        var seen: Set<[String]> = [node.path]
        var open = [node]
        while let next = open.popLast() {
            var nodes: [RuleTree] = []
            if context.affected[next.path] == true || touchesUnknown(mentions(of: next), context, &nodes) {
                context.affected[node.path] = true
                return true
            }
            open += nodes.filter { context.affected[$0.path] != false && seen.insert($0.path).inserted }
        }
        for path in seen { context.affected[path] = false }
        return false
    }

    private func mentions(of node: RuleTree) -> Mentions {
        if let known = mentions[node.path] { return known }
        var found = Mentions()
        for branch in node.rules.flatMap(\.branches) {
            found.visit(branch.body)
            found.visit(branch.arguments + branch.path + [branch.value])
        }
        mentions[node.path] = found
        return found
    }

    /// Adds the rules that are mentioned to `nodes`.
    private func touchesUnknown(_ mentions: Mentions, _ context: PartialContext, _ nodes: inout [RuleTree]) -> Bool {
        for path in mentions.documents {
            guard case .known = context.knowledge(of: path) else { return true }
            if path[0] == "data" { nodes += rules(at: path.dropFirst(), context) }
        }
        for path in mentions.functions {
            if let node = tree.find(path), node.isRule { nodes.append(node) }
        }
        return mentions.builtins.contains { !context.mocks.contains($0) && isDeferred($0) }
    }

    /// Builtins that answer differently each time are left to whoever evaluates what is left.
    func isDeferred(_ builtin: String) -> Bool {
        guard !options.evaluatesNondeterministic, let builtin = signatures.builtins[builtin] else { return false }
        return !builtin.isPure
    }

    /// The rules that make up the document at a path, or on the way there.
    private func rules(at path: ArraySlice<String>, _ context: PartialContext) -> [RuleTree] {
        var node = tree
        for name in path {
            if context.shadows(node.path) { return [] }
            if node.isRule { break }
            guard let child = node.children[name] else { return [] }
            node = child
        }
        return node.ruleNodes.filter { node in
            if context.shadows(node.path) { return false }
            if case .function = node.kind { return false }
            return true
        }
    }
}
