import Core

/// Whether what it mends is worth a change at all.
struct SeverityBench: Bench {
    let name = "severity"

    func opinion(on proposal: ChangeProposal) -> Opinion {
        if proposal.isExploited { return Opinion(.approve, "what it mends is known to be exploited") }
        guard let worst = proposal.severities.max() else { return Opinion(nil, "it does not say what it mends") }
        switch worst {
        case .critical, .high, .medium: return Opinion(.approve, "the worst that it mends is \(worst.rawValue)")
        case .low, .info: return Opinion(.revise, "the worst that it mends is \(worst.rawValue): it can wait")
        }
    }
}

/// Whether a person can look through all of it.
struct SizeBench: Bench {
    private static let readable = (files: 20, lines: 400)
    private static let most = (files: 60, lines: 2000)

    let name = "size"

    func opinion(on proposal: ChangeProposal) -> Opinion {
        guard proposal.isShown else { return Opinion(nil, "there is no diff to look at") }
        let size = "\(proposal.lines) lines in \(proposal.files.count) files"
        if proposal.files.count > Self.most.files || proposal.lines > Self.most.lines {
            return Opinion(.refuse, "\(size) are more than anybody reads")
        }
        if proposal.files.count > Self.readable.files || proposal.lines > Self.readable.lines {
            return Opinion(.revise, "\(size): smaller parts would be looked at more closely")
        }
        return Opinion(.approve, "\(size) can be read at once")
    }
}

/// What breaks with it if it is wrong.
struct BlastBench: Bench {
    let name = "blast radius"

    func opinion(on proposal: ChangeProposal) -> Opinion {
        guard proposal.isShown else { return Opinion(nil, "which files it changes is not known") }
        let areas = Area.allCases.filter { area in proposal.files.contains(where: area.holds) }
        let names = areas.map(\.rawValue).joined(separator: " and ")
        let takesSecrets = proposal.fixes.contains { $0.kind == "secret" }
        if takesSecrets, !areas.isEmpty {
            return Opinion(.refuse, "it changes \(names) and takes out secrets, which cannot be put back")
        }
        if takesSecrets {
            return Opinion(.revise, "it takes out secrets: what needs them stops until they are given anew")
        }
        if !areas.isEmpty { return Opinion(.revise, "it changes \(names): whoever owns that looks first") }
        if proposal.fixes.contains(where: \.isMajor) {
            return Opinion(.revise, "it moves to another major version: what uses it may have to follow")
        }
        return Opinion(.approve, "it changes nothing that much else stands on")
    }

    /// Parts of a repository that much else stands on.
    enum Area: String, CaseIterable {
        case pipeline = "the pipeline"
        case infrastructure = "the infrastructure"
        case access = "who is let in"
        case data = "how data is kept"

        func holds(_ path: String) -> Bool {
            let path = path.lowercased()
            let parts = path.split(separator: "/")
            let name = parts.last ?? ""
            switch self {
            case .pipeline:
                return path.hasPrefix(".github/workflows/") || name == ".gitlab-ci.yml" || name == "jenkinsfile"
                    || name == "azure-pipelines.yml" || path.hasPrefix(".circleci/")
            case .infrastructure:
                return name.hasSuffix(".tf") || name.hasSuffix(".tfvars")
                    || !Set(parts.dropLast()).isDisjoint(with: ["terraform", "k8s", "kubernetes", "helm", "charts"])
            case .access:
                return Self.words(path).contains {
                    ["auth", "login", "oauth", "saml", "iam", "rbac", "acl"].contains($0)
                }
            case .data: return Self.words(path).contains { ["migration", "migrations", "schema"].contains($0) }
            }
        }

        private static func words(_ path: String) -> [Substring] {
            path.split { !$0.isLetter && !$0.isNumber }
        }
    }
}

/// Whether it was shown to help.
struct ProofBench: Bench {
    let name = "proof"

    func opinion(on proposal: ChangeProposal) -> Opinion {
        guard !proposal.fixes.isEmpty else { return Opinion(nil, "it names no fixes") }
        let unproven = proposal.fixes.count { $0.proof == nil }
        if unproven > 0 { return Opinion(.refuse, "nothing proves \(unproven) of its fixes") }
        let judged = proposal.fixes.count { $0.proof != "assessed" }
        if judged > 0 {
            return Opinion(.revise, "of \(judged) fixes the lockfile has to follow before they are proven")
        }
        let risky = proposal.fixes.count { $0.risks > 0 }
        if risky > 0 { return Opinion(.revise, "\(risky) of its fixes name something that may break") }
        return Opinion(.approve, "each fix was proven by looking again")
    }
}
