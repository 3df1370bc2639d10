/// The kinds of channels that there are: an explicit list, from which configuration and checks are made.
public enum ChannelKind: String, Sendable, Hashable, CaseIterable {
    case slack, teams, webhook, twilio

    /// Keys that an entry of this kind has to have, and those that it may have beside those of all kinds.
    var keys: (required: [String], optional: [String]) {
        switch self {
        case .slack: (["signing_secret", "token"], ["channel", "url"])
        case .teams: (["security_token"], ["webhook_url"])
        case .webhook: (["secret"], ["url"])
        case .twilio: (["account", "auth_token", "url"], ["pins", "confirm", "language", "api"])
        }
    }

    static let common = ["kind", "users", "private", "approvals", "tell", "wake"]

    /// By which its requests are known.
    var secretKey: String {
        switch self {
        case .slack: "signing_secret"
        case .teams: "security_token"
        case .webhook: "secret"
        case .twilio: "auth_token"
        }
    }

    /// Under which the address stands that the house asks or sends to.
    var addressKey: String {
        switch self {
        case .slack, .webhook: "url"
        case .teams: "webhook_url"
        case .twilio: "api"
        }
    }

    /// Of the vendor's API, where there is one for all.
    var api: String? {
        switch self {
        case .slack: "https://slack.com/api"
        case .twilio: "https://api.twilio.com"
        case .teams, .webhook: nil
        }
    }
}
