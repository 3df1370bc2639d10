import Core

extension Gate {
    /// Undoes an action by the plan that was made before it was performed. The undoing is itself an action: decided,
    /// previewed and, where policy asks, approved.
    ///
    /// - Parameter idempotencyKey: as in ``ActionRequest/idempotencyKey``.
    /// - Throws: `conflict` when it is undone already, is not done, or has no undo; else as ``submit(_:as:)``.
    public func undo(
        _ actionID: String, as caller: Caller, reason: String?, idempotencyKey: String? = nil
    ) async throws -> Submission {
        let record = try await actions.find(actionID).record
        let plan = try Self.plan(for: record)
        let request = ActionRequest(
            tool: plan.tool, target: plan.target, arguments: plan.arguments, idempotencyKey: idempotencyKey,
            reason: reason ?? "undo \(actionID): \(plan.summary)")
        return try await submit(Proposal(request, undoes: actionID), as: caller)
    }

    private static func plan(for record: ActionRecord) throws -> UndoPlan {
        let id = record.action.id
        if let undoneBy = record.undoneBy {
            throw GatehouseError("gate", .conflict, "action \(id) was undone already, by \(undoneBy)")
        }
        guard record.state == .done else {
            throw GatehouseError(
                "gate", .conflict, "action \(id) is \(record.state.rawValue): only what is done can be undone")
        }
        guard let plan = record.preview?.undo else {
            throw GatehouseError(
                "gate", .conflict, "\(record.action.tool) has no undo",
                hint: "its preview said so before it was performed")
        }
        return plan
    }
}
