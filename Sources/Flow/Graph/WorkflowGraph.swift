/// The steps of a workflow and what waits for what: as a picture, as Mermaid and as text.
public struct WorkflowGraph: Sendable {
    /// In the order of the file; what a node waits for stands before it.
    let nodes: [GraphNode]
    let title: String

    public init(_ workflow: Workflow) {
        title = workflow.title.isEmpty ? workflow.name : workflow.title
        var positions: [String: Int] = [:]
        for (index, step) in workflow.steps.enumerated() { positions[step.id] = index }
        // All that comes before each, directly or not.
        var before: [Set<Int>] = []
        nodes = workflow.steps.enumerated().map { index, step in
            let needs = Set(step.needs.compactMap { positions[$0] }.filter { $0 < index })
            let beyond = needs.reduce(into: Set<Int>()) { $0.formUnion(before[$1]) }
            before.append(needs.union(beyond))
            // What is waited for by way of another needs no line of its own.
            return GraphNode(step, needs: needs.subtracting(beyond).sorted())
        }
    }
}

/// One step, as it is shown.
struct GraphNode: Sendable {
    enum Shape: String, Sendable {
        case action, approval, wait, workflow, join
    }

    let id: String
    let shape: Shape
    /// What kind of step it is, in words: shapes and colours are not all that tells.
    let kind: String
    let title: String
    /// The tool, the roles, the time; may be empty.
    let detail: String
    /// The condition; empty where there is none.
    let condition: String
    /// The places of those that come right before it.
    let needs: [Int]

    init(_ step: Step, needs: [Int]) {
        id = step.id
        title = step.title.isEmpty ? step.id : step.title
        condition = step.condition.map { "if \($0.source)" } ?? ""
        self.needs = needs
        let loop = step.forEach == nil ? "" : " for each"
        switch step.kind {
        case .action(let action):
            (shape, kind, detail) = (.action, "action\(loop)", action.tool)
        case .approval(let approval):
            let people = approval.quorum > 1 ? "\(approval.quorum) of " : ""
            (shape, kind, detail) = (.approval, "approval\(loop)", people + approval.roles.joined(separator: ", "))
        case .wait(.time(let time)): (shape, kind, detail) = (.wait, "wait\(loop)", time.inWords)
        case .wait(.until): (shape, kind, detail) = (.wait, "wait\(loop)", "until a time")
        case .wait(.event(let name, _, _)): (shape, kind, detail) = (.wait, "wait\(loop)", "for \(name)")
        case .workflow(let name, _): (shape, kind, detail) = (.workflow, "workflow\(loop)", name)
        case .join: (shape, kind, detail) = (.join, "group", "")
        }
    }
}
