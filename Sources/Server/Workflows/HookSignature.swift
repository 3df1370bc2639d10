import Core
import Crypto
import HTTPTypes
import Integrations

/// How a request to a hook says who sent it.
///
/// - Generic, pushes, alerts and events: `X-Gatehouse-Signature` as ``WebhookSignature`` has it; its time is at most five
///   minutes from ours.
/// - GitHub: `X-Hub-Signature-256: sha256=HEX`, the HMAC-SHA256 of the body.
/// - Gitea and Forgejo: `X-Gitea-Signature: HEX`, of the same.
/// - GitLab: see ``GitLabSignature``.
struct HookSignature {
    /// Of what was signed: the same request has it again.
    let digest: String

    /// - Throws: `unauthenticated`, always in the same words: which part is wrong is nobody's business.
    init(_ call: Call, _ hook: WorkflowSettings.Hook, at now: Timestamp) throws {
        let code: [UInt8]? =
            switch hook.kind {
            case .generic, .push, .alert, .event:
                WebhookSignature.code(in: call[WebhookSignature.header], of: call.body, key: hook.secret, at: now)
            case .github: Self.code(call["X-Hub-Signature-256"], after: "sha256=", call.body, hook.secret)
            case .gitea: Self.code(call["X-Gitea-Signature"], after: "", call.body, hook.secret)
            case .gitlab: GitLabSignature.code(call, hook.secret, at: now)
            }
        guard let code else { throw Self.refused }
        digest = Hex.encode(code)
    }

    /// The body's code, where the header has it.
    private static func code(_ header: String?, after prefix: String, _ body: [UInt8], _ secret: Secret) -> [UInt8]? {
        guard let header, header.utf8.count <= 100, header.hasPrefix(prefix),
            let given = Hex.decode(header.dropFirst(prefix.utf8.count))
        else { return nil }
        let key = SymmetricKey(data: Array(secret.expose().utf8))
        let code = Array(HMAC<SHA256>.authenticationCode(for: body, using: key))
        return ConstantTime.equal(code, given) ? code : nil
    }

    static let refused = GatehouseError(
        "hooks", .unauthenticated, "there is no such hook, or the request is not signed as it asks for",
        hint: "see docs/workflows.md for how requests are signed")
}

extension Call {
    /// A header by its name.
    subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
