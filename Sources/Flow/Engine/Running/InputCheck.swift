import Core
import JSON

/// What a run is given, against what its workflow declares.
enum InputCheck {
    /// The values, with those of inputs that were left out where there is one.
    /// - Throws: `invalid`, naming the input.
    static func values(_ given: JSON, for workflow: Workflow) throws -> JSONObject {
        guard let object = given.isNull ? [:] : given.object else {
            throw wrong(workflow, "the inputs of \(workflow.name) are not a JSON object")
        }
        let known = workflow.inputs.map(\.name)
        for name in object.keys where !known.contains(name) {
            let nearest = Suggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
            throw wrong(workflow, "\(workflow.name) has no input \"\(name.prefix(60))\"", nearest)
        }
        var values: JSONObject = [:]
        for input in workflow.inputs {
            if let value = object[input.name], !value.isNull {
                try check(value, input, workflow)
                values[input.name] = value
            } else if let fallback = input.fallback {
                values[input.name] = fallback
            } else if input.isRequired {
                throw wrong(workflow, "\(workflow.name) needs the input \"\(input.name)\"", input.summary)
            }
        }
        return values
    }

    private static func check(_ value: JSON, _ input: WorkflowInput, _ workflow: Workflow) throws {
        guard input.kind.has(value) else {
            throw wrong(workflow, "the input \"\(input.name)\" of \(workflow.name) is to be \(input.kind.rawValue)")
        }
        guard input.choices.isEmpty || input.choices.contains(value) else {
            let choices = input.choices.prefix(12).map(\.shown).joined(separator: ", ")
            throw wrong(workflow, "the input \"\(input.name)\" of \(workflow.name) is none of \(choices)")
        }
    }

    private static func wrong(_ workflow: Workflow, _ message: String, _ hint: String? = nil) -> GatehouseError {
        let inputs = workflow.inputs.map(\.name).joined(separator: ", ")
        let known = inputs.isEmpty ? "it takes none" : "it takes \(inputs)"
        return GatehouseError("flow", .invalid, message, hint: hint.flatMap { $0.isEmpty ? nil : $0 } ?? known)
    }
}

extension WorkflowInput.Kind {
    fileprivate func has(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object): true
        default: false
        }
    }
}
