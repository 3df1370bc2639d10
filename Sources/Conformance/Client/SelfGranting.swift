import AsyncHTTPClient
import Core
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Synchronization

/// Authorization where the person is this program: it visits the address and takes what it is redirected to.
enum SelfGranting {
    static func authorizer(for server: ResourceIdentifier, _ http: HTTPClient, context: JSON) -> GrantAuthorizer {
        var settings = OAuthClient.Settings(
            redirectURI: "http://localhost:3000/callback", name: "gatehouse-conformance",
            metadataURL: "https://conformance-test.local/client-metadata.json")
        if let id = context["client_id"]?.string {
            settings.fallback = OAuthIdentity(
                clientID: id, clientSecret: context["client_secret"]?.string.map(Secret.init))
        }
        let client = OAuthClient(http: http, settings: settings, store: MemoryStore())
        return GrantAuthorizer(GrantKey(user: "tester", server: server), client: client) { address in
            let response = try await http.execute(HTTPClientRequest(url: address), timeout: .seconds(10))
            guard let location = response.headers.first(name: "location"),
                let mark = location.utf8.firstIndex(of: UInt8(ascii: "?"))
            else { throw ClientProgram.Failure(description: "nobody was redirected") }
            return String(location[location.utf8.index(after: mark)...])
        }
    }

    private final class MemoryStore: TokenStore {
        private let grants = Mutex<[GrantKey: Grant]>([:])
        private let identities = Mutex<[String: OAuthIdentity]>([:])

        func grant(for key: GrantKey) async -> Grant? { grants.withLock { $0[key] } }
        func keep(_ grant: Grant?, for key: GrantKey) async { grants.withLock { $0[key] = grant } }
        func identity(at issuer: String) async -> OAuthIdentity? { identities.withLock { $0[issuer] } }
        func keep(_ identity: OAuthIdentity, at issuer: String) async { identities.withLock { $0[issuer] = identity } }
    }
}
