package import Core
package import JSON

/// A request as it is going to be sent, with its secrets in places of their own: it can be shown and kept out of them.
package struct OutboundRequest: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package struct Header: Sendable, Hashable {
        let name: String
        let value: String
        package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    package struct SecretHeader: Sendable, Hashable {
        let name: String
        let value: Secret
        package init(_ name: String, _ value: Secret) { (self.name, self.value) = (name, value) }
    }

    package var method: Method
    package var url: String
    /// What follows the address, where that is secret.
    package var secretTail: Secret?
    package var headers: [Header] = []
    package var secretHeaders: [SecretHeader] = []
    /// Nil: no body.
    package var body: JSON?
    /// Members of the body, where it is an object, that are secret.
    package var secretMembers: [String: Secret] = [:]
    /// Set where the body is signed when it is sent: see ``WebhookSignature``.
    package var signingKey: Secret?

    package init(_ method: Method, _ url: String, body: JSON? = nil) {
        self.method = method
        self.url = url
        self.body = body
    }

    /// The body with its secrets in it; empty where there is none.
    func bodyBytes() -> [UInt8] {
        guard var body else { return [] }
        for (name, value) in secretMembers.sorted(by: { $0.key < $1.key }) { body[name] = .string(value.expose()) }
        return body.bytes()
    }

    /// All of it as people see it, with `[redacted]` in the place of secrets.
    var shown: String {
        var lines = ["\(method.rawValue) \(url)\(secretTail?.description ?? "")"]
        lines += headers.map { "\($0.name): \($0.value)" }
        lines += secretHeaders.map { "\($0.name): \($0.value)" }
        if signingKey != nil { lines.append("\(WebhookSignature.header): t=(when it is sent),v1=[redacted]") }
        guard var body else { return lines.joined(separator: "\n") }
        lines.append("content-type: application/json")
        for (name, value) in secretMembers.sorted(by: { $0.key < $1.key }) { body[name] = .string(value.description) }
        return (lines + ["", body.text(pretty: true)]).joined(separator: "\n")
    }
}

/// What leaves the house in one go.
enum Outbound: Sendable, Hashable {
    case request(OutboundRequest)
    case mail(MailMessage)

    var shown: String {
        switch self {
        case .request(let request): request.shown
        case .mail(let mail): mail.shown
        }
    }
}
