import Core
import Foundation
import Gate
import JSON
import MCP
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A server that wants an authorization of each who uses it, and who gives them, as a real process.
struct PersonalTests {
    private func with(_ work: (FederationWorld) async throws -> Void) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "SDK/personal.py")
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B", "-S", "-E", script.path]
        process.standardOutput = output
        try process.run()
        defer { process.end() }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        var settings = UpstreamSettings(
            name: "personal",
            reach: .http(url: line.trimmingCharacters(in: .whitespacesAndNewlines), headers: [:]))
        settings.oauth = OAuthSettings()
        try await FederationWorld.with([settings], tools: [], connector: MCPConnector(version: "test"), { _ in }) {
            world in
            try await world.settled { $0.health["personal"] != nil }
            try await work(world)
        }
    }

    /// Goes where somebody is sent, consents, and gives back what comes to the callback.
    private func consent(_ world: FederationWorld, for user: Caller, as name: String, starter: Caller) async throws
        -> String
    {
        let address = try await world.federation.beginAuthorizing(
            "personal", for: Authorizations.User(principal: user.principal.id), starter: starter.principal)
        let url = try #require(URL(string: "\(address)&as=\(name)"))
        let answer = try JSON.parse(Array(try Data(contentsOf: url)))
        return try #require(answer["back"]?.string)
    }

    private func authorize(_ world: FederationWorld, _ user: Caller, as name: String) async throws {
        let query = try await consent(world, for: user, as: name, starter: user)
        let request = try world.federation.authorization(comingBackWith: query)
        #expect(request.arguments == ["server": "personal", "user": .string(user.principal.id)])
        _ = try await world.gate.submit(request, as: user, carrying: AuthorizationComeback(query: query))
        let recorded = try world.records().filter { $0["tool"] == "mcp.authorize" && $0["type"] == "outcome" }
        #expect(recorded.count >= 1 && !recorded.contains { $0.description.contains("code=") })
        try await world.settled { $0.catalogue["personal", "whoami"] != nil }
        if world.federation.catalogue["personal", "whoami"]?.standing == .new { try await world.agree("personal") }
    }

    @Test(.timeLimit(.minutes(10)))
    func eachUsesAServerByAnAuthorizationOfTheirOwn() async throws {
        try await with { world in
            let (ada, bob) = (
                try world.caller("Ada", "developer", kind: .person), try world.caller("Bob", "developer", kind: .person)
            )
            #expect(world.federation.health["personal"]?.problem?.contains("mcp login personal") == true)
            try await authorize(world, ada, as: "ada")
            let first = try await world.result("personal__whoami", by: ada).firstText
            #expect(first.hasPrefix("Bearer tok-ada-"))
            // It lasts for a second, and is renewed without anybody.
            let second = try await world.result("personal__whoami", by: ada).firstText
            #expect(second.hasPrefix("Bearer tok-ada-") && second != first)

            let refused = try await world.result("personal__whoami", by: bob)
            let asked = try #require(refused["_meta"]?["gatehouse/authorization"])
            #expect(refused["isError"] == true && refused.firstText.contains("Nothing has been done"))
            #expect(asked["url"]?.string?.contains("/mcp/authorize/personal") == true)
            guard
                case .inputRequired(let requests, _) = try await world.call(
                    "personal__whoami", by: bob, ClientCapabilities(elicitationURL: true))
            else {
                Issue.record("it was not sent to a page")
                return
            }
            #expect(requests["authorization"]?.params?["url"] == asked["url"])
            try await authorize(world, bob, as: "bob")
            #expect(try await world.result("personal__whoami", by: bob).firstText.hasPrefix("Bearer tok-bob-"))
            #expect(try await world.result("personal__whoami", by: ada).firstText.hasPrefix("Bearer tok-ada-"))

            try await world.federation.endAuthorization(
                "personal", of: Authorizations.User(principal: ada.principal.id))
            #expect(
                try await world.result("personal__whoami", by: ada)["_meta"]?["gatehouse/authorization"] != nil)
            #expect(try await world.result("personal__whoami", by: bob).firstText.hasPrefix("Bearer tok-bob-"))
        }
    }

    /// Otherwise somebody could have another authorize the gateway for them.
    @Test(.timeLimit(.minutes(10)))
    func whoComesBackMustBeTheOneWhoWentAndComesOnce() async throws {
        try await with { world in
            let (ada, eve) = (try world.caller("Ada", "developer"), try world.caller("Eve", "developer"))
            let query = try await consent(world, for: eve, as: "ada", starter: eve)
            await #expect(throws: GatehouseError.self) {
                try await world.federation.completeAuthorizing(query: query, visitor: ada.principal)
            }
            await #expect(throws: GatehouseError.self) {
                try await world.federation.completeAuthorizing(query: query, visitor: eve.principal)
            }
            let good = try await consent(world, for: ada, as: "ada", starter: ada)
            _ = try await world.federation.completeAuthorizing(query: good, visitor: ada.principal)
            await #expect(throws: GatehouseError.self) {
                try await world.federation.completeAuthorizing(query: good, visitor: ada.principal)
            }
            for query in ["", "state=", "code=1&state=forged", "state=a&state=b"] {
                await #expect(throws: GatehouseError.self) {
                    try await world.federation.completeAuthorizing(query: query, visitor: ada.principal)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func whatIsKeptIsSealedAndBoundToItsPlace() async throws {
        try await with { world in
            let (ada, bob) = (
                try world.caller("Ada", "developer", kind: .person), try world.caller("Bob", "developer", kind: .person)
            )
            try await authorize(world, ada, as: "ada")
            let table = world.federation.authorizations.table
            let server = try #require(world.federation.settings(of: "personal"))
            let (own, other) = (
                try world.federation.authorizations.key(ada.principal.id, server),
                try world.federation.authorizations.key(bob.principal.id, server)
            )
            #expect(try await table.grant(for: own) != nil)
            #expect(try await table.grant(for: other) == nil)
            let sealed = try await world.store.read { tx in
                try tx.query("SELECT sealed FROM mcp_grants").first?.blob("sealed") ?? []
            }
            #expect(!sealed.isEmpty && !String(decoding: sealed, as: UTF8.self).contains("tok-ada"))
            // Moved to another's row it opens nothing.
            try await world.store.write { tx in
                try tx.execute("UPDATE mcp_grants SET holder = ?", [.text(bob.principal.id)])
            }
            await #expect(throws: GatehouseError.self) { try await table.grant(for: other) }
            let stranger = GrantTable(world.store, secretKey: [UInt8](repeating: 1, count: 32))
            try await world.store.write { tx in
                try tx.execute("UPDATE mcp_grants SET holder = ?", [.text(ada.principal.id)])
            }
            await #expect(throws: GatehouseError.self) { try await stranger.grant(for: own) }
            #expect(try await table.grant(for: own) != nil)
        }
    }
}
