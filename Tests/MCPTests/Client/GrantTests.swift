import AsyncHTTPClient
import Core
import Crypto
import CryptoExtras
import Foundation
import JSON
import Synchronization
import Testing

@testable import MCP

/// The ways to a token, each against an authority that checks what it is sent as strictly as the standards let it.
@Suite("Grants", .enabled(if: PythonServer.hasSDK, "needs python with mcp (GATEHOUSE_PYTHON)"))
struct GrantTests {
    private typealias Store = AuthorizationTests.Store

    private final class Setting: Sendable {
        let key: GrantKey
        let store = Store()
        let clock = ManualWallClock(Timestamp(seconds: Int64(Date().timeIntervalSince1970)))
        let visits = Mutex<[String]>([])

        init(_ server: ResourceIdentifier) { key = GrantKey(user: "ada", server: server) }
    }

    /// A client of a server that gives tokens in one way, and of its settings what the test wants otherwise.
    private func with(
        _ way: String, _ argument: String = "", identity: OAuthIdentity? = nil, unattended: UnattendedGrant? = nil,
        takesUndescribed: Bool = false, _ body: @Sendable (MCPClient, Setting) async throws -> Void
    ) async throws {
        try await PythonServer.overHTTP("issuer", way, argument) { address in
            try await withHTTPClient { http in
                let setting = Setting(try #require(ResourceIdentifier(address)))
                var settings = OAuthClient.Settings(redirectURI: "http://localhost:3000/callback", name: "tests")
                settings.fallback = identity
                settings.takesUndescribed = takesUndescribed
                let oauth = OAuthClient(http: http, settings: settings, store: setting.store, clock: setting.clock)
                let authorizer =
                    unattended.map { GrantAuthorizer(setting.key, client: oauth, by: $0) }
                    ?? GrantAuthorizer(setting.key, client: oauth) { address in
                        setting.visits.withLock { $0.append(address) }
                        return try await AuthorizationTests.visit(address, http)
                    }
                let transport = HTTPTransport(address, client: http, authorizer: authorizer)
                try await MCPClient(transport: transport, info: testClient).whileRunning { try await body($0, setting) }
            }
        }
    }

    /// The server's tools answer with the token that came, and its scopes.
    private func gets(
        _ text: String, _ client: MCPClient, _ tool: String, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await client.text(tool)
        #expect(answer == text, sourceLocation: place)
    }

    @Test("a token is bound to a key, and each request proves it, with what the server wants to see in it")
    func proofOfPossession() async throws {
        try await with("dpop") { client, setting in
            for _ in 0..<3 { try await gets("t2: tools", client, "any") }
            let grant = try #require(await setting.store.grant(for: setting.key))
            #expect(grant.authorization(for: setting.key.server.text)?.expose() == "DPoP t2")
            setting.clock.advance(by: .seconds(40))
            // Renewed without a visit, and bound to the same key: the authority refuses any other.
            try await gets("t4: tools", client, "any")
            #expect(setting.visits.withLock { $0.count } == 1)
        }
    }

    @Test("a grant keeps its key where it is kept, and is nothing without it")
    func keptKey() throws {
        let server = try #require(ResourceIdentifier("https://h/mcp"))
        let grant = Grant(
            issuer: "https://as", resource: server, scopes: [], expiry: nil, accessToken: Secret("t"),
            refreshToken: nil, tokenEndpoint: "https://as/token", clientID: "c", method: "none", proofKey: ProofKey())
        let kept = try #require(Grant(exported: grant.exported()))
        #expect(kept == grant && kept.proofKey != nil)
        var broken = grant.exported()
        broken["proof"] = "AAAA"
        #expect(Grant(exported: broken) == nil)
    }

    @Test("a machine is known by its secret, or by its key of any kind", .timeLimit(.minutes(10)))
    func machines() async throws {
        let secret = OAuthIdentity(clientID: "machine", clientSecret: Secret("a:b"))
        try await with("secret", identity: secret, unattended: .clientCredentials) { client, setting in
            try await gets("t1: tools", client, "any")
            setting.clock.advance(by: .seconds(3601))
            try await gets("t2: tools", client, "any")
        }
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let keys = [
            (P256.Signing.PrivateKey().pemPair), (P384.Signing.PrivateKey().pemPair),
            (rsa.pemRepresentation, rsa.publicKey.pemRepresentation),
        ]
        for (own, shown) in keys {
            let identity = OAuthIdentity(clientID: "machine", key: try ClientKey(pem: Secret(own)))
            try await with("key", shown, identity: identity, unattended: .clientCredentials) { client, _ in
                try await gets("t1: tools", client, "any")
            }
        }
        #expect(throws: GatehouseError.self) { try ClientKey(pem: Secret("no key")) }
        let other = OAuthIdentity(clientID: "machine", key: try ClientKey(pem: Secret(keys[0].0)))
        try await with("key", keys[1].1, identity: other, unattended: .clientCredentials) { client, _ in
            let failure = await failure { try await client.text("any") }
            #expect(failure?.code == .denied)
        }
    }

    @Test("what somebody else vouches for is asked for once a grant; a refusal is final", .timeLimit(.minutes(10)))
    func vouched() async throws {
        let asked = Mutex<[String]>([])
        let workload = OAuthIdentity(clientID: "workload")
        for (token, isGood) in [("vouched", true), ("forged", false)] {
            let way = UnattendedGrant.assertion { issuer in
                asked.withLock { $0.append(issuer) }
                return Secret(token)
            }
            try await with("workload", identity: workload, unattended: way) { client, setting in
                asked.withLock { $0 = [] }
                let failure = await failure {
                    try await gets("t1: tools", client, "any")
                }
                #expect(failure?.code == (isGood ? nil : .denied))
                #expect(asked.withLock { $0 } == [String(setting.key.server.text.dropLast(4))])
            }
        }
    }

    @Test("the organization's identity provider vouches for a person", .timeLimit(.minutes(10)))
    func organization() async throws {
        for (way, isGood) in [("exchange", true), ("other-token", false)] {
            try await PythonServer.overHTTP("issuer", way) { address in
                try await withHTTPClient { http in
                    let server = try #require(ResourceIdentifier(address))
                    var settings = OAuthClient.Settings(redirectURI: "http://localhost:3000/callback", name: "tests")
                    settings.fallback = OAuthIdentity(clientID: "machine", clientSecret: Secret("a:b"))
                    let oauth = OAuthClient(http: http, settings: settings, store: Store())
                    let provider = UnattendedGrant.IdentityProvider(
                        issuer: "http://localhost", tokenEndpoint: address.dropLast(3) + "idp/token",
                        client: OAuthIdentity(clientID: "at-the-idp"))
                    let key = GrantKey(user: "ada", server: server)
                    let failure = await failure {
                        let grant = try await oauth.obtain(
                            key, by: .identityProvider(provider) { Secret("ada's") }, challenges: [])
                        #expect(grant.authorization(for: address)?.expose() == "Bearer t1")
                    }
                    #expect(failure?.code == (isGood ? nil : .denied), "\(way): \(String(describing: failure))")
                }
            }
        }
    }

    @Test("a server that wants more gets more, and what there was; one that never has enough does not ask for ever")
    func stepUp() async throws {
        try await with("step") { client, setting in
            try await gets("t1: tools", client, "any")
            try await gets("t2: tools admin", client, "admin")
            try await gets("t2: tools admin", client, "any")
            #expect(setting.visits.withLock { $0.count } == 2)
        }
        try await with("stubborn") { client, setting in
            for _ in 0..<2 {
                let failure = await failure { try await client.text("admin") }
                #expect(failure?.code == .denied)
            }
            #expect(setting.visits.withLock { $0.count } == 2)
            try await gets("t2: tools admin", client, "any")
        }
    }

    @Test("a secret goes in the form where the server reads it only there, to renew as well")
    func postedSecret() async throws {
        try await with("posted") { client, setting in
            try await gets("t1: tools", client, "any")
            setting.clock.advance(by: .seconds(3590))
            try await gets("t2: tools", client, "any")
            #expect(setting.visits.withLock { $0.count } == 1)
        }
    }

    @Test("a server of which nothing is published authorizes by itself only where that is allowed")
    func undescribed() async throws {
        try await with("undescribed", takesUndescribed: true) { client, _ in
            try await gets("t1: tools", client, "any")
        }
        try await with("undescribed") { client, setting in
            let failure = await failure { try await client.text("any") }
            #expect(failure?.code == .denied)
            #expect(setting.visits.withLock { $0.isEmpty })
        }
    }
}

extension P256.Signing.PrivateKey {
    fileprivate var pemPair: (String, String) { (pemRepresentation, publicKey.pemRepresentation) }
}

extension P384.Signing.PrivateKey {
    fileprivate var pemPair: (String, String) { (pemRepresentation, publicKey.pemRepresentation) }
}
