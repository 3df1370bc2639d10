import Core
import JSON

extension Gate {
    /// What the gate would decide on this request, and why. Nothing is previewed, performed, labelled or recorded.
    ///
    /// - Throws: as ``submit(_:as:)`` for a request that is malformed or does not pass inspection; `unsupported` where
    ///   something else than policy decides.
    public func explain(_ request: ActionRequest, as caller: Caller) async throws -> Explanation {
        try Proposal(request).checkLimits()
        let session = try current(caller)
        let entry = try tools.entry(request.tool)
        let time = clock.now()
        let effect = try effect(of: request.arguments, entry)
        let seen = try await inspection.inspect(request.arguments, .request, tool: request.tool, effect: effect)
        let target = try await inspection.inspect(.string(request.target), .request, tool: request.tool)
        let action = Action(
            id: Identifier.make("act", at: time), tool: request.tool, target: request.target, arguments: seen.value)
        var passage = Passage(
            principal: caller.principal, session: session, entry: entry, action: action, submitted: time,
            isLocal: caller.isLocal,
            effect: seen.isRewritten ? try self.effect(of: seen.value, entry) : effect)
        passage.labels = seen.labels.union(target.labels)
        var explanation = try await policyDecider().explain(decisionInput(of: passage))
        if effect >= .change, explanation.decision.verdict != .deny {
            explanation.notes.append("policy decides once more when there is a preview, which it sees as well")
        }
        return explanation
    }

    /// Why an action that the gate has kept is decided as it is, by the policy in force now.
    ///
    /// - Throws: `notFound`; `unsupported` where something else than policy decides.
    public func explain(_ actionID: String) async throws -> Explanation {
        let kept = try await actions.find(actionID)
        let passage = try await passage(of: kept, approvalID: nil)
        var input = decisionInput(of: passage)
        input.time = kept.record.submitted
        var explanation = try await policyDecider().explain(input)
        explanation.notes = [kept.record.noted]
        let approval = try? await approvals.approval(ofAction: actionID)
        if let approval, approval.policyRevision != explanation.policy.policyRevision {
            explanation.notes.append("policy has changed since \(approval.id) was asked for")
        }
        return explanation
    }

    private func policyDecider() throws -> PolicyDecider {
        guard let decider = decider as? PolicyDecider else {
            throw GatehouseError("gate", .unsupported, "what decides here is no policy, and explains nothing")
        }
        return decider
    }
}

extension ActionRecord {
    /// What became of it, for an explanation that looks back.
    fileprivate var noted: String {
        "submitted \(submitted), now \(state.rawValue)\(error.map { ": \($0)" } ?? "")"
    }
}
