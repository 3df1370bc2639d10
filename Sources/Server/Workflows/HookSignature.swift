import Core
import Crypto
import HTTPTypes
import Integrations

/// How a request to a hook says who sent it.
///
/// Generic, alerts and events: `X-Gatehouse-Signature` as ``WebhookSignature`` has it; its time is at most five minutes from
/// ours. GitHub: `X-Hub-Signature-256: sha256=HEX`, the HMAC-SHA256 of the body.
struct HookSignature {
    private static let generic = HTTPField.Name(WebhookSignature.header)
    private static let github = HTTPField.Name("X-Hub-Signature-256")

    /// Of what was signed: the same request has it again.
    let digest: String

    /// - Throws: `unauthenticated`, always in the same words: which part is wrong is nobody's business.
    init(_ call: Call, _ hook: WorkflowSettings.Hook, at now: Timestamp) throws {
        switch hook.kind {
        case .generic, .alert, .event:
            guard let name = Self.generic,
                let code = WebhookSignature.code(in: call.headers[name], of: call.body, key: hook.secret, at: now)
            else { throw Self.refused }
            digest = Hex.encode(code)
        case .github:
            guard let name = Self.github, let header = call.headers[name], header.hasPrefix("sha256=") else {
                throw Self.refused
            }
            let secret = SymmetricKey(data: Array(hook.secret.expose().utf8))
            let code = HMAC<SHA256>.authenticationCode(for: call.body, using: secret)
            guard let given = Hex.decode(header.dropFirst(7)), ConstantTime.equal(Array(code), given) else {
                throw Self.refused
            }
            digest = Hex.encode(Array(code))
        }
    }

    static let refused = GatehouseError(
        "hooks", .unauthenticated, "there is no such hook, or the request is not signed as it asks for",
        hint: "see docs/workflows.md for how requests are signed")
}
