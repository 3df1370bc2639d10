import AsyncHTTPClient
package import Core
import NIOCore
import NIOHTTP1

/// Sends requests: following nowhere, bounded in time and in what comes back.
package struct HTTPSender: Sendable {
    /// Of an answer; a list with one issue in it is the longest.
    private static let greatestAnswer = 1 << 20
    private static let kept: Set<String> = ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"]

    private let client: HTTPClient
    private let name: String
    private let clock: any WallClock

    /// - Parameter version: of this program, which it tells.
    package init(version: String, clock: any WallClock) {
        self.clock = clock
        name = "gatehouse/\(version)"
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        // What fails is tried again with its own pauses.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func shutdown() async throws { try await client.shutdown() }

    /// - Throws: `unavailable` where no answer came; what the client's errors say is of addresses and sockets.
    package func send(_ request: OutboundRequest, within time: Duration) async throws(GatehouseError) -> HTTPAnswer {
        do {
            let response = try await client.execute(
                prepared(request), timeout: .microseconds(max(1, time.microseconds)))
            var answer = HTTPAnswer(status: Int(response.status.code), time: clock.now())
            for (name, value) in response.headers where Self.kept.contains(name.lowercased()) {
                answer.headers[name.lowercased()] = value
            }
            // The status is what counts, even where the rest of the answer gets lost.
            if let body = try? await response.body.collect(upTo: Self.greatestAnswer) {
                answer.body = Array(body.readableBytesView)
            } else {
                answer.isCut = true
            }
            return answer
        } catch {
            throw GatehouseError(
                "integrations", .unavailable, "no answer came: \(PlainText.cut(String(describing: error), to: 200))")
        }
    }

    private func prepared(_ outbound: OutboundRequest) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: outbound.url + (outbound.secretTail?.expose() ?? ""))
        request.method = HTTPMethod(rawValue: outbound.method.rawValue)
        request.headers.add(name: "user-agent", value: name)
        for header in outbound.headers { request.headers.replaceOrAdd(name: header.name, value: header.value) }
        for header in outbound.secretHeaders {
            request.headers.replaceOrAdd(name: header.name, value: header.value.expose())
        }
        guard outbound.body != nil else { return request }
        let body = outbound.bodyBytes()
        request.headers.replaceOrAdd(name: "content-type", value: "application/json")
        if let key = outbound.signingKey {
            let signature = WebhookSignature.value(of: body, key: key, at: clock.now())
            request.headers.replaceOrAdd(name: WebhookSignature.header, value: signature)
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }
}
