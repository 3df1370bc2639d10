import AsyncHTTPClient
import Core
import JSON
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import MCP

@Suite("Authorization", .enabled(if: PythonServer.hasPython, "needs python (GATEHOUSE_PYTHON)"))
struct AuthorizationTests {
    final class Store: TokenStore {
        let grants = Mutex<[GrantKey: JSON]>([:])
        let identities = Mutex<[String: OAuthIdentity]>([:])

        func grant(for key: GrantKey) async -> Grant? {
            grants.withLock { $0[key] }.flatMap { Grant(exported: $0) }
        }
        func keep(_ grant: Grant?, for key: GrantKey) async { grants.withLock { $0[key] = grant?.exported() } }
        func identity(at issuer: String) async -> OAuthIdentity? { identities.withLock { $0[issuer] } }
        func keep(_ identity: OAuthIdentity, at issuer: String) async { identities.withLock { $0[issuer] = identity } }
    }

    private let settings = OAuthClient.Settings(redirectURI: "http://localhost:3000/callback", name: "tests")

    /// Visits the address as a browser would, and gives the query that it was sent back with.
    static func visit(_ address: String, _ http: HTTPClient) async throws -> String {
        let response = try await http.execute(HTTPClientRequest(url: address), timeout: .seconds(120))
        return String(response.headers.first(name: "location")?.split(separator: "?").last ?? "")
    }

    @Test("a person's grant is asked for once, kept, renewed, and goes nowhere else", .timeLimit(.minutes(10)))
    func wholeWay() async throws {
        try await PythonServer.overHTTP("authority") { address in
            try await withHTTPClient { http in
                let key = GrantKey(user: "ada", server: try #require(ResourceIdentifier(address)))
                let (store, clock) = (Store(), ManualWallClock())
                let visits = Mutex(0)
                let oauth = OAuthClient(http: http, settings: settings, store: store, clock: clock)
                let authorizer = GrantAuthorizer(key, client: oauth) { address in
                    visits.withLock { $0 += 1 }
                    return try await Self.visit(address, http)
                }
                let transport = HTTPTransport(address, client: http, authorizer: authorizer)
                try await MCPClient(transport: transport, info: testClient).whileRunning { client in
                    let first = try await client.text("any")
                    #expect(first == "first")
                    clock.advance(by: .seconds(3590))
                    let fresh = try await client.text("any")
                    #expect(fresh == "fresh")
                }
                #expect(visits.withLock { $0 } == 1)
                let grant = try #require(await store.grant(for: key))
                #expect(grant.scopes == ["tools"])
                #expect(grant.authorization(for: address)?.expose() == "Bearer fresh")
                for other in [
                    "http://127.0.0.1:1/mcp", "https://example.org/mcp", address + "2", address.dropLast(3) + "x",
                ] {
                    #expect(grant.authorization(for: String(other)) == nil, "\(other)")
                }
            }
        }
    }

    @Test("what comes back is used once, by whom it is for", .timeLimit(.minutes(10)))
    func replay() async throws {
        try await PythonServer.overHTTP("authority") { address in
            try await withHTTPClient { http in
                let key = GrantKey(user: "ada", server: try #require(ResourceIdentifier(address)))
                let clock = ManualWallClock()
                let oauth = OAuthClient(http: http, settings: settings, store: Store(), clock: clock)
                let first = try await Self.visit(oauth.begin(key, challenges: []), http)
                let second = try await Self.visit(oauth.begin(key, challenges: []), http)
                let stolen = await failure { try await oauth.complete(user: "eve", query: first) }
                #expect(stolen?.code == .denied)
                _ = try await oauth.complete(user: "ada", query: second)
                let again = await failure { try await oauth.complete(user: "ada", query: second) }
                #expect(again?.code == .denied)
                let late = try await Self.visit(oauth.begin(key, challenges: []), http)
                clock.advance(by: .seconds(601))
                let expired = await failure { try await oauth.complete(user: "ada", query: late) }
                #expect(expired?.code == .denied)
            }
        }
    }

    @Test(
        "authorities that are not what they say are refused", .timeLimit(.minutes(10)),
        arguments: ["resource", "metadata", "pkce", "iss", "silent"])
    func refused(wrong: String) async throws {
        try await PythonServer.overHTTP("authority", wrong) { address in
            try await withHTTPClient { http in
                let key = GrantKey(user: "ada", server: try #require(ResourceIdentifier(address)))
                let oauth = OAuthClient(http: http, settings: settings, store: Store())
                let error = await failure {
                    let place = try await oauth.begin(key, challenges: [])
                    return try await oauth.complete(user: "ada", query: Self.visit(place, http))
                }
                #expect(error?.code == .denied)
            }
        }
    }

    @Test func readsChallenges() {
        let challenge = TokenChallenge([
            "Basic realm=\"x\", Bearer realm=\"a, b\", error=\"insufficient_scope\", scope=\"a b\", resource_metadata=\"https://h/m\""
        ])
        #expect(challenge?.scopes == ["a", "b"])
        #expect(challenge?.error == "insufficient_scope")
        #expect(challenge?.resourceMetadata == "https://h/m")
        for none in ["", "Basic realm=\"x\"", "Bearer a=\"open"] { #expect(TokenChallenge([none]) == nil) }
    }

    @Test func publishesItself() throws {
        let resource = ProtectedResource(
            try #require(ResourceIdentifier("https://h/mcp")), authorizationServers: ["https://as"], scopes: ["a"])
        #expect(resource.path == "/.well-known/oauth-protected-resource/mcp")
        let challenge = TokenChallenge([resource.challenge(error: "invalid_token", scopes: ["a", "b"])])
        #expect(challenge?.resourceMetadata == "https://h/.well-known/oauth-protected-resource/mcp")
        #expect(challenge?.scopes == ["a", "b"])
        for none in ["http://h/mcp", "https://u@h/mcp", "https://h/mcp#a", "mcp", "ftp://h"] {
            #expect(ResourceIdentifier(none) == nil)
        }
    }
}
