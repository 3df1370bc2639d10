import Core
import Gate
import JSON

/// `workflow.run`: begins a run and answers at once. The run's steps are not parts of this action: each passes the gate
/// by itself, in the run's own session, whether or not anybody still waits for this answer.
struct RunTool: Tool {
    let engine: FlowReference

    let descriptor = ToolDescriptor(
        id: WorkflowTools.run, title: "Run a workflow",
        summary: "Begins a run of a workflow and answers with its id. Each of its steps is then decided by itself.",
        effect: .change,
        arguments: ToolDescriptor.object(
            [
                "workflow": RunArguments.workflow,
                "inputs": ["type": "object", "description": "What the workflow is given, by name."],
            ], required: ["workflow"]))

    /// A read where all that the workflow can do is reading.
    func effect(of arguments: JSON) throws -> Effect {
        let engine = try engine.value()
        let workflow = try engine.library.workflow(named: try arguments.textArgument("workflow"))
        let effects = WorkflowEffects(engine)
        return effects.isReading(workflow) ? .read : .change
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let engine = try engine.value()
        let workflow = try engine.library.workflow(named: try action.arguments.textArgument("workflow"))
        _ = try InputCheck.values(action.arguments["inputs"] ?? .null, for: workflow)
        let steps = WorkflowEffects(engine).steps(of: workflow)
        let changing = steps.count { $0.effect != .read }
        let lines = steps.map { "  \($0.id): \($0.does)\($0.effect.map { " (\($0.rawValue))" } ?? "")" }
        return Preview(
            summary: "run \(workflow.name): \(steps.count) steps, of which \(changing) can change something",
            diff: lines.joined(separator: "\n"),
            facts: [
                "workflow": .string(workflow.name), "version": .string(workflow.version),
                "steps": .array(
                    steps.map { ["id": .string($0.id), "does": .string($0.does), "effect": JSON($0.effect?.rawValue)] }),
            ],
            undo: UndoPlan(
                tool: WorkflowTools.undo, target: action.target,
                arguments: ["run": .string(Self.run(of: action)), "reason": "the run is taken back"],
                summary: "undo what the run did, the last first"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let record = try await engine.value().start(
            try action.arguments.textArgument("workflow"), id: Self.run(of: action),
            inputs: action.arguments["inputs"] ?? .null, as: context.caller)
        return Answer(record.json)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        do {
            return .happened(Answer(try await engine.value().run(Self.run(of: action)).json))
        } catch let error as GatehouseError where error.code == .notFound {
            return .didNotHappen
        }
    }

    /// The id follows from the action's: the preview can name it, and no action begins two.
    private static func run(of action: Action) -> String { "run_\(action.id.suffix(26))" }
}

/// What the steps of a workflow can do, by the word of their tools.
struct WorkflowEffects {
    struct StepEffect {
        var id: String
        /// The tool, or what else it does.
        var does: String
        /// Nil for a step that does nothing to anything.
        var effect: Effect?
    }

    private let engine: FlowEngine

    init(_ engine: FlowEngine) { self.engine = engine }

    func steps(of workflow: Workflow) -> [StepEffect] { workflow.steps.map { effect(of: $0, depth: 0) } }

    func isReading(_ workflow: Workflow) -> Bool { isReading(workflow, depth: 0) }

    private func isReading(_ workflow: Workflow, depth: Int) -> Bool {
        workflow.steps.allSatisfy { step in
            guard effect(of: step, depth: depth).effect ?? .read == .read else { return false }
            guard case .action(let undo) = step.undo else { return true }
            return effect(ofTool: undo.tool) == .read
        }
    }

    private func effect(of step: Step, depth: Int) -> StepEffect {
        switch step.kind {
        case .action(let action): StepEffect(id: step.id, does: action.tool, effect: effect(ofTool: action.tool))
        case .approval: StepEffect(id: step.id, does: "asks people")
        case .wait: StepEffect(id: step.id, does: "waits")
        case .join: StepEffect(id: step.id, does: "joins")
        case .workflow(let name, _):
            StepEffect(id: step.id, does: "workflow \(name)", effect: effect(ofWorkflow: name, depth: depth + 1))
        }
    }

    /// Of a tool that is not there, the worst that can be undone is said.
    private func effect(ofTool tool: String) -> Effect {
        (try? engine.gate.tools.descriptor(of: tool).effect) ?? .change
    }

    private func effect(ofWorkflow name: String, depth: Int) -> Effect {
        guard depth < RunStart.deepest, let workflow = try? engine.library.workflow(named: name) else { return .change }
        return isReading(workflow, depth: depth) ? .read : .change
    }
}
