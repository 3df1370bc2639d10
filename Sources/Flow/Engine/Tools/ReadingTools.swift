import Core
import Gate
public import JSON

/// `workflow.list`
struct ListTool: Tool {
    let engine: FlowReference

    let descriptor = ToolDescriptor(
        id: WorkflowTools.list, title: "List workflows", summary: "Lists the workflows that there are.", effect: .read,
        arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let workflows = try engine.value().library.workflows.sorted { $0.name < $1.name }
        return Answer(["workflows": .array(workflows.map(Self.json))])
    }

    private static func json(_ workflow: Workflow) -> JSON {
        [
            "name": .string(workflow.name), "title": .string(workflow.title), "summary": .string(workflow.summary),
            "version": .string(workflow.version), "steps": JSON(workflow.steps.count),
            "phrases": .array(workflow.phrases.map { .string($0) }),
            "inputs": .array(
                workflow.inputs.map {
                    [
                        "name": .string($0.name), "type": .string($0.kind.rawValue), "required": .bool($0.isRequired),
                        "description": .string($0.summary), "default": $0.fallback ?? .null,
                        "choices": .array($0.choices),
                    ]
                }),
        ]
    }
}

/// `workflow.runs`
struct RunsTool: Tool {
    let engine: FlowReference
    let seesAll: @Sendable (Principal) -> Bool

    let descriptor = ToolDescriptor(
        id: WorkflowTools.runs, title: "List runs", summary: "Lists runs of workflows, the latest first.",
        effect: .read,
        arguments: ToolDescriptor.object([
            "workflow": RunArguments.workflow,
            "state": ["type": "string", "enum": .array(RunStatus.allCases.map { .string($0.rawValue) })],
            "limit": ["type": "integer", "minimum": 1, "maximum": 1000],
            "before": RunArguments.text("The last run of the page before.", to: 40),
        ]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let arguments = action.arguments
        let runs = try await engine.value().runs(
            of: arguments["workflow"]?.string, status: arguments["state"]?.string.flatMap(RunStatus.init(rawValue:)),
            principal: seesAll(context.principal) ? nil : context.principal.id,
            limit: arguments["limit"]?.int ?? 100, before: arguments["before"]?.string)
        return Answer(["runs": .array(runs.map(\.json))])
    }
}

/// `workflow.status`
struct StatusTool: Tool {
    let engine: FlowReference
    let seesAll: @Sendable (Principal) -> Bool

    let descriptor = ToolDescriptor(
        id: WorkflowTools.status, title: "Look at a run",
        summary: "Says where a run and each of its steps stand, and what is in its journal.", effect: .read,
        arguments: ToolDescriptor.object(
            [
                "run": RunArguments.run,
                "journal": ["type": "boolean", "description": "Whether its journal is shown as well."],
                "from": ["type": "integer", "minimum": 0, "description": "The first entry of the journal."],
                "limit": ["type": "integer", "minimum": 1, "maximum": 1000],
            ], required: ["run"]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let engine = try engine.value()
        let arguments = action.arguments
        let run = try arguments.textArgument("run")
        let record = try await engine.run(run)
        guard record.principalID == context.principal.id || seesAll(context.principal) else {
            throw Journal.unknown(run)
        }
        var answer = record.json
        let state = try await engine.state(of: run)
        answer["steps"] = .array(state.workflow.steps.map { state.json(of: $0) })
        if arguments["journal"]?.bool == true {
            let entries = try await engine.journal(
                of: run, from: arguments["from"]?.int ?? 0, limit: arguments["limit"]?.int ?? 200)
            answer["journal"] = .array(entries.map(\.json))
        }
        return Answer(answer)
    }
}

extension RunState {
    /// Where a step stands, as `workflow.status` shows it.
    public func json(of step: Step) -> JSON {
        let run = steps[step.id]
        var object: JSONObject = [
            "id": .string(step.id), "title": .string(step.title), "state": .string(state(of: step.id).rawValue),
        ]
        if let error = run?.error { object["error"] = .string(error.message) }
        if let run, run.settled != nil {
            switch run.outputs {
            case .value(let value): object["outputs"] = value
            case .cut(let reason): object["outputs_cut"] = .string(reason)
            }
        }
        let instances = run?.instances ?? []
        if run?.items != nil {
            object["instances"] = JSON(instances.count)
            object["ended"] = JSON(instances.count { [.succeeded, .failed, .cancelled].contains($0.state) })
        }
        let waiting = instances.compactMap { instance -> JSON? in
            switch instance.phase {
            case .waiting(_, let action, let approval):
                ["action": .string(action), "approval": .string(approval)]
            case .stuck(_, let action, let error):
                ["action": JSON(action), "unknown": .string(error.message)]
            case .child(let run, _, _): ["run": .string(run)]
            case .paused(let until, let event): ["until": .string(until.description), "event": JSON(event)]
            default: nil
            }
        }
        if !waiting.isEmpty { object["waits_for"] = .array(Array(waiting.prefix(100))) }
        if instances.contains(where: \.isUndone) { object["undone"] = true }
        return .object(object)
    }
}
