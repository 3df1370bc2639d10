import Core

extension Rule {
    /// Who approves where nothing else is said.
    static let approvers: Set<String> = ["security_lead", "admin"]
    private static let acting: Set<String> = ["operator", "security_lead", "admin"]

    /// What holds where the organisation has no rule of its own.
    ///
    /// A change asks even when an approver makes it: four eyes. Who is alone on a machine has break-glass, with a reason and a review.
    static let standard: [Rule] = [
        Rule(
            "secret.outside", labels: [.secret], sendsOutside: true, outcome: .deny,
            reason: "a secret is not sent out of the organisation"),
        Rule(
            "destroy.ask", roles: acting, effects: [.destroy], outcome: .ask(ApprovalRule(roles: approvers, quorum: 2)),
            reason: "what cannot be undone needs two people who agree"),
        Rule("reveal.admin", roles: ["admin"], effects: [.reveal], outcome: .allow, reason: "an admin may see secrets; it is recorded"),
        Rule(
            "reveal.ask", roles: ["developer", "operator", "security_lead"], effects: [.reveal],
            outcome: .ask(ApprovalRule(roles: approvers)), reason: "to see a secret needs somebody who agrees"),
        Rule(
            "change.ask", roles: acting, effects: [.change], outcome: .ask(ApprovalRule(roles: approvers)),
            reason: "a change needs somebody who agrees"),
        Rule(
            "read.work", roles: acting.union(["developer"]), effects: [.read], outcome: .allow,
            reason: "reading and assessing are open to those who work here"),
        Rule("assess.deny", tools: ["scan.assess"], outcome: .deny, reason: "assessing needs the role developer or a greater one"),
        Rule("read.viewer", roles: ["viewer"], effects: [.read], outcome: .allow, reason: "a viewer may read"),
    ]
}
