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
    /// One server for both. `/authorize?…&as=NAME` consents as somebody; tokens are `tok-NAME-N`, each good for a second.
    private static let authority = """
        import base64, hashlib, json, secrets, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from urllib.parse import parse_qs, urlencode, urlsplit
        codes, refreshes, tokens, used = {}, {}, {}, []
        def token(name):
            number = 1 + sum(1 for other in tokens.values() if other == name)
            access, refresh = f"tok-{name}-{number}", secrets.token_hex(16)
            tokens[access], refreshes[refresh] = name, name
            return {"access_token": access, "token_type": "Bearer", "expires_in": 1, "refresh_token": refresh}
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_):
                pass
            def answer(self, body, status=200, **headers):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                if url.path == "/.well-known/oauth-protected-resource/mcp":
                    return self.answer({"resource": base + "/mcp", "authorization_servers": [base]})
                if url.path == "/.well-known/oauth-authorization-server":
                    return self.answer({
                        "issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
                        "registration_endpoint": base + "/register", "code_challenge_methods_supported": ["S256"],
                        "authorization_response_iss_parameter_supported": True})
                if url.path == "/authorize":
                    code = secrets.token_hex(16)
                    codes[code] = (query["as"], query["code_challenge"], query["redirect_uri"])
                    return self.answer({"back": urlencode({"code": code, "state": query["state"], "iss": base})})
                self.answer({}, 404)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path == "/register":
                    return self.answer({"client_id": "registered"}, 201)
                if self.path == "/token":
                    form = {name: values[0] for name, values in parse_qs(body).items()}
                    if form["grant_type"] == "refresh_token":
                        name = refreshes.pop(form["refresh_token"], None)
                        return self.answer(token(name)) if name else self.answer({"error": "invalid_grant"}, 400)
                    name, challenge, back = codes.pop(form["code"], (None, None, None))
                    digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
                    if name is None or digest != challenge or back != form["redirect_uri"]:
                        return self.answer({"error": "invalid_grant"}, 400)
                    return self.answer(token(name))
                request = json.loads(body)
                sent = self.headers["Authorization"] or ""
                if sent.removeprefix("Bearer ") not in tokens:
                    return self.answer({}, 401, WWW_Authenticate='Bearer scope="tools"')
                if "id" not in request:
                    return self.answer({}, 202)
                done = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", "_meta": {
                    "io.modelcontextprotocol/serverInfo": {"name": "personal", "version": "1"}}}
                if request["method"] == "server/discover":
                    done |= {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
                elif request["method"] == "tools/list":
                    done |= {"tools": [{"name": "whoami", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}]}
                else:
                    done |= {"content": [{"type": "text", "text": sent}]}
                self.answer({"jsonrpc": "2.0", "id": request["id"], "result": done})
        http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        http.daemon_threads = True
        base = f"http://127.0.0.1:{http.server_port}"
        print(f"{base}/mcp", flush=True)
        http.serve_forever()
        """

    private func with(_ work: (FederationWorld) async throws -> Void) async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        try Self.authority.write(toFile: folder.file("authority.py"), atomically: true, encoding: .utf8)
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-S", "-E", folder.file("authority.py")]
        process.standardOutput = output
        try process.run()
        defer { process.terminate() }
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

    @Test(.timeLimit(.minutes(2)))
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
    @Test(.timeLimit(.minutes(2)))
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

    @Test(.timeLimit(.minutes(2)))
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
