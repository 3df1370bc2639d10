import Core
public import Gate

/// What is wrong with a workflow where it is to run: with the tools and the other workflows that are there.
public struct WorkflowCheck: Sendable {
    private let tools: [String: ToolDescriptor]?
    private let workflows: [String: Workflow]?

    /// - Parameters:
    ///   - tools: what the gate can perform; nil where that is not known, so that tools are not judged.
    ///   - workflows: those that can be run as steps; nil where that is not known.
    public init(tools: [ToolDescriptor]? = nil, workflows: [Workflow]? = nil) {
        self.tools = tools.map { Dictionary($0.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }) }
        self.workflows = workflows.map { Dictionary($0.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }
    }

    /// All that is wrong, in the order of the file; nothing where it can run.
    public func problems(in workflow: Workflow) -> [WorkflowProblem] {
        let structure = StructureCheck(workflow).problems
        return structure.isEmpty ? outerProblems(in: workflow) : structure
    }

    /// Of a workflow that holds together in itself.
    func outerProblems(in workflow: Workflow) -> [WorkflowProblem] {
        workflow.steps.flatMap { problems(with: $0, of: workflow) }
    }

    private func problems(with step: Step, of workflow: Workflow) -> [WorkflowProblem] {
        var found: [WorkflowProblem] = []
        switch step.kind {
        case .action(let action): found += problems(with: action, of: step)
        case .workflow(let name, let inputs): found += problems(with: name, inputs, of: step, in: workflow)
        case .approval, .wait, .join: break
        }
        if case .action(let action) = step.undo { found += problems(with: action, of: step) }
        return found
    }

    private func problem(_ step: Step, _ message: String, hint: String?) -> WorkflowProblem {
        WorkflowProblem(step.place, StructureCheck.path(step), message, hint: hint)
    }

    // MARK: Tools

    private func problems(with action: StepAction, of step: Step) -> [WorkflowProblem] {
        guard let tools else { return [] }
        guard let descriptor = tools[action.tool] else {
            let nearest = Suggestion.nearest(to: action.tool, among: tools.keys)
            let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "list the tools that there are"
            return [problem(step, "there is no tool \"\(action.tool)\"", hint: hint)]
        }
        return ConstantArguments(of: descriptor).objections(to: action.arguments).map {
            problem(step, $0.message, hint: $0.hint)
        }
    }

    // MARK: Other workflows

    private func problems(
        with name: String, _ inputs: Template, of step: Step, in workflow: Workflow
    ) -> [WorkflowProblem] {
        guard let workflows else { return [] }
        guard let other = name == workflow.name ? workflow : workflows[name] else {
            let nearest = Suggestion.nearest(to: name, among: workflows.keys)
            return [
                problem(step, "there is no workflow \"\(name)\"", hint: nearest.map { "did you mean \"\($0)\"?" })
            ]
        }
        if let circle = circle(from: workflow, by: other) {
            let way = circle.joined(separator: " → ")
            return [problem(step, "the workflow would run itself: \(way)", hint: "take one of these steps out")]
        }
        return objections(of: other, to: inputs).map { problem(step, $0.message, hint: $0.hint) }
    }

    /// The way back to a workflow over those that its step runs; nil where none leads back.
    private func circle(from workflow: Workflow, by first: Workflow) -> [String]? {
        var open: [[String]] = [[workflow.name, first.name]]
        var seen: Set<String> = []
        while let way = open.popLast(), let last = way.last {
            if last == workflow.name { return way }
            guard seen.insert(last).inserted else { continue }
            open += (workflows?[last]?.subworkflows ?? []).map { way + [$0] }
        }
        return nil
    }

    private func objections(of other: Workflow, to inputs: Template) -> [Objection] {
        guard case .object(let members) = inputs.root else { return [] }
        let names = other.inputs.map(\.name)
        var found: [Objection] = []
        for input in other.inputs where input.isRequired && !members.contains(where: { $0.key == input.name }) {
            found.append(Objection("\(other.name) needs the input \"\(input.name)\"", hint: "give it in with"))
        }
        for (name, node) in members {
            guard let input = other.inputs.first(where: { $0.name == name }) else {
                let nearest = Suggestion.nearest(to: name, among: names)
                found.append(
                    Objection(
                        "\(other.name) has no input \"\(name)\"", hint: nearest.map { "did you mean \"\($0)\"?" }))
                continue
            }
            if let value = node.constant, let reason = input.objection(to: value) {
                found.append(Objection("the input \"\(name)\" of \(other.name) \(reason)"))
            }
        }
        return found
    }
}

/// Something that is wrong, before its place is known.
struct Objection {
    var message: String
    var hint: String?

    init(_ message: String, hint: String? = nil) { (self.message, self.hint) = (message, hint) }
}

extension Workflow {
    /// The names of the workflows that its steps run.
    var subworkflows: [String] {
        steps.compactMap { if case .workflow(let name, _) = $0.kind { name } else { nil } }
    }
}
