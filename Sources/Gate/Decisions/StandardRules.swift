import Core

extension Rule {
    /// Who approves where nothing else is said.
    static let approvers: Set<String> = ["security_lead", "admin"]
    static let breakGlass = "gate.session.break_glass"
    private static let stopping = ["gate.principal.kill", "gate.key.revoke", "gate.session.end"]
    /// Tools of the gate that a session's class does not hold up: they take power away, or are reviewed afterwards.
    static let emergencies = Set(stopping + [breakGlass])
    private static let acting: Set<String> = ["operator", "security_lead", "admin"]

    /// What holds where the organisation has no rule of its own.
    ///
    /// A change asks even when an approver makes it: four eyes. Who is alone on a machine has break-glass, with a
    /// reason and a review.
    static let standard: [Rule] = [
        Rule(
            "secret.outside", labels: [.secret], sendsOutside: true, outcome: .deny,
            reason: "a secret is not sent out of the organisation"),
        Rule(
            "stop.allow", roles: approvers, tools: stopping, outcome: .allow,
            reason: "what takes power away must not wait; it is recorded"),
        Rule(
            "break-glass.allow", roles: acting, kinds: [.person], tools: [breakGlass], outcome: .allow,
            reason: "a person may break the glass in an emergency; it is reviewed"),
        Rule(
            "break-glass.deny", tools: [breakGlass], outcome: .deny, reason: "only people who act here break the glass"),
        Rule(
            "review.allow", roles: approvers, kinds: [.person], tools: ["gate.review.close"], outcome: .allow,
            reason: "whoever did not break the glass may close its review"),
        Rule(
            "key.admin", roles: ["admin"], tools: ["gate.key.create"], outcome: .allow,
            reason: "an admin gives out keys; it is recorded"),
        Rule(
            "key.ask", roles: acting, tools: ["gate.key.create"], outcome: .ask(ApprovalRule(roles: approvers)),
            reason: "a key needs somebody who agrees"),
        Rule(
            "key.deny", tools: ["gate.key.create"], outcome: .deny, reason: "keys are given out by operators and admins"
        ),
        Rule(
            "destroy.ask", roles: acting, effects: [.destroy], outcome: .ask(ApprovalRule(roles: approvers, quorum: 2)),
            reason: "what cannot be undone needs two people who agree"),
        Rule(
            "reveal.admin", roles: ["admin"], effects: [.reveal], outcome: .allow,
            reason: "an admin may see secrets; it is recorded"),
        Rule(
            "reveal.ask", roles: ["developer", "operator", "security_lead"], effects: [.reveal],
            outcome: .ask(ApprovalRule(roles: approvers)), reason: "to see a secret needs somebody who agrees"),
        Rule(
            "policy.admin", roles: ["admin"],
            tools: ["policy.module.put", "policy.module.delete", "policy.data.put", "policy.data.delete"],
            outcome: .allow, reason: "an admin may put policy and data beside the gate's own; it is recorded"),
        Rule(
            "change.ask", roles: acting, effects: [.change], outcome: .ask(ApprovalRule(roles: approvers)),
            reason: "a change needs somebody who agrees"),
        Rule(
            "read.work", roles: acting.union(["developer"]), effects: [.read], outcome: .allow,
            reason: "reading and assessing are open to those who work here"),
        Rule(
            "assess.deny", tools: ["scan.assess"], outcome: .deny,
            reason: "assessing needs the role developer or a greater one"),
        Rule("read.viewer", roles: ["viewer"], effects: [.read], outcome: .allow, reason: "a viewer may read"),
    ]
}
