import Core
import Gate
import JSON

extension RunState {
    /// What expressions of a step may read.
    /// - Parameters:
    ///   - step: nil for the outputs of the run.
    ///   - result: the answer, where it is there.
    func scope(of step: Step?, index: Int = 0, result: JSON? = nil) -> Scope {
        var contexts: JSONObject = [
            "inputs": .object(start.inputs), "event": start.event, "steps": .object(settled),
            "run": [
                "id": .string(id), "workflow": .string(workflow.name), "version": .string(workflow.version),
                "started": .string(began.description), "principal": .string(start.principal.id),
            ],
        ]
        if let step, let items = steps[step.id]?.items, items.indices.contains(index) {
            contexts["item"] = items[index]
            contexts["index"] = JSON(index)
        }
        if let result { contexts["result"] = result }
        return Scope(contexts, outcome: step.map(outcome) ?? .succeeded)
    }

    /// What became of what a step needs. What was skipped has not failed.
    private func outcome(of step: Step) -> Scope.Outcome {
        let states = step.needs.map { state(of: $0) }
        if states.contains(.failed) { return .failed }
        return states.contains(.cancelled) ? .cancelled : .succeeded
    }

    /// - Throws: `too_large` where it reads what was not kept; else what evaluating throws.
    func value(of template: Template, in scope: Scope) throws -> JSON {
        for expression in template.expressions { try checkKept(expression.references) }
        return try template.evaluate(in: scope)
    }

    /// - Throws: as ``value(of:in:)``.
    func holds(_ expression: Expression, in scope: Scope) throws -> Bool {
        try checkKept(expression.references)
        return try expression.holds(in: scope)
    }

    private func checkKept(_ references: [Reference]) throws {
        guard !cut.isEmpty else { return }
        for reference in references where reference.context == "steps" {
            guard let id = reference.path.first else {
                if let (id, reason) = cut.min(by: { $0.key < $1.key }) { throw Self.notKept(id, reason) }
                continue
            }
            let part = reference.path.dropFirst().first
            if let reason = cut[id], part == nil || part == "outputs" { throw Self.notKept(id, reason) }
        }
    }

    private static func notKept(_ id: String, _ reason: String) -> GatehouseError {
        GatehouseError(
            "flow", .tooLarge, "the outputs of step \(id) cannot be read: \(reason)",
            hint: "name the parts that are needed under the step's outputs")
    }

    /// What a step gives, of its answer: the parts that it names, or the whole.
    func outputs(of ref: StepRef, answer: JSON) throws -> StepOutputs {
        guard let step = step(ref.step), !ref.isUndo, !step.outputs.isEmpty else { return StepOutputs(answer) }
        let scope = scope(of: step, index: ref.index, result: answer)
        var outputs: JSONObject = [:]
        for output in step.outputs { outputs[output.name] = try value(of: output.value, in: scope) }
        return StepOutputs(.object(outputs))
    }
}
