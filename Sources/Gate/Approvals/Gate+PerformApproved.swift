import Core
import Logging

extension Gate {
    /// Performs what was agreed to, after looking at everything once more: time has passed since it was asked for.
    func performApproved(_ approvalID: String) async throws -> Submission {
        let kept = try await approvals.kept(approvalID)
        let action = try await actions.find(kept.approval.actionID)
        var passage: Passage
        do {
            passage = try await self.passage(of: action, approvalID: approvalID)
        } catch {
            // Its tool is gone: there is nothing left to perform it with.
            try await approvals.void(approvalID, from: .approved, to: .expired)
            try await actions.move(action.id, from: .waiting, to: .denied)
            throw error
        }
        follow(&passage)
        do {
            try await recheck(kept, action, &passage)
        } catch {
            try await approvals.void(approvalID, from: .approved, to: .expired)
            throw await refused(passage, error)
        }
        try await approvals.consume(approvalID, for: passage.id)
        return try await perform(passage)
    }

    private func recheck(_ kept: KeptApproval, _ action: KeptAction, _ passage: inout Passage) async throws {
        let approval = kept.approval
        guard approval.state == .approved, action.record.state == .waiting else {
            throw Approvals.settled(approval.id, approval.state)
        }
        guard clock.now() < approval.expires else { throw Approvals.settled(approval.id, .expired) }
        let caller = Caller(principal: passage.principal, session: passage.session)
        passage.session = try current(caller)
        try checkBinding(approval, passage)
        guard try effect(of: passage.action.arguments, passage.entry) == passage.effect else {
            throw GatehouseError("gate", .conflict, "\(approval.tool) would now do something else than was approved")
        }
        try await decide(&passage)
        try checkPolicy(approval, passage.decision?.policyRevision)
        if case .ask(let rule)? = passage.decision?.verdict {
            guard kept.satisfies(rule, isRunning) else {
                throw GatehouseError("gate", .denied, "policy now asks for more than the approvals that were given")
            }
        }
        guard kept.satisfies(approval.rule, isRunning) else {
            throw GatehouseError("gate", .denied, "somebody who approved has been stopped since")
        }
    }

    /// An approval holds for what was shown, under the policy of then, and for nothing else.
    private func checkBinding(_ approval: Approval, _ passage: Passage) throws {
        let binding = try Binding.hash(
            of: passage.action, requester: passage.principal.id, session: passage.session.id, preview: approval.preview,
            policyRevision: approval.policyRevision)
        guard ConstantTime.equal(binding.utf8, approval.binding.utf8) else {
            throw GatehouseError(
                "gate", .corrupt, "action \(passage.id) is not the one that was approved: its binding differs",
                hint: "find out who changed the database")
        }
        try checkPolicy(approval, decider.revision)
    }

    private func checkPolicy(_ approval: Approval, _ revision: String?) throws {
        guard approval.policyRevision == revision else {
            throw GatehouseError(
                "gate", .conflict, "the policy has changed since \(approval.id) was asked for",
                hint: "submit the action again to ask anew")
        }
    }

    /// An action that was kept, back on its way.
    func passage(of kept: KeptAction, approvalID: String?) async throws -> Passage {
        let record = kept.record
        let session =
            (try? sessions.current(record.sessionID))
            ?? Session(
                id: record.sessionID, principalID: record.principalID, sessionClass: kept.sessionClass,
                labels: kept.labels,
                started: record.submitted, expires: record.submitted)
        // Roles as they are now; those of a token's bearer are known from when it was shown.
        let principal = (try? await identity.principal(record.principalID)) ?? kept.principal
        var passage = Passage(
            principal: principal, session: session, entry: try tools.entry(record.action.tool), action: record.action,
            reason: record.reason, submitted: record.submitted, isLocal: kept.isLocal, effect: record.effect)
        passage.labels = kept.labels
        passage.isInspected = true
        passage.argumentsHash = try Hashing.canonical(record.action.arguments)
        passage.preview = record.preview
        passage.approvalID = approvalID
        passage.fingerprint = kept.fingerprint
        return passage
    }

    /// Ends the approvals whose time is over, and records it.
    func expireApprovals() async throws {
        for id in try await approvals.expire(at: clock.now()) {
            let action = try await actions.find(id)
            guard var passage = try? await passage(of: action, approvalID: nil) else {
                logger.warning("an approval expired whose tool is gone", metadata: ["action": "\(id)"])
                continue
            }
            try await recorder.append(.init(.approval, state: Approval.State.expired.rawValue), of: passage, .written)
            follow(&passage)
            let late = GatehouseError("gate", .denied, "nobody settled it in time")
            tell(.denied, passage, error: late)
            report(passage, Conclusion(state: .expired, error: late))
        }
    }
}
