public import Core

/// A request for people to agree to one exact action, as anyone may look at it.
public struct Approval: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        case waiting, approved, denied, expired, consumed
    }

    /// `apr_…`
    public let id: String
    public let actionID: String
    public let requesterID: String
    public let tool: String
    public let target: String
    public let effect: Effect
    /// Why it was asked for, in the requester's words.
    public let reason: String?
    public let preview: Preview
    /// SHA-256 in hex over (canonical action, preview, policy revision): what an approver agrees to.
    public let binding: String
    public let policyRevision: String
    public let rule: ApprovalRule
    public let votes: [ApprovalVote]
    public let state: State
    public let requested: Timestamp
    public let expires: Timestamp

    public init(
        id: String, actionID: String, requesterID: String, tool: String, target: String, effect: Effect,
        reason: String?,
        preview: Preview, binding: String, policyRevision: String, rule: ApprovalRule, votes: [ApprovalVote],
        state: State,
        requested: Timestamp, expires: Timestamp
    ) {
        self.id = id
        self.actionID = actionID
        self.requesterID = requesterID
        self.tool = tool
        self.target = target
        self.effect = effect
        self.reason = reason
        self.preview = preview
        self.binding = binding
        self.policyRevision = policyRevision
        self.rule = rule
        self.votes = votes
        self.state = state
        self.requested = requested
        self.expires = expires
    }
}

public struct ApprovalVote: Sendable, Hashable {
    public let principalID: String
    public let approves: Bool
    public let reason: String
    public let time: Timestamp

    public init(principalID: String, approves: Bool, reason: String, time: Timestamp) {
        self.principalID = principalID
        self.approves = approves
        self.reason = reason
        self.time = time
    }
}
