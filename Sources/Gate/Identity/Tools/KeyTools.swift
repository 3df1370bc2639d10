import Core
import JSON

/// `gate.key.create`: yields the text of a new API key, once.
struct CreateKeyTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.key.create", title: "Create an API key",
        summary: "Makes an API key for a principal and shows its text once. Only a keyed hash of it is kept.",
        effect: .reveal,
        arguments: ToolDescriptor.object(
            [
                "principal": AdminArguments.text("The id of the principal who is to use it: prn_…"),
                "name": AdminArguments.text("What it is for."),
                "expires_in": [
                    "type": "integer",
                    "description": "Seconds until it expires. Without it the key lasts until it is revoked.",
                    "minimum": 1, "maximum": 315_360_000,
                ],
            ], required: ["principal", "name"]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (key, secret) = try await identity.createKey(
            for: try action.arguments.textArgument("principal"), name: try action.arguments.textArgument("name"),
            expires: try action.arguments.secondsArgument("expires_in"), origin: action.id)
        return Answer([
            "id": JSON(key.id), "principal": JSON(key.principalID), "name": JSON(key.name),
            "expires": key.expires.map { JSON($0.description) } ?? .null, "key": JSON(secret.expose()),
        ])
    }

    /// A key whose text nobody saw is of no use to anybody: it is revoked.
    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        if let key = identity.keyMade(by: action.id) { try await identity.revokeKey(key.id) }
        return .didNotHappen
    }
}

/// `gate.key.revoke`
struct RevokeKeyTool: Tool {
    let identity: Identity

    let descriptor = ToolDescriptor(
        id: "gate.key.revoke", title: "Revoke an API key",
        summary: "Ends an API key at once and for good. Whoever uses it needs a new one.", effect: .change,
        arguments: ToolDescriptor.object(
            ["key": AdminArguments.text("The id of the key: the eight characters after gh_.", to: 20)],
            required: ["key"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let key = try identity.key(try action.arguments.textArgument("key"))
        let owner = try? await identity.principal(key.principalID)
        let used = key.lastUsed.map { "last used at \($0)" } ?? "never used"
        return Preview(
            summary: "revoke the API key \(key.id) \"\(key.name)\" of \(owner?.shown ?? key.principalID), \(used)",
            facts: ["key": JSON(key.id), "principal": JSON(key.principalID), "revoked": JSON(key.revoked != nil)],
            undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("key")
        try await identity.revokeKey(id)
        return Answer(["key": JSON(id), "revoked": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let key = try identity.key(try action.arguments.textArgument("key"))
        return key.revoked == nil ? .didNotHappen : .happened(Answer(["key": JSON(key.id), "revoked": true]))
    }
}
