import AsyncHTTPClient
import Config
import Core
import NIOCore
import NIOHTTP1
import Policy

/// Fetches bundles: over TLS, from this machine, or signed; bounded in time and size, following nowhere. With a client of
/// its own each time, since it is seldom asked.
struct HTTPBundleFetcher: BundleFetcher {
    static let time = TimeAmount.seconds(30)
    let isSigned: Bool

    func fetch(_ request: BundleRequest) async throws(GatehouseError) -> BundleResponse {
        let isSafe = WebAddress.isPrivate(request.url)
        guard isSafe || isSigned && request.headers.isEmpty else {
            throw GatehouseError(
                "policy", .invalid, "\(request.url) is not fetched: whoever is on the way could change it",
                hint: "Serve it by https, or sign it and leave the token out.")
        }
        do { return try await Self.fetch(request) } catch let error as GatehouseError { throw error } catch let error
            as HTTPClientError where error == .deadlineExceeded || error == .readTimeout || error == .connectTimeout
        {
            throw GatehouseError("policy", .timeout, "\(request.url) did not answer in time", from: error)
        } catch {
            throw GatehouseError("policy", .unavailable, "\(request.url) cannot be reached", from: error)
        }
    }

    private static func fetch(_ request: BundleRequest) async throws -> BundleResponse {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5), read: time)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await fetch(request, with: client)
            try await client.shutdown()
            return response
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static func fetch(_ asked: BundleRequest, with client: HTTPClient) async throws -> BundleResponse {
        var request = HTTPClientRequest(url: asked.url)
        for (name, value) in asked.headers { request.headers.add(name: name, value: value.expose()) }
        if let etag = asked.etag { request.headers.add(name: "if-none-match", value: etag) }
        let response = try await client.execute(request, timeout: time)
        switch response.status {
        case .ok: break
        case .notModified: return .notModified
        default: throw refusal(response.status.code, asked.url)
        }
        do {
            let body = try await response.body.collect(upTo: asked.limit)
            return .body(Array(body.readableBytesView), etag: response.headers.first(name: "etag"))
        } catch is NIOTooManyBytesError {
            throw GatehouseError("policy", .tooLarge, "\(asked.url) sends more than \(asked.limit) bytes")
        }
    }

    private static func refusal(_ status: UInt, _ url: String) -> GatehouseError {
        let code: GatehouseError.Code =
            switch status {
            case 401, 403: .denied
            case 404, 410: .notFound
            default: .unavailable
            }
        return GatehouseError("policy", code, "\(url) answered \(status)")
    }
}
