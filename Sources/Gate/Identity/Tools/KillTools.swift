import Core
import JSON

/// `gate.principal.kill`: the kill switch.
struct KillPrincipalTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.principal.kill", title: "Stop a principal",
        summary: "Ends a principal's keys, sign-ins and sessions at once, and refuses it until it is revived.",
        effect: .change,
        arguments: ToolDescriptor.object(
            [
                "principal": AdminArguments.text("Its id: prn_…, local:UID or ISSUER#SUBJECT.", to: 1024),
                "reason": AdminArguments.reason,
            ], required: ["principal", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try action.arguments.textArgument("principal")
        try identity.requireStoppable(id)
        let shown = (try? await identity.principal(id))?.shown ?? id
        let keys = try await identity.keys().count { $0.principalID == id && $0.revoked == nil }
        return Preview(
            summary: "stop \(shown): \(keys) keys and all sign-ins and sessions end",
            facts: ["principal": JSON(id), "keys": JSON(keys), "is_self": JSON(id == context.principal.id)],
            undo: UndoPlan(
                tool: "gate.principal.revive", target: "principal:\(id)", arguments: ["principal": JSON(id)],
                summary: "let it in again; keys and sign-ins are made anew"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("principal")
        try await identity.kill(id, reason: try action.arguments.textArgument("reason"))
        return Answer(["principal": JSON(id), "stopped": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.textArgument("principal")
        return identity.isStopped(id) ? .happened(Answer(["principal": JSON(id), "stopped": true])) : .didNotHappen
    }
}

/// `gate.principal.revive`
struct RevivePrincipalTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.principal.revive", title: "Revive a principal",
        summary: "Lets a stopped principal in again. Its keys and sign-ins stay ended.", effect: .change,
        arguments: ToolDescriptor.object(
            ["principal": AdminArguments.text("Its id.", to: 1024)], required: ["principal"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try action.arguments.textArgument("principal")
        guard let stop = try await identity.stopped().first(where: { $0.principalID == id }) else {
            throw GatehouseError("gate", .conflict, "\(id.prefix(80)) is not stopped")
        }
        return Preview(
            summary: "let \(id) in again, who was stopped at \(stop.time): \(stop.reason)",
            facts: ["principal": JSON(id), "stopped": JSON(stop.time.description)],
            undo: UndoPlan(
                tool: "gate.principal.kill", target: "principal:\(id)",
                arguments: ["principal": JSON(id), "reason": JSON(stop.reason)], summary: "stop it again"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("principal")
        try await identity.revive(id)
        return Answer(["principal": JSON(id), "stopped": false])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.textArgument("principal")
        return identity.isStopped(id) ? .didNotHappen : .happened(Answer(["principal": JSON(id), "stopped": false]))
    }
}
