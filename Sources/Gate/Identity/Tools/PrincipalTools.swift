import Core
import JSON

/// `gate.principal.add`
struct AddPrincipalTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.principal.add", title: "Add a principal",
        summary: "Adds a person, agent, service or pipeline with the roles that policy grants by.", effect: .change,
        arguments: ToolDescriptor.object(
            [
                "kind": ["type": "string", "enum": .array(Principal.Kind.allCases.map { .string($0.rawValue) })],
                "name": AdminArguments.text("What people know it by."),
                "roles": ["type": "array", "items": AdminArguments.text("A role.", to: 64), "maxItems": 32],
            ], required: ["kind", "name", "roles"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let principal = try principal(of: action)
        return Preview(
            summary: "add \(principal.shown)", diff: "+ \(principal.shown)",
            facts: ["principal": JSON(principal.id), "roles": .array(principal.roles.sorted().map { .string($0) })],
            undo: UndoPlan(
                tool: "gate.principal.remove", target: "principal:\(principal.id)",
                arguments: ["principal": JSON(principal.id)],
                summary: "remove \(principal.name) again, with its keys and sign-ins"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let wanted = try principal(of: action)
        let added = try await identity.addPrincipal(
            id: wanted.id, kind: wanted.kind, name: wanted.name, roles: wanted.roles)
        return Self.answer(added)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let wanted = try principal(of: action)
        guard let added = try? await identity.principal(wanted.id) else { return .didNotHappen }
        return .happened(Self.answer(added))
    }

    /// The id follows from the action's, so that the preview can name it and it is never added twice.
    private func principal(of action: Action) throws -> Principal {
        let kind = try action.arguments.textArgument("kind")
        guard let kind = Principal.Kind(rawValue: kind) else {
            throw GatehouseError("gate", .invalid, "\"\(kind.prefix(40))\" is no kind of principal")
        }
        let name = try action.arguments.textArgument("name")
        let roles = try action.arguments.rolesArgument()
        try Identity.requireName(name)
        try Identity.requireRoles(roles)
        return Principal(id: "prn_\(action.id.suffix(26))", kind: kind, name: name, roles: roles)
    }

    private static func answer(_ principal: Principal) -> Answer {
        Answer(["id": JSON(principal.id), "kind": JSON(principal.kind.rawValue), "name": JSON(principal.name)])
    }
}

/// `gate.principal.remove`: the inverse of adding.
struct RemovePrincipalTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.principal.remove", title: "Remove a principal",
        summary: "Removes a principal with its keys, sign-ins and sessions. What it did stays in the ledger.",
        effect: .change,
        arguments: ToolDescriptor.object(["principal": AdminArguments.text("Its id: prn_…")], required: ["principal"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try action.arguments.textArgument("principal")
        let principal = try await identity.storedPrincipal(id)
        let keys = try await identity.keys().count { $0.principalID == id && $0.revoked == nil }
        return Preview(
            summary: "remove \(principal.shown) with \(keys) keys in use", diff: "- \(principal.shown)",
            facts: ["principal": JSON(id), "keys": JSON(keys)], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("principal")
        try await identity.removePrincipal(id)
        return Answer(["principal": JSON(id), "removed": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.textArgument("principal")
        if (try? await identity.storedPrincipal(id)) != nil { return .didNotHappen }
        return .happened(Answer(["principal": JSON(id), "removed": true]))
    }
}
