/// The kinds of channels that there are: an explicit list, from which configuration and checks are made.
public enum ChannelKind: String, Sendable, Hashable, CaseIterable {
    case slack, teams, webhook

    /// Keys that an entry of this kind has to have, and those that it may have beside those of all kinds.
    var keys: (required: [String], optional: [String]) {
        switch self {
        case .slack: (["signing_secret", "token"], ["channel", "url"])
        case .teams: (["security_token"], ["webhook_url"])
        case .webhook: (["secret"], ["url"])
        }
    }

    static let common = ["kind", "users", "private", "approvals", "tell", "wake"]

    static let slackAPI = "https://slack.com/api"
}
