public import Config
import Core
import JSON

extension ChannelsSettings {
    public static let field = Field(
        "channels", .map(of: .object(channel)),
        "Chat channels by which people speak with the house, by name: see `docs/channels.md`.", default: [:])

    private static let channel: [Field] = common + keys

    private static let severities: [String] = Severity.allCases.map(\.rawValue)

    private static let common = [
        Field("kind", .enumeration(ChannelKind.allCases.map(\.rawValue)), "What it is.", required: true),
        Field(
            "users", .map(of: .string, keys: .any),
            "Who is who: ids of the channel's, and the principals of the house that they are. Others can do nothing.",
            default: [:], example: ["U012AB3CD": "alice"]),
        Field(
            "private", .bool,
            "Whether its address is within your own network: only then may it be a private one, or be without TLS.",
            default: false),
        Field(
            "approvals", .bool, "Whether approvals that wait are told there, to be decided there.", default: false),
        Field(
            "tell",
            .object([
                Field("from", .enumeration(severities), "Incidents of this severity and above.", default: "medium")
            ]), "What is told there that nobody asked for.", default: [:]),
        Field(
            "wake", .map(of: .string),
            "Whom an incident calls, by severity: `<@U…>`, `<!subteam^S…>`, `@channel` or `@here`. Others call nobody.",
            default: [:], example: ["critical": "@channel"]),
    ]

    private static let keys = [
        Field(
            "signing_secret", .secret, "Slack: of the app, by which its requests are known.",
            example: "${SLACK_SIGNING_SECRET}"),
        Field("token", .secret, "Slack: the bot's token.", example: "${SLACK_BOT_TOKEN}"),
        Field(
            "channel", .string, "Slack: id of the channel that is told what nobody asked for.", example: "C0123456789"),
        Field("security_token", .secret, "Teams: of the outgoing webhook.", example: "${TEAMS_SECURITY_TOKEN}"),
        Field(
            "webhook_url", .secret, "Teams: address of a workflow that posts to a channel.",
            example: "file:/etc/gatehouse/teams.url"),
        Field("secret", .secret, "Webhook: what requests are signed with.", example: "file:/etc/gatehouse/chat.key"),
        Field(
            "url", .url,
            "Slack: of the API, where it is another than Slack's. Webhook: where late replies and notices are sent. "
                + "Twilio: the public address that Twilio calls for incoming calls, `https://…/channels/NAME`, with which it "
                + "signs."),
        Field(
            "account", .string, "Twilio: the account's id.", example: "AC0123456789abcdef0123456789abcdef"),
        Field(
            "auth_token", .secret,
            "Twilio: of the account, by which its requests are known and recordings are fetched.",
            example: "${TWILIO_AUTH_TOKEN}"),
        Field(
            "pins", .map(of: .secret, keys: .any),
            "Twilio: what a caller presses to be believed, by number: 6 to 12 digits. A number without one cannot speak.",
            example: ["+4915112345678": "${ALICE_PIN}"]),
        Field(
            "confirm", .string,
            "Twilio: the channel in which a plan of a call is agreed to. Without it: the console's page Chat.",
            example: "ops"),
        Field("language", .string, "Twilio: in whose voice replies are spoken.", example: "en-US"),
        Field("api", .url, "Twilio: of the API, where it is another than Twilio's usual one."),
    ]
}
