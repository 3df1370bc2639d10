import AsyncHTTPClient
import Core
import JSON
import MCP
import NIOCore
import NIOHTTP1

/// Authorization where the person is this program: it visits the address and takes what it is redirected to.
enum SelfGranting {
    static func authorizer(for server: ResourceIdentifier, _ http: HTTPClient, _ scenario: Scenario) throws
        -> GrantAuthorizer
    {
        var settings = OAuthClient.Settings(
            redirectURI: "http://localhost:3000/callback", name: "gatehouse-conformance",
            metadataURL: "https://conformance-test.local/client-metadata.json")
        settings.takesUndescribed = scenario.version == "2025-03-26"
        if let id = scenario["client_id"] {
            settings.fallback = OAuthIdentity(
                clientID: id, clientSecret: scenario["client_secret"].map(Secret.init),
                key: try scenario["private_key_pem"].map { try ClientKey(pem: Secret($0)) })
        }
        let client = OAuthClient(http: http, settings: settings, store: MemoryTokenStore())
        let key = GrantKey(user: "tester", server: server)
        if let way = way(scenario) { return GrantAuthorizer(key, client: client, by: way) }
        return GrantAuthorizer(key, client: client) { address in
            let response = try await http.execute(HTTPClientRequest(url: address), timeout: .seconds(10))
            guard let location = response.headers.first(name: "location"),
                let mark = location.utf8.firstIndex(of: UInt8(ascii: "?"))
            else { throw ClientProgram.Failure(description: "nobody was redirected") }
            return String(location[location.utf8.index(after: mark)...])
        }
    }

    /// How the scenario wants a grant without a person; nil where the person is there.
    static func way(_ scenario: Scenario) -> UnattendedGrant? {
        if scenario.name.hasPrefix("auth/client-credentials") { return .clientCredentials }
        if let signed = scenario["valid_jwt"].map(Secret.init) { return .assertion { _ in signed } }
        guard let issuer = scenario["idp_issuer"], let endpoint = scenario["idp_token_endpoint"],
            let id = scenario["idp_client_id"], let token = scenario["idp_id_token"].map(Secret.init)
        else { return nil }
        let provider = UnattendedGrant.IdentityProvider(
            issuer: issuer, tokenEndpoint: endpoint, client: OAuthIdentity(clientID: id))
        return .identityProvider(provider) { token }
    }
}
