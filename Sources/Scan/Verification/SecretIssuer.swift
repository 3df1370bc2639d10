import Core
import JSON

/// Whom a kind of secret is shown to, and what the answer means. Nothing but the issuer's own, fixed address is asked, and
/// only for what changes nothing there.
struct SecretIssuer: Sendable {
    enum Carrier: Sendable {
        /// `Authorization: Bearer …`
        case bearer
        case header(String)
        /// In the path, where the issuer's interface has it so: `%` stands for the secret.
        case path
    }

    let name: String
    /// Of our rules.
    let rules: Set<String>
    var method = "GET"
    let host: String
    let path: String
    var carrier = Carrier.bearer
    var headers: [(name: String, value: String)] = []
    /// Whether the answer says in its body what others say by their status.
    var tellsInBody = false
    /// What these statuses mean; all others say nothing.
    var statuses: [Int: Validity] = [200: .active, 401: .revoked]

    static let all: [SecretIssuer] = [
        SecretIssuer(
            name: "GitHub", rules: ["github-token", "github-fine-grained-token"], host: "api.github.com",
            path: "/rate_limit", headers: [("accept", "application/vnd.github+json")]),
        // What GitLab's own instance does not know may be another's.
        SecretIssuer(
            name: "gitlab.com", rules: ["gitlab-personal-token"], host: "gitlab.com",
            path: "/api/v4/personal_access_tokens/self", carrier: .header("private-token"), statuses: [200: .active]),
        SecretIssuer(
            name: "Slack", rules: ["slack-bot-token", "slack-user-token", "slack-legacy-token"], method: "POST",
            host: "slack.com", path: "/api/auth.test", tellsInBody: true),
        // A restricted key is refused what it may not do.
        SecretIssuer(
            name: "Stripe", rules: ["stripe-key"], host: "api.stripe.com", path: "/v1/balance",
            statuses: [200: .active, 403: .active, 401: .revoked]),
        SecretIssuer(name: "npm", rules: ["npm-token"], host: "registry.npmjs.org", path: "/-/whoami"),
        SecretIssuer(name: "OpenAI", rules: ["openai-key"], host: "api.openai.com", path: "/v1/models"),
        SecretIssuer(
            name: "Anthropic", rules: ["anthropic-key"], host: "api.anthropic.com", path: "/v1/models",
            carrier: .header("x-api-key"), headers: [("anthropic-version", "2023-06-01")]),
        SecretIssuer(
            name: "Hugging Face", rules: ["huggingface-token"], host: "huggingface.co", path: "/api/whoami-v2"),
        SecretIssuer(name: "Groq", rules: ["groq-key"], host: "api.groq.com", path: "/openai/v1/models"),
        SecretIssuer(
            name: "SendGrid", rules: ["sendgrid-key"], host: "api.sendgrid.com", path: "/v3/scopes"),
        SecretIssuer(
            name: "DigitalOcean", rules: ["digitalocean-token"], host: "api.digitalocean.com", path: "/v2/account",
            statuses: [200: .active, 403: .active, 401: .revoked]),
        SecretIssuer(
            name: "Telegram", rules: ["telegram-bot-token"], host: "api.telegram.org", path: "/bot%/getMe",
            carrier: .path, statuses: [200: .active, 401: .revoked, 404: .revoked]),
    ]

    /// Every rule whose secrets can be verified.
    static let rules = all.reduce(into: Set<String>()) { $0.formUnion($1.rules) }

    static func issuer(of rule: String) -> SecretIssuer? { all.first { $0.rules.contains(rule) } }

    func validity(status: Int, body: [UInt8]) -> Validity {
        guard tellsInBody, status == 200 else { return statuses[status] ?? .unknown }
        guard let json = try? JSON.parse(body), let isGood = json["ok"]?.bool else { return .unknown }
        if isGood { return .active }
        let isGone = ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"]
        return isGone.contains(json["error"]?.string ?? "") ? .revoked : .unknown
    }
}
