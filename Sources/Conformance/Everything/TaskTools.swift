import JSON
import MCP

/// Tools that go on after their answer, for clients that speak the tasks extension.
enum TaskTools {
    static let all: [EverythingTool] = [
        EverythingTool("greet", "Greets at once", inputSchema: Samples.object(["name": ["type": "string"]])) { call in
            .text("Hello, \(call.params.arguments["name"]?.string ?? "you")!")
        },
        EverythingTool(
            "slow_compute", "Computes for a while",
            inputSchema: Samples.object(["seconds": ["type": "number"], "label": ["type": "string"]])
        ) { call in
            let seconds = min(max(call.params.arguments["seconds"]?.double ?? 0, 0), 120)
            return try await asTask(call) { _ in
                try await Task.sleep(for: .seconds(seconds))
                return CallToolResult([.text("Computed for \(seconds) seconds")])
            }
        },
        EverythingTool("failing_job", "Fails, as a tool does; only as a task") { call in
            try TasksExtension.require(in: call.context)
            return try await asTask(call) { _ in
                try await Task.sleep(for: .milliseconds(200))
                return CallToolResult([.text("The job has failed")], isError: true)
            }
        },
        EverythingTool("protocol_error_job", "Fails, as a server does; only as a task") { call in
            try TasksExtension.require(in: call.context)
            return try await asTask(call) { _ in throw RPCError.internalError("the job broke") }
        },
        EverythingTool(
            "confirm_delete", "Asks before it deletes", inputSchema: Samples.object(["filename": ["type": "string"]])
        ) { call in
            let filename = call.params.arguments["filename"]?.string ?? "it"
            return try await asTask(call) { task in
                let answers = try await ask(task, ["confirm": question("Delete \(filename)?", "confirm", "boolean")])
                let isConfirmed = answers["confirm"]?["content"]?["confirm"]?.bool ?? false
                return CallToolResult([.text(isConfirmed ? "Deleted \(filename)" : "Kept \(filename)")])
            }
        },
        EverythingTool("multi_input", "Asks for two things at once") { call in
            try await asTask(call) { task in
                let answers = try await ask(
                    task,
                    [
                        "first": question("Your name?", "name", "string"),
                        "second": question("Your other name?", "name", "string"),
                    ])
                return CallToolResult([.text("Got \(answers.count) answers")])
            }
        },
        EverythingTool("test_tool_with_task", "Asks first and goes on as a task") { call in
            guard let name = call.filled("user_name", "name") else {
                return .inputRequired(InputRequests(["user_name": InputTools.question("What is your name?", "name")]))
            }
            return try await asTask(call) { _ in CallToolResult([.text("Hello from the task, \(name)!")]) }
        },
    ]

    /// As a task where the client takes one, else at once.
    private static func asTask(
        _ call: EverythingTool.Call,
        _ work: @escaping @Sendable (TaskTable.Handle?) async throws -> CallToolResult
    ) async throws -> ServerReply {
        guard TasksExtension.isSpoken(in: call.context) else { return .result(try await work(nil)) }
        return try call.tasks.begin(call.context) { task throws(RPCError) in
            do {
                return try await work(task).json
            } catch {
                throw error as? RPCError ?? .internalError("cancelled")
            }
        }
    }

    private static func ask(
        _ task: TaskTable.Handle?, _ requests: KeyValuePairs<String, InputRequest>
    ) async throws -> InputResponses {
        guard let task else {
            throw RPCError.missingCapability(
                ClientCapabilities(extensions: TasksExtension.capability), "this tool asks only as a task")
        }
        return try await task.ask(InputRequests(requests))
    }

    private static func question(_ message: String, _ field: String, _ type: String) -> InputRequest {
        .form(
            message: message,
            schema: Samples.object(JSON.object([field: ["type": JSON(type)]]), required: [field]))
    }
}
