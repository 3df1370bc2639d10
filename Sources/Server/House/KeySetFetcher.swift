import AsyncHTTPClient
import Config
import Core
import Gate
import NIOCore
import NIOHTTP1

/// Fetches the key sets of token issuers: over TLS (or from this machine), bounded in time and size, following nowhere.
/// With a client of its own each time, since it is seldom asked.
struct KeySetFetcher: JWKSFetcher {
    static let time = TimeAmount.seconds(8)

    func fetch(_ url: String, limit: Int) async throws -> [UInt8] {
        guard WebAddress.isPrivate(url) else {
            throw GatehouseError(
                "gatehouse", .invalid, "a key set is fetched by https only", hint: "change the issuer's jwks_url")
        }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5), read: Self.time)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let keys = try await fetch(url, limit: limit, with: client)
            try await client.shutdown()
            return keys
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func fetch(_ url: String, limit: Int, with client: HTTPClient) async throws -> [UInt8] {
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.time)
        guard response.status == .ok else {
            throw GatehouseError(
                "gatehouse", .unavailable, "the issuer answered \(response.status.code) when asked for its keys")
        }
        return Array(try await response.body.collect(upTo: limit).readableBytesView)
    }
}
