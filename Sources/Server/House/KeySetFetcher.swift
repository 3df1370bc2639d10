import AsyncHTTPClient
import Core
import Gate
import NIOCore
import NIOHTTP1

/// Fetches the key sets of token issuers: over TLS (or from this machine), bounded in time and size, following nowhere.
struct KeySetFetcher: JWKSFetcher {
    let client: HTTPClient

    static let time = TimeAmount.seconds(8)

    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5), read: time)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func fetch(_ url: String, limit: Int) async throws -> [UInt8] {
        guard Self.isAcceptable(url) else {
            throw GatehouseError("gatehouse", .invalid, "a key set is fetched by https only", hint: "change the issuer's jwks_url")
        }
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.time)
        guard response.status == .ok else {
            throw GatehouseError("gatehouse", .unavailable, "the issuer answered \(response.status.code) when asked for its keys")
        }
        return Array(try await response.body.collect(upTo: limit).readableBytesView)
    }

    static func isAcceptable(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let host = HostRules.name(of: String(url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }))
        return ["localhost", "127.0.0.1", "[::1]"].contains(host)
    }
}
