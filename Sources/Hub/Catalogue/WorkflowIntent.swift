import Flow
import JSON

/// The intent that a workflow brings along by its phrases and inputs.
enum WorkflowIntent {
    /// Of one workflow; further ones are left out.
    private static let mostPhrases = 50

    /// Nil for a workflow that cannot be started by talking: it wants a list or an object.
    static func intent(_ workflow: Workflow) -> ConversationIntent? {
        let inputs = workflow.inputs.filter { $0.kind != .array && $0.kind != .object }
        guard !workflow.inputs.contains(where: { $0.isRequired && ($0.kind == .array || $0.kind == .object) }) else {
            return nil
        }
        let slots = inputs.map(slot)
        var arguments = JSONObject()
        for slot in slots { arguments[slot.name] = .string("{\(slot.name)}") }
        let words = workflow.name.split(separator: "-").joined(separator: " ")
        let title = workflow.title.isEmpty ? "Run \(workflow.name)" : workflow.title
        return ConversationIntent(
            name: ConversationIntent.workflowPrefix + workflow.name, title: title,
            phrases: workflow.phrases.prefix(mostPhrases) + ["run \(words)", "start \(words)"],
            sayings: workflow.phrases.prefix(mostPhrases) + ["run the workflow \(workflow.name)"],
            call: ToolCall(
                tool: "workflow.run", target: ArgumentTemplate(.string("workflow:\(workflow.name)")),
                arguments: ArgumentTemplate([
                    "workflow": .string(workflow.name), "inputs": .object(arguments),
                ])),
            slots: slots, telling: Telling(text: "Run {run} of {workflow} is {state}."), link: "/runs/{run}",
            next: ["run.status", "run.cancel"])
    }

    private static func slot(_ input: WorkflowInput) -> SlotNeed {
        let about = input.summary.isEmpty ? "" : " (\(input.summary))"
        return SlotNeed(
            name: input.name, kind: kind(input), isRequired: input.isRequired && input.fallback == nil,
            question: "What is \(input.name) to be?\(about)", choices: input.choices.compactMap(\.string))
    }

    private static func kind(_ input: WorkflowInput) -> SlotKind {
        switch input.kind {
        case .number: .number
        case .boolean: .flag
        default:
            switch input.name {
            case "path", "repo", "folder": .repository
            default: SlotKind(rawValue: input.name).flatMap { $0 == .flag || $0 == .number ? nil : $0 } ?? .text
            }
        }
    }
}
