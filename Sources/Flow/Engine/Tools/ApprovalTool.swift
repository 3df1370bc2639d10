import Core
import Gate
import JSON

/// `workflow.approval`: what a step that asks people is to the gate. It does nothing but be agreed to, and no policy can
/// simply allow it: see ``approval(for:)``.
struct ApprovalTool: Tool {
    private static let standardRoles: Set<String> = ["security_lead", "admin"]
    private static let quorums = 1...20
    private static let expiries = 10...(30 * 86_400)

    let descriptor = ToolDescriptor(
        id: WorkflowTools.approval, title: "Ask people",
        summary: "Asks people to agree before a workflow goes on. It does nothing else.", effect: .change,
        arguments: ToolDescriptor.object(
            [
                "run": RunArguments.run, "workflow": RunArguments.workflow,
                "step": RunArguments.text("The step that asks.", to: 200),
                "message": ["type": "string", "description": "What people are asked."],
                "details": ["description": "What they look at beside it; shown as it is."],
                "roles": [
                    "type": "array", "maxItems": 32, "items": ["type": "string", "minLength": 1, "maxLength": 64],
                    "description": "Who agrees has one of these; security_lead or admin where there are none.",
                ],
                "quorum": ["type": "integer", "minimum": 1, "maximum": 20, "description": "How many agree."],
                "expires_seconds": [
                    "type": "integer", "minimum": 10, "maximum": 2_592_000, "description": "How long it is waited for.",
                ],
            ], required: ["message"]))

    /// Those whom the step names, whatever policy says.
    func approval(for arguments: JSON) -> ApprovalRule? {
        let roles = Set((arguments["roles"]?.array ?? []).compactMap(\.string))
        let quorum = arguments["quorum"]?.int ?? 1
        let seconds = arguments["expires_seconds"]?.int ?? 3600
        return ApprovalRule(
            roles: roles.isEmpty ? Self.standardRoles : roles,
            quorum: min(max(quorum, Self.quorums.lowerBound), Self.quorums.upperBound),
            expires: .seconds(min(max(seconds, Self.expiries.lowerBound), Self.expiries.upperBound)))
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let arguments = action.arguments
        let details = arguments["details"].map(DetailsText.of) ?? ""
        var facts: JSONObject = [:]
        for name in ["run", "workflow", "step"] { facts[name] = arguments[name] }
        return Preview(
            summary: arguments["message"]?.string ?? "", diff: details, facts: .object(facts), undo: nil)
    }

    /// Performed once people have agreed.
    func perform(_ action: Action, in context: ActionContext) async throws -> Answer { Answer(["approved": true]) }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        .happened(Answer(["approved": true]))
    }
}
