import Core
import JSON

extension Gate {
    /// Step 5: keeps the action, with the approval that it waits for.
    func ask(_ rule: ApprovalRule, for passage: Passage) async throws -> Submission {
        var passage = passage
        // Without a preview of the tool's, people see what it is called with.
        let preview =
            passage.preview
            ?? Preview(summary: passage.descriptor.title, facts: ["arguments": passage.action.arguments], undo: nil)
        let now = clock.now()
        let policy = passage.decision?.policyRevision ?? decider.revision
        let binding = try Binding.hash(
            of: passage.action, requester: passage.principal.id, session: passage.session.id, preview: preview,
            policyRevision: policy)
        let approval = Approval(
            id: Identifier.make("apr", at: now), actionID: passage.id, requesterID: passage.principal.id,
            tool: passage.action.tool,
            target: passage.action.target, effect: passage.effect, reason: passage.reason, preview: preview,
            binding: binding,
            policyRevision: policy, rule: rule, votes: [], state: .waiting, requested: now, expires: now + rule.expires)
        passage.preview = preview
        passage.approvalID = approval.id
        var entry = Recorder.Entry(.approval, state: Approval.State.waiting.rawValue)
        entry.binding = binding
        try await recorder.append(entry, of: passage, .durable)
        // The action is bound to its session, which has to be there after a restart as well.
        try await sessions.flush(passage.session.id)
        try await approvals.open(approval, for: passage)
        tell(.waiting, passage)
        report(passage, Conclusion(state: .waiting))
        return .waiting(actionID: passage.id, approval: approval)
    }
}
