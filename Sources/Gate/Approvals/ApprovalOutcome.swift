/// What a vote led to.
public enum ApprovalOutcome: Sendable {
    /// It counts; more are needed.
    case recorded(Approval)
    /// It was the last one: the action has been performed.
    case performed(Submission)
}
