import Core
import Gate
import JSON

/// `workflow.cancel`
struct CancelTool: Tool {
    let engine: FlowReference

    let descriptor = ToolDescriptor(
        id: WorkflowTools.cancel, title: "Cancel a run",
        summary: "Lets no further step of a run begin. What is under way ends, and nobody is asked any more.",
        effect: .change,
        arguments: ToolDescriptor.object(
            ["run": RunArguments.run, "reason": RunArguments.reason], required: ["run", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let record = try await engine.value().run(try action.arguments.textArgument("run"))
        return Preview(
            summary: "cancel run \(record.id) of \(record.workflow), which is \(record.status.rawValue)",
            facts: ["run": .string(record.id), "workflow": .string(record.workflow)], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let record = try await engine.value().cancel(
            try action.arguments.textArgument("run"), by: context.caller,
            reason: try action.arguments.textArgument("reason"))
        return Answer(record.json)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let engine = try engine.value()
        let state = try await engine.state(of: try action.arguments.textArgument("run"))
        guard state.end != nil || state.closing != nil else { return .didNotHappen }
        return .happened(Answer(try await engine.run(state.id).json))
    }
}

/// `workflow.resume`: a person says what became of a step whose outcome nobody saw.
struct ResumeTool: Tool {
    let engine: FlowReference

    let descriptor = ToolDescriptor(
        id: WorkflowTools.resume, title: "Settle a stuck run",
        summary: "Says what became of a step whose outcome nobody saw, so that its run goes on.", effect: .change,
        arguments: ToolDescriptor.object(
            [
                "run": RunArguments.run, "step": RunArguments.text("The step, where several are unknown.", to: 200),
                "index": ["type": "integer", "minimum": 0, "description": "The element of for_each."],
                "outcome": ["type": "string", "enum": ["happened", "did_not_happen", "fail"]],
                "result": ["description": "Its answer, where it happened and there was one."],
                "reason": RunArguments.reason,
            ], required: ["run", "outcome", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let state = try await engine.value().state(of: try action.arguments.textArgument("run"))
        let settlement = try settlement(action)
        _ = try state.events(for: request(action, settlement, context))
        let said =
            switch settlement {
            case .happened: "that it happened"
            case .didNotHappen: "that it did not happen, so that it is attempted again"
            case .fail: "that it counts as failed"
            }
        return Preview(
            summary: "settle run \(state.id) of \(state.workflow.name): say \(said)",
            diff: action.arguments["result"]?.text(pretty: true) ?? "", facts: ["run": .string(state.id)], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let engine = try engine.value()
        let record = try await engine.request(
            request(action, try settlement(action), context), of: try action.arguments.textArgument("run"))
        return Answer(record.json)
    }

    private func request(_ action: Action, _ settlement: RunSettlement, _ context: ActionContext) -> RunRequest {
        let arguments = action.arguments
        return .settle(
            step: arguments["step"]?.string, index: arguments["index"]?.int ?? 0, settlement,
            by: context.principal.id, reason: arguments["reason"]?.string ?? "")
    }

    private func settlement(_ action: Action) throws -> RunSettlement {
        switch try action.arguments.textArgument("outcome") {
        case "happened": .happened(action.arguments["result"] ?? .null)
        case "did_not_happen": .didNotHappen
        default: .fail
        }
    }
}

/// `workflow.undo`
struct UndoRunTool: Tool {
    let engine: FlowReference

    let descriptor = ToolDescriptor(
        id: WorkflowTools.undo, title: "Undo a run",
        summary: "Takes back what a run did, the last first, each as an action of its own.", effect: .change,
        arguments: ToolDescriptor.object(
            [
                "run": RunArguments.run,
                "from": RunArguments.text("Only this step and what was done after it.", to: 200),
                "reason": RunArguments.reason,
            ], required: ["run"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        var state = try await engine.value().state(of: try action.arguments.textArgument("run"))
        for kind in try state.events(for: .undo(request(action, context))) {
            state.apply(RunEvent(kind, at: state.began))
        }
        let steps = (state.undoing?.rest ?? []).reversed().map(\.shown)
        return Preview(
            summary: "undo \(steps.count) steps of run \(state.id) of \(state.workflow.name)",
            diff: steps.map { "- \($0)" }.joined(separator: "\n"), facts: ["run": .string(state.id)], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let record = try await engine.value().request(
            .undo(request(action, context)), of: try action.arguments.textArgument("run"))
        return Answer(record.json)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let record = try await engine.value().run(try action.arguments.textArgument("run"))
        switch record.status {
        case .undoing, .undone: return .happened(Answer(record.json))
        default: return .unknowable
        }
    }

    private func request(_ action: Action, _ context: ActionContext) -> UndoRequest {
        UndoRequest(
            from: action.arguments["from"]?.string, by: context.principal, isLocal: context.isLocal,
            reason: action.arguments["reason"]?.string ?? "undo of a run")
    }
}
