import Core
import Gate
import JSON

/// An approval as a channel shows it: what it is about, where it stands, and what became of its action.
struct ApprovalView: Sendable, Hashable {
    var id: String
    var title: String
    var facts: [Said.Fact]
    /// Nil while it waits.
    var outcome: String?
    /// Whether nothing about it will change any more.
    var isSettled: Bool
    /// A page of the console.
    var link: String?

    /// - Parameters:
    ///   - action: where the action stands, where that is known.
    ///   - console: the console's address.
    init(_ approval: Approval, action: ActionRecord.State?, console: String?) {
        id = approval.id
        title = approval.preview.summary.isEmpty ? approval.tool : approval.preview.summary
        link = console.map { "\($0)/approvals/\(approval.id)" }
        let agreed = approval.votes.filter(\.approves)
        facts = [
            Said.Fact(name: "Tool", value: approval.tool), Said.Fact(name: "Target", value: approval.target),
            Said.Fact(name: "Effect", value: approval.effect.rawValue),
            Said.Fact(name: "Asked for by", value: approval.requesterID),
            Said.Fact(name: "Undo", value: approval.preview.undo?.summary ?? "none"),
            Said.Fact(
                name: "Who may agree",
                value: "\(approval.rule.roles.sorted().joined(separator: " or ")), until \(approval.expires)"),
        ]
        if let reason = approval.reason { facts.append(Said.Fact(name: "Reason", value: reason)) }
        if approval.rule.quorum > 1 {
            facts.append(Said.Fact(name: "Agreed", value: "\(agreed.count) of \(approval.rule.quorum)"))
        }
        outcome = Self.outcome(approval, action)
        isSettled = Self.isSettled(approval.state, action)
    }

    private static func outcome(_ approval: Approval, _ action: ActionRecord.State?) -> String? {
        let agreed = approval.votes.filter(\.approves).map(\.principalID).joined(separator: ", ")
        switch approval.state {
        case .waiting: return nil
        case .approved: return "Approved by \(agreed)."
        case .consumed: return "Approved by \(agreed)\(became(action))."
        case .expired: return "Expired: nobody decided in time. Nothing was done."
        case .denied:
            let vote = approval.votes.first { !$0.approves }
            let who = vote?.principalID ?? "somebody"
            return who == approval.requesterID
                ? "Withdrawn by \(who). Nothing was done." : "Denied by \(who). Nothing was done."
        }
    }

    private static func became(_ action: ActionRecord.State?) -> String {
        switch action {
        case .done: ", and done"
        case .failed: "; it was tried and failed"
        case .denied: "; then policy denied it"
        case .unknown: "; what became of it was not seen"
        default: ""
        }
    }

    private static func isSettled(_ state: Approval.State, _ action: ActionRecord.State?) -> Bool {
        switch state {
        case .waiting, .approved: false
        case .denied, .expired: true
        case .consumed: action != .performing && action != .waiting
        }
    }
}
