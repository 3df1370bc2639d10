import Core
import JSON

extension Gate {
    /// Agrees to one exact action. The vote that fulfils the quorum performs it.
    ///
    /// - Parameters:
    ///   - binding: what the approver was shown (``Approval/binding``); refused when it differs. Nil when it is not
    ///     known.
    ///   - reason: recorded.
    /// - Returns: the answer is the requester's: of a `reveal` the approver does not get it.
    /// - Throws: `denied` to whoever may not vote, `conflict` for an approval that is settled, expired or used, or
    ///   for a second vote; what the tool reports when the action was performed and failed.
    public func approve(
        _ approvalID: String, binding: String? = nil, by caller: Caller, reason: String
    ) async throws -> ApprovalOutcome {
        let voted = try await vote(approvalID, approves: true, binding, caller, reason)
        guard voted.approval.state == .approved else { return .recorded(voted.approval) }
        let submission = try await undertakings.carryOut { try await self.performApproved(approvalID) }
        return .performed(submission.shownToApprover(voted.approval.effect))
    }

    /// Refuses an action for good. Whoever asked for it may do so too, which withdraws it.
    ///
    /// - Throws: as ``approve(_:binding:by:reason:)``.
    public func deny(_ approvalID: String, by caller: Caller, reason: String) async throws -> Approval {
        try await vote(approvalID, approves: false, nil, caller, reason).approval
    }

    /// A vote is in the ledger before it counts.
    private func vote(
        _ approvalID: String, approves: Bool, _ binding: String?, _ caller: Caller, _ reason: String
    ) async throws -> KeptApproval {
        _ = try current(caller)
        try Proposal.check(reason: reason)
        try await expireApprovals()
        let approval = try await approvals.approval(approvalID)
        let action = try await actions.find(approval.actionID)
        var passage = try await passage(of: action, approvalID: approvalID)
        try await check(caller, approves, binding, approval, passage)
        let shownReason = try await inspectReason(reason)
        let vote = ApprovalVote(
            principalID: caller.principal.id, approves: approves, reason: shownReason, time: clock.now())
        try await approvals.cast(vote, roles: caller.principal.roles, on: approvalID)
        do {
            var entry = Recorder.Entry(.approval, state: approves ? "approving" : "denying")
            entry.vote = (voter: vote.principalID, approves: approves, reason: shownReason)
            entry.binding = approval.binding
            try await recorder.append(entry, of: passage, .durable)
        } catch {
            try await approvals.withdraw(vote.principalID, on: approvalID)
            throw error
        }
        let voted = try await approvals.count(vote.principalID, on: approvalID, isRunning)
        passage.decision = nil
        try await tellVote(voted.approval, vote, passage)
        return voted
    }

    /// A refused vote is recorded as well.
    private func check(
        _ caller: Caller, _ approves: Bool, _ binding: String?, _ approval: Approval, _ passage: Passage
    ) async throws {
        do {
            try Ballot.check(caller.principal, on: approval, approves: approves)
            try Ballot.checkState(approval, binding: binding, at: clock.now())
            guard !approves || isRunning(approval.requesterID) else {
                throw GatehouseError("gate", .denied, "\(approval.requesterID), who asked for it, has been stopped")
            }
        } catch {
            var entry = Recorder.Entry(.approval, state: "refused")
            entry.vote = (voter: caller.principal.id, approves: approves, reason: "")
            entry.error = GatehouseError.wrapping(error)
            try await recorder.append(entry, of: passage, .written)
            throw error
        }
    }

    private func tellVote(_ approval: Approval, _ vote: ApprovalVote, _ passage: Passage) async throws {
        if approval.state == .denied {
            let error = GatehouseError("gate", .denied, "\(vote.principalID) denied it: \(vote.reason)")
            var passage = passage
            follow(&passage)
            _ = await refused(passage, error)
        } else {
            events.publish {
                GateEvent(
                    .approved, actionID: passage.id, principalID: vote.principalID, time: vote.time,
                    detail: [
                        "approval": .string(approval.id), "votes": JSON(approval.votes.count),
                        "quorum": JSON(approval.rule.quorum),
                    ])
            }
        }
    }

    private func inspectReason(_ reason: String) async throws -> String {
        guard !inspection.isEmpty else { return reason }
        return try await inspection.inspect(.string(reason), .request, tool: "gate.vote").value.string ?? ""
    }

    /// Whether the kill switch has left a principal alone.
    var isRunning: @Sendable (String) -> Bool {
        { [identity] id in !identity.isStopped(id) }
    }
}

extension Submission {
    /// Of a `reveal`, the approver learns that it was done, and not what was revealed.
    fileprivate func shownToApprover(_ effect: Effect) -> Submission {
        guard effect == .reveal, case .answered(let id, let answer, let leaf) = self else { return self }
        return .answered(
            actionID: id, Answer(["withheld": "given to the requester only"], usage: answer.usage), leaf: leaf)
    }
}
