import Core

/// What holds whoever decides, rule table or policy: the session's class and the floor under `destroy`.
enum DecisionFloor {
    static func applied(to decision: Decision, on input: DecisionInput) -> Decision {
        guard input.effect >= .change, decision.verdict != .deny else { return decision }
        return brokenGlass(classAsks(destroyAsks(decision, input), input), input)
    }

    /// A `destroy` is never simply allowed.
    private static func destroyAsks(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard input.effect == .destroy, decision.verdict == .allow else { return decision }
        return decision.asking(
            ApprovalRule(roles: Rule.approvers),
            "\(decision.reason); what cannot be undone always needs somebody who agrees")
    }

    /// A class that names a role asks for that role. A greater quorum of the policy stays.
    private static func classAsks(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard case .role(let role) = input.session.sessionClass.approval, !Rule.emergencies.contains(input.action.tool)
        else {
            return decision
        }
        var rule = ApprovalRule(roles: [role])
        if case .ask(let asked) = decision.verdict {
            rule.quorum = asked.quorum
            rule.expires = asked.expires
        }
        return decision.asking(
            rule,
            "\(decision.reason); sessions of class \(input.session.sessionClass.name) need the approval of \(role)")
    }

    /// Break-glass lets a person's change through that would have to wait; it is recorded, and reviewed afterwards.
    /// Never a `destroy`.
    private static func brokenGlass(_ decision: Decision, _ input: DecisionInput) -> Decision {
        guard input.session.breakGlass != nil, input.principal.kind == .person, input.effect == .change,
            case .ask = decision.verdict
        else { return decision }
        var decision = decision
        decision.verdict = .allow
        decision.reason = "break-glass is in force and will be reviewed; else: \(decision.reason)"
        decision.rule = "break-glass:\(decision.rule)"
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
