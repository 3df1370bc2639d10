import JSON

/// Makes steps of the file's list, groups laid flat: what stands in a group needs what the group needs, and the group
/// itself is a join of all that nothing in it waits for.
struct StepBuilder {
    private(set) var problems: [WorkflowProblem] = []
    private var steps: [Step] = []

    mutating func steps(of node: FormatNode?) -> [Step] {
        sequence(node?.elements ?? [], after: [], guarded: nil)
        return steps
    }

    /// - Parameters:
    ///   - before: what the first needs, and every other that needs nothing of the list.
    ///   - start: the step that has to have succeeded for any of them.
    private mutating func sequence(_ nodes: [FormatNode], after before: [String], guarded start: String?) {
        var previous = before
        let own = Set(nodes.compactMap { $0["id"]?.text })
        for node in nodes {
            var needs = node["needs"].map(Self.ids) ?? previous
            if own.isDisjoint(with: needs) { needs += before.filter { !needs.contains($0) } }
            let id = node["id"]?.text ?? ""
            if let group = node["parallel"] {
                parallel(group, id, node, needs, start)
            } else if let kind = kind(node) {
                steps.append(step(node, id, kind, needs, start))
            }
            previous = [id]
        }
    }

    private static func ids(_ node: FormatNode) -> [String] { node.text.map { [$0] } ?? node.texts }

    /// A group with a condition begins with a step of its own, that the others ask about: a step with a condition is
    /// asked for it whatever became of those before.
    private mutating func parallel(
        _ group: FormatNode, _ id: String, _ node: FormatNode, _ needs: [String], _ outer: String?
    ) {
        let place = node.place
        var (before, start) = (needs, outer)
        if let condition = node["if"]?.expression {
            let own = "\(id).start"
            steps.append(
                Step(id: own, kind: .join, condition: guarded(condition, by: outer, node), needs: needs, place: place))
            (before, start) = ([own], own)
        }
        let first = steps.count
        for branch in group.elements {
            if case .list(let nodes) = branch.value {
                sequence(nodes, after: before, guarded: start)
            } else {
                sequence([branch], after: before, guarded: start)
            }
        }
        let inner = steps[first...]
        let waitedFor = Set(inner.flatMap(\.needs))
        let ends = inner.map(\.id).filter { !waitedFor.contains($0) }
        steps.append(
            Step(
                id: id, title: node["title"]?.text ?? "", kind: .join, needs: ends.isEmpty ? before : ends, place: place
            ))
    }

    private mutating func guarded(_ condition: Expression?, by start: String?, _ node: FormatNode) -> Expression? {
        guard let condition, let start else { return condition }
        let both = condition.guarded(byStep: start)
        if both.source.utf8.count > Expression.longest, let own = node["if"] {
            problems.append(own.problem("is too long together with the condition of its group"))
        }
        return both
    }

    private mutating func step(
        _ node: FormatNode, _ id: String, _ kind: Step.Kind, _ needs: [String], _ start: String?
    ) -> Step {
        Step(
            id: id, title: node["title"]?.text ?? "", kind: kind,
            condition: guarded(node["if"]?.expression, by: start, node), needs: needs,
            forEach: node["for_each"]?.template.map {
                ForEach(items: $0, concurrency: node["max_parallel"]?.whole ?? 1)
            },
            retry: node["retry"].map(Self.retry) ?? .once, timeout: node["timeout"]?.duration,
            onError: node.choice("on_error", or: .fail), outputs: node["outputs"]?.namedTemplates ?? [],
            undo: node["undo"].map(Self.undo) ?? .byTool, place: node.place)
    }

    private mutating func kind(_ node: FormatNode) -> Step.Kind? {
        if let lonely = node["max_parallel"], node["for_each"] == nil {
            problems.append(lonely.problem("says nothing without for_each", hint: "remove it"))
        }
        if node["uses"] != nil { return .action(Self.action(node)) }
        if let name = node["workflow"]?.text {
            return .workflow(name: name, inputs: node["with"]?.template ?? .empty)
        }
        if let approval = node["approval"] { return Self.approval(approval).map { .approval($0) } }
        return node["wait_for"].flatMap(Self.wait).map { .wait($0) }
    }

    private static func action(_ node: FormatNode) -> StepAction {
        StepAction(
            tool: node["uses"]?.text ?? "", target: node["target"]?.template,
            arguments: node["with"]?.template ?? .empty)
    }

    private static func approval(_ node: FormatNode) -> ApprovalStep? {
        node["message"]?.template.map {
            ApprovalStep(
                message: $0, details: node["details"]?.template, roles: node["roles"]?.texts ?? [],
                quorum: node["quorum"]?.whole ?? 1, expires: node["expires"]?.duration ?? .seconds(3600),
                onTimeout: node.choice("on_timeout", or: .fail), onDeny: node.choice("on_deny", or: .fail))
        }
    }

    private static func wait(_ node: FormatNode) -> Wait? {
        if let time = node["time"]?.duration { return .time(time) }
        if let until = node["until"]?.template { return .until(until) }
        return node["event"]?.text.map {
            .event(
                name: $0, condition: node["if"]?.expression, timeout: node["timeout"]?.duration ?? .seconds(3600))
        }
    }

    private static func retry(_ node: FormatNode) -> Retry {
        Retry(
            attempts: node["attempts"]?.whole ?? 1, delay: node["delay"]?.duration ?? .seconds(1),
            factor: node["factor"]?.number ?? 2, longestDelay: node["max_delay"]?.duration ?? .seconds(300),
            jitter: node["jitter"]?.number ?? 0.2)
    }

    private static func undo(_ node: FormatNode) -> StepUndo { node.text == nil ? .action(action(node)) : .none }
}

extension Template {
    /// Of an action that is given no arguments.
    static let empty = Template([:], .object([]))
}

extension Expression {
    /// The same condition, which also asks that a step has succeeded.
    func guarded(byStep id: String) -> Expression {
        let state = ExpressionTree.access(.context("steps"), [.member(id), .member("state")])
        let column = references.first?.column ?? 1
        let reference = Reference(context: "steps", path: [id, "state"], isOpen: false, column: column)
        let asks = ExpressionTree.comparison(state, .equal, .literal("succeeded"), column: column)
        return Expression(
            source: "steps['\(id)'].state == 'succeeded' && (\(source))", place: place,
            references: [reference] + references, tree: .all([asks, tree]))
    }

    private init(source: String, place: Place?, references: [Reference], tree: ExpressionTree) {
        (self.source, self.place, self.references, self.tree) = (source, place, references, tree)
    }
}
