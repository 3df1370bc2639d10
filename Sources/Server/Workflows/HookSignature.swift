import Core
import Crypto
import HTTPTypes
import Integrations

/// How a request to a hook says who sent it.
///
/// Generic, alerts and events: `X-Gatehouse-Signature` as ``WebhookSignature`` has it; its time is at most five minutes from
/// ours. GitHub: `X-Hub-Signature-256: sha256=HEX`, the HMAC-SHA256 of the body.
struct HookSignature {
    /// How far the sender's clock may be from ours.
    static let skew: UInt64 = 300

    private static let generic = HTTPField.Name(WebhookSignature.header)
    private static let github = HTTPField.Name("X-Hub-Signature-256")

    /// Of what was signed: the same request has it again.
    let digest: String

    /// - Throws: `unauthenticated`, always in the same words: which part is wrong is nobody's business.
    init(_ call: Call, _ hook: WorkflowSettings.Hook, at now: Timestamp) throws {
        switch hook.kind {
        case .generic, .alert, .event:
            guard let name = Self.generic, let (seconds, given) = Self.parts(call.headers[name]),
                let time = Int64(seconds),
                time.subtractingReportingOverflow(now.seconds).partialValue.magnitude <= Self.skew
            else { throw Self.refused }
            try self.init(WebhookSignature.code(of: call.body, key: hook.secret, seconds: seconds), given)
        case .github:
            guard let name = Self.github, let header = call.headers[name], header.hasPrefix("sha256=") else {
                throw Self.refused
            }
            let secret = SymmetricKey(data: Array(hook.secret.expose().utf8))
            let code = HMAC<SHA256>.authenticationCode(for: call.body, using: secret)
            try self.init(Array(code), String(header.dropFirst(7)))
        }
    }

    private init(_ code: [UInt8], _ given: String) throws {
        guard let given = Hex.decode(given), ConstantTime.equal(code, given) else { throw Self.refused }
        digest = Hex.encode(code)
    }

    static let refused = GatehouseError(
        "hooks", .unauthenticated, "there is no such hook, or the request is not signed as it asks for",
        hint: "see docs/workflows.md for how requests are signed")

    /// `t=…,v1=…`, each once.
    private static func parts(_ header: String?) -> (seconds: String, signature: String)? {
        guard let header, header.utf8.count <= 200 else { return nil }
        var found: [Substring: Substring] = [:]
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, found.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        guard let seconds = found["t"], let signature = found["v1"], seconds.utf8.count <= 12 else { return nil }
        return (String(seconds), String(signature))
    }
}
