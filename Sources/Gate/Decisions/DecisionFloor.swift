import Core

/// What holds whoever decides and whatever policy says: the session's class, the floor under `destroy`, and what a tool
/// itself demands.
enum DecisionFloor: String, Sendable, Hashable, CaseIterable {
    /// A `destroy` is never simply allowed.
    case destroyAsks = "destroy.floor"
    /// A class that names a role asks for that role. A greater quorum of the policy stays.
    case classAsks = "class.floor"
    /// Break-glass lets a person's change through that would have to wait; it is recorded, and reviewed afterwards.
    /// Never a `destroy`.
    case brokenGlass = "break-glass"
    /// A tool that names who agrees is heard, whatever its effect: see ``Tool/approval(for:)``. After break-glass, which
    /// does not lift it.
    case toolAsks = "tool.floor"

    /// Who approves where nothing else is said.
    static let approvers: Set<String> = ["security_lead", "admin"]
    /// Tools of the gate that a session's class does not hold up: they take power away, or are reviewed afterwards.
    static let unhindered: Set<String> = [
        "gate.principal.kill", "gate.key.revoke", "gate.session.end", "gate.session.break_glass",
    ]

    static func applied(to decision: Decision, on input: DecisionInput) -> Decision {
        allCases.reduce(decision) { $1.apply(to: $0, on: input) }
    }

    /// The decision as this floor leaves it.
    func apply(to decision: Decision, on input: DecisionInput) -> Decision {
        guard decision.verdict != .deny, input.effect >= .change || self == .toolAsks else { return decision }
        switch self {
        case .destroyAsks: return Self.destroyAsks(decision, input)
        case .classAsks: return Self.classAsks(decision, input)
        case .brokenGlass: return Self.brokenGlass(decision, input)
        case .toolAsks: return Self.toolAsks(decision, input)
        }
    }

    /// For explanations: what it does, and what to do about it.
    var words: (title: String, remedy: String) {
        switch self {
        case .destroyAsks:
            ("a destroy is never simply allowed", "no policy lifts this: somebody has to agree")
        case .classAsks:
            (
                "the session's class names who agrees",
                "work in a session of another class, or change the class's approval in the configuration"
            )
        case .brokenGlass: ("break-glass is in force", "end the session, or wait until break-glass is over")
        case .toolAsks: ("the tool itself names who agrees", "no policy lifts this: one of those it names has to agree")
        }
    }

    private static func destroyAsks(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard input.effect == .destroy, decision.verdict == .allow else { return decision }
        return decision.asking(
            ApprovalRule(roles: approvers),
            "\(decision.reason); what cannot be undone always needs somebody who agrees")
    }

    private static func classAsks(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard case .role(let role) = input.session.sessionClass.approval, !unhindered.contains(input.action.tool)
        else { return decision }
        var rule = ApprovalRule(roles: [role])
        if case .ask(let asked) = decision.verdict {
            guard asked.roles != rule.roles else { return decision }
            rule.quorum = asked.quorum
            rule.expires = asked.expires
        }
        return decision.asking(
            rule,
            "\(decision.reason); sessions of class \(input.session.sessionClass.name) need the approval of \(role)")
    }

    private static func toolAsks(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard let demanded = input.approval else { return decision }
        var rule = demanded
        if case .ask(let asked) = decision.verdict { rule = asked.beside(demanded) }
        guard decision.verdict != .ask(rule) else { return decision }
        return decision.asking(rule, "\(decision.reason); \(input.action.tool) itself names who agrees")
    }

    private static func brokenGlass(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard input.session.breakGlass != nil, input.principal.kind == .person, input.effect == .change,
            case .ask = decision.verdict
        else { return decision }
        var decision = decision
        decision.verdict = .allow
        decision.reason = "break-glass is in force and will be reviewed; else: \(decision.reason)"
        decision.rule = "\(Self.brokenGlass.rawValue):\(decision.rule)"
        return decision
    }
}

extension Decision {
    fileprivate func asking(_ rule: ApprovalRule, _ reason: String) -> Decision {
        var decision = self
        decision.verdict = .ask(rule)
        decision.reason = reason
        return decision
    }
}

extension ApprovalRule {
    /// Both rules at once: a role that both name, the greater quorum and the shorter time. Where no role is in both, those
    /// of policy count: what a workflow's file says does not let others agree than the organisation wants.
    fileprivate func beside(_ demanded: ApprovalRule) -> ApprovalRule {
        let common = roles.intersection(demanded.roles)
        return ApprovalRule(
            roles: common.isEmpty ? roles : common, quorum: max(quorum, demanded.quorum),
            expires: min(expires, demanded.expires))
    }
}
