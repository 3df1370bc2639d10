import Core
import JSON

/// Asks the house for one of its `workflow.…` tools, as an action.
struct WorkflowTool {
    let client: HouseClient

    /// - Returns: the answer, or nil where somebody has to agree first; that is reported.
    func ask(_ tool: String, of target: String, _ arguments: JSON) async throws -> JSON {
        let request: JSON = [
            "tool": .string("workflow.\(tool)"), "target": .string(target), "arguments": arguments,
            "reason": arguments["reason"] ?? .null,
        ]
        return try await client.submit(request) { _ in }
    }

    /// What a tool that only reads says.
    func read(_ tool: String, _ arguments: JSON = [:]) async throws -> JSON {
        try await ask(tool, of: "workflows", arguments)["answer"] ?? [:]
    }

    private static let underWay: Set<String> = ["queued", "running", "undoing"]
    private static let over: Set<String> = ["succeeded", "failed", "cancelled", "undone"]
    private static let pause = Duration.milliseconds(200)

    /// How often it looks at a run that stands behind another, which may take days.
    private static let patience = 15

    /// Looks at a run until it is over or waits for something that does not come by itself.
    func follow(_ run: String, _ show: (JSON) -> Void) async throws -> JSON {
        var queued = 0
        while true {
            let status = try await read("status", ["run": .string(run)])
            show(status)
            if status["state"] == "queued" { queued += 1 }
            guard Self.underWay.contains(status["state"]?.string ?? ""), queued < Self.patience else { return status }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Looks at a run that is asked to end until it has, or until somebody else is needed for that.
    func ending(_ run: String) async throws -> JSON {
        for _ in 0..<50 {
            let status = try await read("status", ["run": .string(run)])
            let state = status["state"]?.string ?? ""
            if Self.over.contains(state) || state == "stuck" { return status }
            try await Task.sleep(for: Self.pause)
        }
        return try await read("status", ["run": .string(run)])
    }
}
