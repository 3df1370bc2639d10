/// The virtual document: packages and rules by their path below `data`.
final class RuleTree {
    let path: [String]
    private(set) var children: [String: RuleTree] = [:]
    /// The names of the children in the order in which they came.
    private(set) var order: [String] = []
    /// What makes this node's value; with rules that reach deeper when one of them has variables in its path.
    fileprivate(set) var rules: [CompiledRule] = []
    private(set) var isPackage = false

    enum Kind {
        case complete
        case function(arity: Int)
        case set
        case object
    }

    init(path: [String] = []) { self.path = path }

    /// Whether the node has a value of rules, rather than only nodes below it.
    var isRule: Bool { !rules.isEmpty }

    var kind: Kind {
        if let arity = rules.compactMap(\.arity).first { return .function(arity: arity) }
        if rules.contains(where: { isDynamic($0) }) { return .object }
        return rules.contains { $0.isSet } ? .set : .complete
    }

    /// Whether the rule gives only a part below this node.
    func isDynamic(_ rule: CompiledRule) -> Bool {
        rule.fixedPath.count > path.count || rule.branches.contains { !$0.path.isEmpty }
    }

    func insert(package path: [String]) { node(at: path).isPackage = true }

    func insert(_ rule: CompiledRule) { node(at: rule.fixedPath).rules.append(rule) }

    private func node(at path: [String]) -> RuleTree {
        var node = self
        for name in path {
            if let child = node.children[name] {
                node = child
            } else {
                let child = RuleTree(path: node.path + [name])
                node.children[name] = child
                node.order.append(name)
                node = child
            }
        }
        return node
    }

    func find(_ path: [String]) -> RuleTree? {
        var node = self
        for name in path {
            guard let child = node.children[name] else { return nil }
            node = child
        }
        return node
    }

    /// All nodes with rules, this one first.
    var ruleNodes: [RuleTree] {
        var nodes: [RuleTree] = []
        var open = [self]
        while let node = open.popLast() {
            if node.isRule { nodes.append(node) }
            open += node.order.reversed().compactMap { node.children[$0] }
        }
        return nodes
    }

    /// Gives nodes with variables in a rule's path the rules below them, and finds the conflicts.
    func finish(_ report: (_ message: String, _ rule: CompiledRule) -> Void) {
        var open = [self]
        while let node = open.popLast() {
            if node.isRule { node.settle(report) }
            open += node.order.compactMap { node.children[$0] }
        }
    }

    private var name: String { (["data"] + path).joined(separator: ".") }

    private func settle(_ report: (String, CompiledRule) -> Void) {
        let own = rules
        let hasDynamic = own.contains { isDynamic($0) }
        if isPackage { report("package \(path.joined(separator: ".")) conflicts with rule \(path.last ?? "")", own[0]) }
        if own.count(where: { $0.isDefault }) > 1 { report("multiple default rules \(name) found", own[own.count - 1]) }
        let arities = Set(own.map { $0.arity ?? -1 })
        if arities.count > 1
            || own.contains(where: { $0.isSet }) && own.contains(where: { !$0.isSet && !isDynamic($0) })
        {
            report("conflicting rules \(name) found", own[own.count - 1])
            return
        }
        let below = order.flatMap { children[$0]?.ruleNodes ?? [] }
        guard let first = below.first else {
            if hasDynamic { checkObject(own, report) }
            return
        }
        guard hasDynamic, own.allSatisfy({ isDynamic($0) }) else {
            report("rule \(name) conflicts with [\(first.name)]", first.rules[0])
            return
        }
        for node in below { rules += node.rules }
        children = [:]
        order = []
        checkObject(rules, report)
    }

    private func checkObject(_ rules: [CompiledRule], _ report: (String, CompiledRule) -> Void) {
        for rule in rules where rule.arity != nil { report("conflicting rules \(name) found", rule) }
        for rule in rules where !isDynamic(rule) { report("conflicting rules \(name) found", rule) }
    }
}
