import JSON

/// A duty by the words that ask for it: the first row that fits decides.
struct Duty: Sendable {
    enum Holder: Sendable, Hashable {
        case agent(String)
        /// Where there is one of this name, and a folder to run it on; else the agent.
        case workflow(String, else: String)
    }

    let holder: Holder
    let words: Set<String>
    /// Of the agent's input, where one of them has to be there.
    var needs: [String] = []

    static let all: [Duty] = [
        Duty(
            holder: .agent("designer"),
            words: [
                "write", "draft", "document", "report", "timeline", "postmortem", "present", "summarize", "summarise",
            ]),
        Duty(
            holder: .agent("council"),
            words: ["should", "weigh", "decide", "vote", "opinion", "worth", "acceptable", "council"],
            needs: ["proposal"]),
        Duty(
            holder: .workflow("incident-response", else: "explorer"),
            words: [
                "incident", "breach", "breached", "compromised", "intrusion", "intruder", "attacked", "hacked",
                "leaked",
            ],
            needs: ["path"]),
        Duty(
            holder: .workflow("compliance", else: "librarian"),
            words: [
                "compliance", "compliant", "controls", "audit", "auditor", "soc2", "cis", "nist", "iso", "pci", "hipaa",
            ]),
        Duty(
            holder: .workflow("continuous-assessment", else: "fixer"),
            words: ["continuously", "secure", "harden"], needs: ["path"]),
        Duty(
            holder: .agent("fixer"),
            words: ["fix", "fixes", "mend", "repair", "patch", "upgrade", "remediate", "remediation"], needs: ["path"]),
        Duty(
            holder: .agent("librarian"),
            words: [
                "advisory", "advisories", "cve", "cwe", "kev", "epss", "exploited", "explain", "weakness", "reference",
                "references", "version", "versions",
            ]),
        Duty(
            holder: .agent("oracle"),
            words: [
                "risk", "risks", "risky", "rank", "prioritise", "prioritize", "priority", "first", "plan", "worst",
                "urgent", "threat", "threats", "judge",
            ]),
        Duty(
            holder: .agent("explorer"),
            words: [
                "assess", "scan", "map", "explore", "look", "find", "check", "inspect", "analyse", "analyze", "secrets",
                "vulnerabilities", "surface", "components", "changed", "review",
            ], needs: ["path", "repository", "assessment"]),
    ]

    /// By what is given, where the words say nothing.
    static let byInput: [(member: String, agent: String)] = [
        ("proposal", "council"), ("events", "designer"), ("packages", "librarian"), ("findings", "oracle"),
        ("path", "explorer"), ("repository", "explorer"), ("assessment", "explorer"),
    ]

    /// The members that each agent's schema of input has, of those that a request may bring.
    static let members: [String: Set<String>] = [
        "designer": [
            "kind", "title", "subject", "summary", "framework", "since", "events", "log", "findings", "open", "risk",
            "ranked",
            "plan", "entries", "fixes", "left", "council", "decisions", "gaps",
        ],
        "council": ["proposal"],
        "fixer": ["path", "assessment", "findings", "rules", "run_package_managers"],
        "librarian": ["findings", "repository", "text", "assessment", "packages", "lookups"],
        "oracle": ["findings", "repository", "text", "assessment", "path", "map", "threats", "gaps", "asset"],
        "explorer": ["path", "since", "history", "repository", "assessment", "text"],
    ]
}
