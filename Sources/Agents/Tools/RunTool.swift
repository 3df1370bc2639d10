import Core
import Gate
import JSON
import Schema

/// `agents.run`: has an agent do one work. What it calls and asks are parts of this action, each decided, recorded and
/// metered by itself; this one ties them together and costs nothing.
struct RunTool: Tool {
    static let id = "agents.run"
    /// Characters of a request, and bytes of an input.
    static let longestRequest = 32_768
    static let greatestInput = 1 << 20

    let agents: Agents

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Have an agent work",
        summary:
            "Has one of the agents do its work, and says what came of it, by whom, and with which evidence. It changes "
            + "nothing: what would is proposed.",
        effect: .read,
        arguments: ToolDescriptor.object(
            [
                "agent": ["type": "string", "description": "Its name: see agents.list.", "maxLength": 64],
                "request": [
                    "type": "string", "description": "What is wanted, in words.", "maxLength": JSON(longestRequest),
                ],
                "input": ["type": "object", "description": "What the agent's schema of input takes."],
            ], required: ["agent"]),
        timeout: .seconds(3900), hasBreaker: false, hasParts: true)

    /// - Throws: `not_found` for an agent that there is not; `invalid` for one that cannot run, and for an input that it
    ///   does not take.
    func effect(of arguments: JSON) throws -> Effect {
        _ = try order(arguments)
        return .read
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (definition, task) = try order(action.arguments)
        let result = try await AgentRunner(agents: agents, definition: definition, context: context).run(task)
        return Answer(result.json, facts: result.facts)
    }

    private func order(_ arguments: JSON) throws -> (AgentDefinition, AgentTask) {
        let definition = try agents.library.agent(named: arguments["agent"]?.string ?? "")
        let task = AgentTask(request: arguments["request"]?.string ?? "", input: arguments["input"] ?? [:])
        guard task.input.bytes().count <= Self.greatestInput else {
            throw GatehouseError("agents", .tooLarge, "the input has more than \(Self.greatestInput >> 20) MiB")
        }
        if let wrong = definition.inputSchema.validate(task.input).first {
            let place = wrong.path.isEmpty ? "the input" : "input\(wrong.path)"
            throw GatehouseError(
                "agents", .invalid, "\(place) of the agent \(definition.name) \(wrong.message)",
                hint: "agents.list has the schema")
        }
        return (definition, task)
    }
}
