import Core
import JSON

/// `gate.policy.explain`: why a request would be decided as it would, or why an action was.
struct ExplainTool: Tool {
    let gate: GateReference

    let descriptor = ToolDescriptor(
        id: "gate.policy.explain", title: "Explain a decision",
        summary:
            "Says which rules of the policy speak on a request of yours or on an action, which nearly do, and what to "
            + "change. Does nothing else.", effect: .read,
        arguments: ToolDescriptor.object(
            [
                "action": AdminArguments.text("The id of an action: act_…; or else tool and target.", to: 40),
                "tool": AdminArguments.text("The id of a tool.", to: Proposal.longestName),
                "target": AdminArguments.text("What it would act upon.", to: Proposal.longestText),
                "arguments": ["type": "object", "description": "What it would be called with."],
            ], required: []))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let gate = try gate.value()
        let arguments = action.arguments
        if let id = arguments["action"]?.string {
            let record = try await gate.action(id)
            guard Self.mayLook(context.principal, at: record) else {
                throw GatehouseError(
                    "gate", .denied, "only its requester, a security_lead and an admin look at action \(id)")
            }
            return Answer(try await gate.explain(id).json)
        }
        let request = ActionRequest(
            tool: try arguments.textArgument("tool"), target: try arguments.textArgument("target"),
            arguments: arguments["arguments"] ?? [:])
        let caller = Caller(principal: context.principal, session: context.session)
        return Answer(try await gate.explain(request, as: caller).json)
    }

    private static func mayLook(_ principal: Principal, at record: ActionRecord) -> Bool {
        principal.id == record.principalID || !principal.roles.isDisjoint(with: DecisionFloor.approvers)
    }
}
