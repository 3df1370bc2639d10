import Core

/// Who may vote on what. Pure: state comes in, a refusal comes out.
enum Ballot {
    /// - Throws: `denied`, with the reason.
    static func check(_ voter: Principal, on approval: Approval, approves: Bool) throws {
        // Whoever asked may withdraw, but never agree.
        if voter.id == approval.requesterID {
            guard approves else { return }
            throw GatehouseError(
                "gate", .denied, "nobody approves what they asked for themselves",
                hint: "somebody else with the role \(roles(approval)) has to agree")
        }
        guard voter.kind == .person else {
            throw GatehouseError(
                "gate", .denied, "\(voter.name) is a \(voter.kind.rawValue), and only people approve or deny")
        }
        guard !voter.roles.isDisjoint(with: approval.rule.roles) else {
            throw GatehouseError(
                "gate", .denied, "\(approval.id) needs the role \(roles(approval)), which \(voter.name) does not have")
        }
    }

    /// - Throws: `conflict` when it is settled or its time is over, or when what the voter was shown is not what is
    ///   kept.
    static func checkState(_ approval: Approval, binding: String?, at now: Timestamp) throws {
        guard approval.state == .waiting else { throw Approvals.settled(approval.id, approval.state) }
        guard now < approval.expires else { throw Approvals.settled(approval.id, .expired) }
        if let binding, !ConstantTime.equal(binding.lowercased().utf8, approval.binding.utf8) {
            throw GatehouseError(
                "gate", .conflict, "what was shown is not what \(approval.id) would approve: the bindings differ",
                hint: "look at it again")
        }
    }

    private static func roles(_ approval: Approval) -> String { approval.rule.roles.sorted().joined(separator: " or ") }
}
