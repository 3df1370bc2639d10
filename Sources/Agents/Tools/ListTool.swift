import Core
import Gate
import JSON

/// `agents.list`
struct ListTool: Tool {
    let library: AgentLibrary

    let descriptor = ToolDescriptor(
        id: "agents.list", title: "List agents",
        summary: "Lists the agents that there are: what each is for, what it may call and use, takes and yields.",
        effect: .read, arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        Answer(["agents": .array(library.entries.map(\.json))])
    }
}

extension AgentEntry {
    fileprivate var json: JSON {
        var json: JSONObject = ["name": .string(name)]
        switch origin {
        case .builtIn: json["origin"] = "built-in"
        case .file(let path): json["origin"] = .string(path)
        }
        if let definition { for (key, value) in definition.listed { json[key] = value } }
        if let problem { json["problem"] = .string(problem.message) }
        return .object(json)
    }
}

extension AgentDefinition {
    fileprivate var listed: JSONObject {
        [
            "title": .string(title), "duty": .string(duty), "version": .string(version),
            "procedure": .string(procedure), "models": .array(models.map { .string($0) }),
            "tools": .array(tools.map { .string($0) }), "labels": .array(labels.map { .string($0) }),
            "budget": [
                "steps": JSON(budget.steps), "tokens": JSON(budget.tokens), "cost_micros": JSON(budget.cost),
                "ms": JSON(budget.time.wholeMilliseconds), "idle": JSON(budget.idle),
            ],
            "input": input, "output": output,
        ]
    }
}
