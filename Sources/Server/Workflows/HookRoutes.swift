import Core
import Flow
import HTTPTypes
import HummingbirdCore
import JSON

/// `POST /hooks/NAME`: signed requests from outside, which start workflows and wake those that wait.
struct HookRoutes: Sendable {
    let rooms: Rooms
    let workflows: HouseWorkflows
    let table: HookTable
    let hooks: @Sendable () -> [String: WorkflowSettings.Hook]

    var routes: [Route] { [Route(.post, "/hooks/{name}", access: .open, handler: take)] }

    private func take(_ call: Call) async throws -> Response {
        guard let hook = hooks()[call.parameter("name")] else { throw HookSignature.refused }
        let now = rooms.clock.now()
        let signature = try HookSignature(call, hook, at: now)
        let body = try call.json()
        guard let event = try Self.event(call, hook, body) else { return .json(["runs": []], status: .accepted) }
        let runs = try await table.once(signature.digest, at: now) { first in
            try await workflows.engine.deliver(event, body, as: Occurrence(key: signature.digest, time: first))
        }
        return .json(["runs": .array(runs.map { .string($0.id) })], status: .accepted)
    }

    /// Nil for what starts nothing, such as a forge's ping.
    private static func event(_ call: Call, _ hook: WorkflowSettings.Hook, _ body: JSON) throws -> FlowEvent? {
        switch hook.kind {
        case .generic: return .webhook(workflow: call.parameter("name"))
        case .event: return .named(call.parameter("name"))
        case .alert: return .alert(severity: try severity(body))
        case .push, .github, .gitlab, .gitea:
            if let (name, push) = PushEvent.header(hook.kind), call[name] != push { return nil }
            return try PushEvent.read(body)
        }
    }

    private static func severity(_ body: JSON) throws -> Severity {
        guard let text = body["severity"]?.string, let severity = Severity(rawValue: text.lowercased()) else {
            throw GatehouseError(
                "hooks", .invalid, "the alert does not say how bad it is",
                hint: "send \"severity\": \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return severity
    }
}
