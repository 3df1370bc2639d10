import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1

/// Asks issuers whether secrets that were found still open something: over TLS, following nowhere, one after the other,
/// bounded in number, time and in what comes back. A secret goes to its issuer and to nobody else.
struct SecretVerifier: Sendable {
    struct Limits: Sendable {
        /// Of one assessment.
        var secrets = 100
        var time = Duration.seconds(10)
        var answer = 64 << 10
    }

    struct Question: Sendable, Hashable {
        var rule: String
        var secret: Secret
    }

    private let limits: Limits
    /// Tests put a server of their own here, in place of `https://HOST`.
    private let base: @Sendable (SecretIssuer) -> String

    init(limits: Limits = Limits(), base: @escaping @Sendable (SecretIssuer) -> String = { "https://\($0.host)" }) {
        self.limits = limits
        self.base = base
    }

    /// - Returns: what is known of each; what is beyond the bound is missing.
    func ask(_ questions: Set<Question>, report: @Sendable (Int) -> Void) async throws -> [Question: Validity] {
        guard !questions.isEmpty else { return [:] }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var answers: [Question: Validity] = [:]
        // In an order that is the same each time.
        let chosen = questions.sorted { ($0.rule, $0.secret.expose()) < ($1.rule, $1.secret.expose()) }
        for question in chosen.prefix(limits.secrets) {
            if Task.isCancelled { break }
            if let issuer = SecretIssuer.issuer(of: question.rule) {
                answers[question] = await ask(issuer, question.secret, client)
            }
            report(answers.count)
        }
        try await client.shutdown()
        try Task.checkCancellation()
        return answers
    }

    private func ask(_ issuer: SecretIssuer, _ secret: Secret, _ client: HTTPClient) async -> Validity {
        guard let request = request(issuer, secret) else { return .unknown }
        do {
            let seconds = max(1, limits.time.components.seconds)
            let response = try await client.execute(request, timeout: .seconds(seconds))
            let body = try await response.body.collect(upTo: limits.answer)
            return issuer.validity(status: Int(response.status.code), body: Array(body.readableBytesView))
        } catch {
            return .unknown
        }
    }

    /// Nil for what could be taken for more than one value of a header or a path.
    private func request(_ issuer: SecretIssuer, _ secret: Secret) -> HTTPClientRequest? {
        let value = secret.expose()
        guard !value.isEmpty, value.utf8.count <= 4096, value.utf8.allSatisfy(Self.isPlain) else { return nil }
        var path = issuer.path
        if case .path = issuer.carrier {
            let bot = value.hasPrefix("bot") ? String(value.dropFirst(3)) : value
            path = issuer.path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: bot)
        }
        var request = HTTPClientRequest(url: base(issuer) + path)
        request.method = HTTPMethod(rawValue: issuer.method)
        request.headers.add(name: "user-agent", value: "gatehouse")
        for header in issuer.headers { request.headers.add(name: header.name, value: header.value) }
        switch issuer.carrier {
        case .bearer: request.headers.add(name: "authorization", value: "Bearer \(value)")
        case .header(let name): request.headers.add(name: name, value: value)
        case .path: break
        }
        return request
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: Array("_-.:~+/=|".utf8).contains(byte)
        }
    }
}
