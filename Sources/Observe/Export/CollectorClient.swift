import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1

/// Sends requests to collectors: over TLS where the address says so, following nowhere, bounded in time and in what comes
/// back.
struct CollectorClient: Sendable {
    /// Of an answer, which is a line or two.
    private static let greatestAnswer = 64 << 10

    private let client: HTTPClient
    private let name: String
    private let compress: TelemetryExport.Compression

    /// - Parameter version: of this program, which it tells collectors.
    init(version: String, compress: @escaping TelemetryExport.Compression) {
        self.compress = compress
        name = "gatehouse/\(version)"

        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        // The next export is a new try anyhow.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutdown() async throws { try await client.shutdown() }

    /// - Parameters:
    ///   - path: `/v1/traces` or `/v1/metrics`.
    ///   - time: for all of it; no longer than the collector's own.
    func send(
        _ body: [UInt8], to path: String, of collector: TelemetrySettings.Collector, within time: Duration? = nil
    ) async -> SendOutcome {
        var request = HTTPClientRequest(url: collector.endpoint + path)
        request.method = .POST
        request.headers.add(name: "user-agent", value: name)
        for (name, value) in collector.headers { request.headers.replaceOrAdd(name: name, value: value.expose()) }
        request.headers.replaceOrAdd(name: "content-type", value: "application/json")
        var body = body
        if collector.isCompressed, let packed = try? compress(body) {
            request.headers.replaceOrAdd(name: "content-encoding", value: "gzip")
            body = packed
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return await send(request, within: min(collector.timeout, time ?? collector.timeout))
    }

    /// What the client's errors say is of addresses and sockets, and of nothing that was sent.
    private func send(_ request: HTTPClientRequest, within time: Duration) async -> SendOutcome {
        do {
            let response = try await client.execute(request, timeout: .microseconds(max(1, time.microseconds)))
            let answer = try? await response.body.collect(upTo: Self.greatestAnswer)
            return SendOutcome(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"),
                body: answer.map { Array($0.readableBytesView) } ?? [])
        } catch { return .failed(why: String(describing: error), retryAfter: nil) }
    }
}
