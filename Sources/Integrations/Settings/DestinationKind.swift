/// The kinds of destinations that there are: an explicit list, from which configuration, documents and checks are made.
public enum DestinationKind: String, Sendable, Hashable, CaseIterable {
    case pagerduty, opsgenie, jira
    case githubIssue = "github_issue"
    case githubPullRequest = "github_pull_request"
    case gitlabIssue = "gitlab_issue"
    case gitlabMergeRequest = "gitlab_merge_request"
    case splunk, datadog, slack, teams, webhook, email

    /// Keys that an entry of this kind has to have, and those that it may have, beside those of all kinds.
    var keys: (required: [String], optional: [String]) {
        switch self {
        case .pagerduty: (["token"], ["source"])
        case .opsgenie: (["token"], ["teams", "tags"])
        case .jira:
            (
                ["url", "user", "token", "project"],
                ["issue_type", "labels", "resolve_transition", "reopen_transition"]
            )
        case .githubIssue: (["token", "repository"], ["labels"])
        case .githubPullRequest: (["token", "repository"], ["base", "draft"])
        case .gitlabIssue: (["token", "project"], ["labels"])
        case .gitlabMergeRequest: (["token", "project"], ["base", "labels"])
        case .splunk: (["url", "token"], ["index", "source", "source_type"])
        case .datadog: (["token"], ["service", "tags"])
        case .slack: (["token", "channel"], [])
        case .teams: (["webhook_url"], [])
        case .webhook: (["url"], ["signing_key", "headers"])
        case .email: (["server", "from", "to"], ["tls", "user", "token", "trust_file", "client_name"])
        }
    }

    static let common = ["name", "kind", "private", "timeout", "clearance"]

    /// The namespaced id of the integration that serves it.
    public var integration: String { "integrations.\(rawValue)" }

    /// Where it is when nothing else is said; nil where that has to be said.
    var standardURL: String? {
        switch self {
        case .pagerduty: PagerDuty.standardURL
        case .opsgenie: Opsgenie.standardURL
        case .githubIssue, .githubPullRequest: GitHub.standardURL
        case .gitlabIssue, .gitlabMergeRequest: GitLab.standardURL
        case .datadog: Datadog.standardURL
        case .slack: Slack.standardURL
        case .jira, .splunk, .teams, .webhook, .email: nil
        }
    }
}
