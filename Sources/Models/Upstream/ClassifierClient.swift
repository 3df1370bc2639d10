import Core
public import Privacy

/// Asks a classifier over HTTP: one text a call, bounded in time and size both ways, following nowhere.
public final class ClassifierClient: TextClassifier {
    /// Of one answer, in bytes; there is room for all entities that one may hold.
    private static let greatestAnswer = 8 << 20

    public let settings: ClassifierSettings
    private let upstream: Upstream

    public init(_ settings: ClassifierSettings) {
        self.settings = settings
        upstream = Upstream(provider: settings.provider, limits: .init(answerBytes: Self.greatestAnswer))
    }

    public var id: String { settings.exchange.id }

    public func findings(in text: [UInt8]) async throws -> [PrivacyFinding] {
        guard text.count <= settings.maxBytes else {
            throw GatehouseError(
                "privacy", .tooLarge, "\(id) takes no \(text.count) bytes: what is not classified does not pass",
                hint: "send it in parts, or raise the classifier's max_bytes (\(settings.maxBytes))")
        }
        let request = UpstreamRequest(address: settings.url, body: try settings.exchange.request(for: text))
        return try settings.exchange.findings(in: try await answer(to: request), for: text)
    }

    /// Asked once more where the connection broke: to classify changes nothing, and servers close idle connections
    /// just when they are used again.
    private func answer(to request: UpstreamRequest) async throws -> [UInt8] {
        do {
            do { return try await call(request) } catch UpstreamFailure.reset { return try await call(request) }
        } catch let failure as UpstreamFailure {
            throw error(of: failure)
        }
    }

    private func call(_ request: UpstreamRequest) async throws -> [UInt8] {
        try await upstream.call(request) { answer in
            guard answer.status == 200 else { throw UpstreamFailure.status(answer.status, retryAfter: nil) }
            return try await answer.body.collected(upTo: Self.greatestAnswer)
        }
    }

    private func error(of failure: UpstreamFailure) -> GatehouseError {
        func unclassified(
            _ code: GatehouseError.Code, _ what: String, _ cause: String? = nil, _ hint: String = "try again later"
        ) -> GatehouseError {
            GatehouseError(
                "privacy", code, "\(id) \(what): what is not classified does not pass", cause: cause, hint: hint)
        }
        return switch failure {
        case .connect(let cause): unclassified(.unavailable, "cannot be reached", cause)
        case .reset(let cause): unclassified(.unavailable, "broke the connection", cause)
        case .firstByteLate, .idle, .late:
            unclassified(.timeout, "did not answer in time", nil, "try again later, or raise its timeout")
        case .tooLarge: unclassified(.unavailable, "answers with more than \(Self.greatestAnswer) bytes")
        case .status(let status, _):
            unclassified(.unavailable, "answered with status \(status)", nil, "check its address, key and language")
        }
    }
}
