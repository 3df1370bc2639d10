import Core

/// What is wrong with a workflow in itself: what it refers to, and in which order.
struct StructureCheck {
    static let mostSteps = 500

    private let workflow: Workflow
    private(set) var problems: [WorkflowProblem] = []
    private var positions: [String: Int] = [:]
    /// For each step the ids of all that comes before it, directly or not.
    private var before: [String: Set<String>] = [:]

    init(_ workflow: Workflow) {
        self.workflow = workflow
        checkSize()
        guard problems.isEmpty else { return }
        number()
        for (index, step) in workflow.steps.enumerated() { checkNeeds(of: step, at: index) }
        for step in workflow.steps { check(step) }
        checkWhole()
    }

    private mutating func report(_ place: Place, _ path: String, _ message: String, hint: String? = nil) {
        problems.append(WorkflowProblem(place, path, message, hint: hint))
    }

    private mutating func checkSize() {
        let start = Place(line: 1, column: 1)
        if workflow.steps.isEmpty {
            report(start, "steps", "there are none", hint: "a workflow does at least one thing")
        }
        if workflow.steps.count > Self.mostSteps {
            report(
                start, "steps", "there are \(workflow.steps.count), and \(Self.mostSteps) at most may be",
                hint: "groups count their steps and themselves; move some into a workflow of their own")
        }
    }

    private mutating func number() {
        for (index, step) in workflow.steps.enumerated() {
            if let first = positions[step.id] {
                let line = workflow.steps[first].place.line
                report(
                    step.place, Self.path(step), "the id is taken\(line > 0 ? " by the step in line \(line)" : "")",
                    hint: "give each step an id of its own")
            } else {
                positions[step.id] = index
            }
        }
    }

    static func path(_ step: Step) -> String { "step \(step.id)" }

    // MARK: Order

    private mutating func checkNeeds(of step: Step, at index: Int) {
        var all: Set<String> = []
        for need in step.needs {
            guard let position = positions[need] else {
                let nearest = Suggestion.nearest(to: need, among: positions.keys)
                report(
                    step.place, Self.path(step), "needs \"\(need)\", which is no step",
                    hint: nearest.map { "did you mean \"\($0)\"?" })
                continue
            }
            guard position < index else {
                refuseLater(need, step)
                continue
            }
            all.formUnion(before[need] ?? [])
            all.insert(need)
        }
        before[step.id] = all
    }

    private mutating func refuseLater(_ need: String, _ step: Step) {
        guard let way = way(from: need, to: step.id) else {
            return report(
                step.place, Self.path(step), "needs \"\(need)\", which stands after it",
                hint: "what a step needs stands before it in the file: move one of the two")
        }
        let circle = ([step.id] + way).joined(separator: " → ")
        report(
            step.place, Self.path(step), "waits for itself: \(circle)",
            hint: "take one of these needs out of the circle")
    }

    /// The way from one step to another along what each needs; nil where there is none.
    private func way(from start: String, to end: String) -> [String]? {
        var cameFrom: [String: String] = [:]
        var (open, seen): ([String], Set<String>) = ([start], [start])
        while let id = open.popLast() {
            if id == end { return Self.trace(cameFrom, from: start, to: end) }
            guard let position = positions[id] else { continue }
            for need in workflow.steps[position].needs where seen.insert(need).inserted {
                cameFrom[need] = id
                open.append(need)
            }
        }
        return nil
    }

    private static func trace(_ cameFrom: [String: String], from start: String, to end: String) -> [String] {
        var (way, at) = ([end], end)
        while at != start, let previous = cameFrom[at] {
            way.append(previous)
            at = previous
        }
        return way.reversed()
    }

    // MARK: References

    private mutating func check(_ step: Step) {
        let seen = before[step.id] ?? []
        var reader = ReferenceCheck(
            workflow: workflow, positions: positions, steps: seen, owner: step, path: Self.path(step), place: step.place
        )
        if let condition = step.condition { reader.check([condition]) }
        if let items = step.forEach?.items { reader.check(items.expressions) }
        if step.forEach != nil { reader.more = ["item", "index"] }
        reader.check(step.kind.expressions)
        if case .action(let action) = step.undo { reader.check(action.expressions) }
        reader.more.insert("result")
        reader.check(step.outputs.flatMap(\.value.expressions))
        problems += reader.problems
        if case .approval(let approval) = step.kind, approval.roles.isEmpty {
            report(step.place, Self.path(step), "asks nobody: roles is empty", hint: "name at least one role")
        }
    }

    private mutating func checkWhole() {
        let start = Place(line: 1, column: 1)
        var outputs = ReferenceCheck(
            workflow: workflow, positions: positions, steps: Set(positions.keys), path: "outputs", place: start)
        outputs.check(workflow.outputs.flatMap(\.value.expressions))
        var group = ReferenceCheck(
            workflow: workflow, positions: positions, steps: nil, path: "concurrency.group", place: start)
        group.check(workflow.concurrency?.group.expressions ?? [])
        problems += outputs.problems + group.problems
        for phrase in workflow.phrases { check(phrase: phrase, start) }
    }

    private mutating func check(phrase: String, _ place: Place) {
        let names = workflow.inputs.map(\.name)
        for part in phrase.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: "}") else {
                report(place, "phrases", "\"\(phrase)\" has a brace that is not closed")
                continue
            }
            let name = String(part[..<end])
            guard !names.contains(name) else { continue }
            let nearest = Suggestion.nearest(to: name, among: names)
            report(
                place, "phrases", "\"\(phrase)\" names {\(name)}, which is no input",
                hint: nearest.map { "did you mean {\($0)}?" })
        }
    }
}

extension Step.Kind {
    /// Those of what it does; the condition, the loop and the outputs have their own.
    var expressions: [Expression] {
        switch self {
        case .action(let action): action.expressions
        case .approval(let approval): approval.message.expressions + (approval.details?.expressions ?? [])
        case .wait(.time), .join: []
        case .wait(.until(let time)): time.expressions
        case .wait(.event(_, let condition, _)): condition.map { [$0] } ?? []
        case .workflow(_, let inputs): inputs.expressions
        }
    }
}

extension StepAction {
    var expressions: [Expression] { (target?.expressions ?? []) + arguments.expressions }
}
