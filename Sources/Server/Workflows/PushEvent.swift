import Core
import Flow
import JSON

/// What forges say of a push, all in the shape that GitHub began with: `ref`, `after`, and the paths of each commit.
enum PushEvent {
    /// The header that says what happened, and what it says of a push; nil for requests that are always one.
    static func header(_ kind: WorkflowSettings.Hook.Kind) -> (name: String, push: String)? {
        switch kind {
        case .github: ("X-GitHub-Event", "push")
        case .gitea: ("X-Gitea-Event", "push")
        case .gitlab: ("X-Gitlab-Event", "Push Hook")
        case .generic, .push, .alert, .event: nil
        }
    }

    /// Nil where no branch has anything new: tags, and branches that are gone.
    static func read(_ body: JSON) throws -> FlowEvent? {
        guard let ref = body["ref"]?.string else {
            throw GatehouseError("hooks", .invalid, "the push does not say what was pushed to", hint: "send \"ref\"")
        }
        guard ref.hasPrefix("refs/heads/"), !isNothing(body["after"]?.string ?? "") else { return nil }
        return .push(branch: String(ref.dropFirst("refs/heads/".count)), paths: paths(body))
    }

    /// The commit that git writes for none.
    private static func isNothing(_ commit: String) -> Bool {
        !commit.isEmpty && commit.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// Nil where they are not all there: a branch's beginning has none, and GitLab tells of no more than 20 commits.
    private static func paths(_ body: JSON) -> [String]? {
        let commits = body["commits"]?.array ?? []
        guard !commits.isEmpty, (body["total_commits_count"]?.int ?? 0) <= commits.count else { return nil }
        var paths: Set<String> = []
        for commit in commits {
            for kind in ["added", "modified", "removed"] {
                for path in commit[kind]?.array ?? [] { if let path = path.string { paths.insert(path) } }
            }
        }
        return paths.sorted()
    }
}
