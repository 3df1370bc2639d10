public import Config
import JSON

extension IntegrationsSettings {
    public static let field = Field(
        "integrations",
        .object([
            Field(
                "destinations", .list(of: .object(destination)), "Whom the house can tell something.", default: [],
                example: [["name": "on-call", "kind": "pagerduty", "token": "${PAGERDUTY_ROUTING_KEY}"]]),
            Field("attempts", .int(1...100), "Tries of one send; then it is a dead letter.", default: 14),
            Field("first_pause", .duration, "Before the second try; doubled for each one after that.", default: "2s"),
            Field("longest_pause", .duration, "Between two tries.", default: "15m"),
            Field("concurrency", .int(1...256), "Sends under way at a time, all together.", default: 16),
            Field("concurrency_per_destination", .int(1...64), "Sends under way to one destination.", default: 4),
            Field(
                "waiting", .int(1...1_000_000), "Sends that wait for one destination; more are refused.", default: 10000
            ),
            Field("keep", .duration, "How long what was delivered is remembered.", default: "30d"),
        ]), "Systems that are told of findings, incidents and approvals: see `docs/integrations.md`.", default: [:])

    private static let destination: [Field] = common + addresses + details + mail

    private static let common = [
        Field("name", .string, "How it is called here.", example: "on-call", required: true),
        Field(
            "kind", .enumeration(DestinationKind.allCases.map(\.rawValue)),
            "What it is. Which of the keys below it takes is in `docs/integrations.md`.", required: true),
        Field(
            "private", .bool,
            "Whether it is within your own network: only then may its address be a private one, or be without TLS.",
            default: false),
        Field("timeout", .duration, "Of one request.", default: "10s"),
        Field(
            "clearance", .list(of: .string), "Labels that what is sent there may have.", default: ["untrusted"],
            example: ["untrusted", "confidential"]),
    ]

    private static let addresses = [
        Field(
            "url", .url, "Its address, where it is another than the vendor's usual.",
            example: "https://api.eu.opsgenie.com"),
        Field("token", .secret, "The key, token or password that it takes.", example: "${PAGERDUTY_ROUTING_KEY}"),
        Field("user", .string, "Jira: the token's user. Mail: who signs in.", example: "bot@example.org"),
        Field("signing_key", .secret, "Webhook: signs each request.", example: "file:/etc/gatehouse/webhook.key"),
        Field("headers", .map(of: .secret, keys: .any), "Webhook: sent with each request."),
    ]

    private static let details = [
        Field("channel", .string, "Slack: the channel's id.", example: "C0123456789"),
        Field(
            "webhook_url", .secret, "Teams: the address of a workflow that posts to a channel.",
            example: "${TEAMS_WEBHOOK_URL}"),
        Field("project", .string, "Jira: the project's key. GitLab: group/name, or the project's number."),
        Field("repository", .string, "GitHub: owner/name.", example: "acme/shop"),
        Field(
            "issue_type", .string, "Jira: the type of issues that are made: Task where nothing is said.", example: "Bug"
        ),
        Field("labels", .list(of: .string), "Labels of issues and requests."),
        Field("resolve_transition", .string, "Jira: id of the transition that a resolved notice takes.", example: "31"),
        Field("reopen_transition", .string, "Jira: id of the transition that opens an issue again."),
        Field("base", .string, "Pull and merge requests: the branch that they go into: main where nothing is said."),
        Field("draft", .bool, "GitHub: whether pull requests begin as drafts."),
        Field("teams", .list(of: .string), "Opsgenie: names of the teams that are told."),
        Field("tags", .list(of: .string), "Opsgenie and Datadog: further tags."),
        Field("source", .string, "PagerDuty and Splunk: what events come from: gatehouse where nothing is said."),
        Field("source_type", .string, "Splunk: gatehouse:notice where nothing is said."),
        Field("index", .string, "Splunk: the index, where it is not the token's own."),
        Field("service", .string, "Datadog: gatehouse where nothing is said."),
    ]

    private static let mail = [
        Field("server", .string, "Mail: host and port of the server.", example: "smtp.example.org:587"),
        Field(
            "tls", .enumeration(MailServer.Security.allCases.map(\.rawValue)),
            "Mail: starttls where nothing is said; implicit for port 465; none, in a private network, without a user."),
        Field(
            "trust_file", .string,
            "Mail: certificates that are trusted instead of the system's, from this file's folder on."),
        Field("client_name", .string, "Mail: what the house calls itself to the server."),
        Field("from", .string, "Mail: who it is from.", example: "Gatehouse <gatehouse@example.org>"),
        Field("to", .list(of: .string), "Mail: who it is for.", example: ["security@example.org"]),
    ]
}
