import Core

/// Whether what expressions read is there to be read.
struct ReferenceCheck {
    let workflow: Workflow
    let positions: [String: Int]
    /// The steps that can be read; nil where none can, since none has run.
    let steps: Set<String>?
    /// Whose expressions these are.
    var owner: Step?
    let path: String
    /// Where the column of an expression is not known.
    let place: Place
    /// Contexts beside those that are always there.
    var more: Set<String> = []
    private(set) var problems: [WorkflowProblem] = []

    init(
        workflow: Workflow, positions: [String: Int], steps: Set<String>?, owner: Step? = nil, path: String,
        place: Place
    ) {
        (self.workflow, self.positions, self.steps) = (workflow, positions, steps)
        (self.owner, self.path, self.place) = (owner, path, place)
    }

    mutating func check(_ expressions: [Expression]) {
        for expression in expressions {
            for reference in expression.references { check(reference, in: expression) }
        }
    }

    private mutating func check(_ reference: Reference, in expression: Expression) {
        guard let (message, hint) = objection(to: reference) else { return }
        let exact = expression.place.map { Place(line: $0.line, column: $0.column + reference.column - 1) }
        problems.append(WorkflowProblem(exact ?? place, path, message, hint: hint))
    }

    private typealias Objection = (message: String, hint: String?)

    private func objection(to reference: Reference) -> Objection? {
        switch reference.context {
        case "inputs": inputs(reference)
        case "steps": step(reference)
        case "run": member(reference, at: 0, of: "run", ["id", "workflow", "version", "started", "principal"])
        case "item", "index": more.contains(reference.context) ? nil : outside(reference, "a step with for_each")
        case "result": more.contains("result") ? nil : outside(reference, "a step's outputs")
        default: nil
        }
    }

    private func outside(_ reference: Reference, _ where: String) -> Objection {
        ("\"\(reference.context)\" means something in \(`where`) only", nil)
    }

    private func inputs(_ reference: Reference) -> Objection? {
        guard let name = reference.path.first else { return nil }
        let names = workflow.inputs.map(\.name)
        guard !names.contains(name) else { return nil }
        let nearest = Suggestion.nearest(to: name, among: names)
        let known = names.isEmpty ? "the workflow has none" : "there are \(names.joined(separator: ", "))"
        return ("there is no input \"\(name)\"", nearest.map { "did you mean \"\($0)\"?" } ?? known)
    }

    private func step(_ reference: Reference) -> Objection? {
        guard let steps else { return ("no step has run when this is worked out", "use inputs, event and run") }
        guard let id = reference.path.first else {
            return ("a step is read by its name, so that it is known what has to come before", "write steps.ID")
        }
        guard let position = positions[id] else {
            let nearest = Suggestion.nearest(to: id, among: positions.keys)
            return ("there is no step \"\(id)\"", nearest.map { "did you mean \"\($0)\"?" })
        }
        guard id != owner?.id else { return ("a step cannot read itself", "its answer is result, inside outputs") }
        guard steps.contains(id) else {
            return ("step \"\(id)\" does not come before this one, so that it may not have run", "add it to needs")
        }
        return member(reference, at: 1, of: "steps.\(id)", ["state", "outputs", "error"])
            ?? output(reference, of: workflow.steps[position])
    }

    /// One that the step does not name; those of a loop are a list, those of an answer are not known.
    private func output(_ reference: Reference, of step: Step) -> Objection? {
        guard reference.path.count > 2, reference.path[1] == "outputs", !step.outputs.isEmpty, step.forEach == nil
        else {
            return nil
        }
        return member(reference, at: 2, of: "steps.\(step.id).outputs", step.outputs.map(\.name))
    }

    private func member(_ reference: Reference, at index: Int, of whole: String, _ names: [String]) -> Objection? {
        guard index < reference.path.count, !names.contains(reference.path[index]) else { return nil }
        let name = reference.path[index]
        let nearest = Suggestion.nearest(to: name, among: names)
        return (
            "\(whole) has no \"\(name)\"",
            nearest.map { "did you mean \"\($0)\"?" } ?? "there are \(names.joined(separator: ", "))"
        )
    }
}
