import Config
import Core
import JSON
import TestSupport
import Testing

@Suite struct LoadingTests {
    static let agents = #"""
        {"agents": {"orchestrator": {"model": "openai/gpt-5.4", "purpose": "…"},
         "oracle": {"model": "openai/gpt-5.4 (high)"}, "council": {"models": ["…", "…"]}}}
        """#
    static let servers = #"""
        {"mcpServers": {"x": {"type": "stdio", "command": "npx", "args": ["-y", "…"]},
         "y": {"type": "http", "url": "https://…", "auth": "${GITHUB_TOKEN}"}}}
        """#
    static let sessions = """
        sessions: {security-audit: {retention: 90_days, logging: required, approval: security_lead}, \
        incident-response: {retention: 1_year, logging: required, approval: auto}, \
        routine-ops: {retention: 7_days, logging: optional, approval: none}}
        """

    @Test func everythingHasADefault() throws {
        for text in ["", "# nothing\n", "server:\n", "~", "{}"] {
            let server = try Fixture.parse(text).root.object("server")
            #expect(try server.string("listen") == "127.0.0.1:8700")
            #expect(try server.int("workers") == 4)
            #expect(try server.bool("console"))
            #expect(try server.bytes("body") == 10 << 20)
            #expect(try server.money("budget") == Money(micros: 5_000_000, currency: "USD"))
            #expect(try server.optionalSecret("token") == nil)
            #expect(try server.strings("labels") == ["a", "b"])
            #expect(server["listen"]?.isDefault == true)
        }
    }

    @Test func sessionClassesLoadAsTheyStand() throws {
        let classes = try Fixture.parse(LoadingTests.sessions).root.map("sessions")
        #expect(classes.map(\.key) == ["security-audit", "incident-response", "routine-ops"])
        #expect(
            try classes.map { try $0.node.duration("retention") } == [
                .seconds(7_776_000), .seconds(31_536_000), .seconds(604_800),
            ])
        #expect(try classes.map { try $0.node.string("approval") } == ["security_lead", "auto", "none"])
        #expect(try classes.map { try $0.node.string("logging") } == ["required", "required", "optional"])
    }

    @Test func theModelMapLoadsInline() throws {
        let agents = try Fixture.parse(LoadingTests.agents).root.map("agents")
        #expect(agents.map(\.key) == ["orchestrator", "oracle", "council"])
        #expect(try agents[1].node.string("model") == "openai/gpt-5.4 (high)")
        #expect(try agents[2].node.strings("models") == ["…", "…"])
    }

    @Test func theModelMapAndTheServerMapLoadByFile() throws {
        let scratch = ScratchFolder()
        scratch.write("agents.json", LoadingTests.agents)
        let servers = LoadingTests.servers.split(separator: "https://…").joined(separator: "https://mcp.example.org/")
        scratch.write("mcp.json", servers)
        let file = scratch.write(
            "gatehouse.yaml", "agents: file:./agents.json\nmcpServers: file:\(scratch.file("mcp.json"))\n")
        let config = try ConfigFile.load(
            file, schema: Fixture.schema, options: Fixture.options(["GITHUB_TOKEN": "s3cr3t"]))
        #expect(config.root.map("agents").count == 3)
        let servers2 = config.root.map("mcpServers")
        #expect(try servers2[0].node.strings("args") == ["-y", "…"])
        #expect(try servers2[1].node.secret("auth").expose() == "s3cr3t")
        #expect(servers2[1].node["url"]?.place.file == scratch.file("mcp.json"))
        #expect(!"\(config)".contains("s3cr3t"))
        #expect(config.warnings.isEmpty)
    }

    @Test func theServerMapLoadsAsItStands() throws {
        let servers = try Fixture.parse(LoadingTests.servers, ["GITHUB_TOKEN": "t"]).root.map("mcpServers")
        #expect(try servers[1].node.string("url") == "https://…")
    }

    @Test func referencesAndTheirDefaults() throws {
        let text = """
            server:
              listen: ${HOST:-127.0.0.1}:${PORT:-9000}
              workers: ${WORKERS}
              console: "${CONSOLE}"
              token: ${TOKEN}
              labels: ["$${HOME}", "a $ b", "${EMPTY:-none}"]
            """
        let environment = ["PORT": "1234", "WORKERS": "7", "CONSOLE": "false", "TOKEN": "hunter2hunter2", "EMPTY": ""]
        let server = try Fixture.parse(text, environment).root.object("server")
        #expect(try server.string("listen") == "127.0.0.1:1234")
        #expect(try server.int("workers") == 7)
        #expect(try server.bool("console") == false)
        #expect(try server.secret("token").expose() == "hunter2hunter2")
        #expect(try server.strings("labels") == ["${HOME}", "a $ b", "none"])
    }

    @Test func secretsFromFiles() throws {
        let scratch = ScratchFolder()
        scratch.write("token", "from-a-file\n")
        let file = scratch.write("gatehouse.yaml", "server: {token: file:token}")
        let config = try ConfigFile.load(file, schema: Fixture.schema)
        #expect(try config.root.object("server").secret("token").expose() == "from-a-file")
        #expect(config.warnings.isEmpty)
        scratch.write("token", "from-a-file\n", mode: 0o644)
        let loose = try ConfigFile.load(file, schema: Fixture.schema)
        #expect(loose.warnings.map(\.message) == ["every user can read \(scratch.file("token"))"])
    }

    @Test func warnings() throws {
        let config = try Fixture.parse("server:\n  token: literal-token\n  threads: 3\n")
        #expect(
            config.warnings.map(\.description) == [
                "gatehouse.yaml:2:10: server.token: the secret stands in the file itself; write ${NAME} or file:/path instead",
                "gatehouse.yaml:3:3: server.threads: the key is deprecated; use workers",
            ])
    }

    @Test func textKeepsItsSpelling() throws {
        let labels = "server: {labels: [1.10, 010, yes, 2026-01-01, 'null', 0x1F, \"tab\\t\", no]}"
        #expect(
            try Fixture.parse(labels).root.object("server").strings("labels")
                == ["1.10", "010", "yes", "2026-01-01", "null", "0x1F", "tab\t", "no"])
    }

    /// JSON as editors and serialisers write it.
    @Test func everyFormOfJSON() throws {
        let text =
            "{\n\t\"server\": {\n\t\t\"listen\":\"a\\/b \\u00e9\",\r\n\t\t\"workers\":7,\"console\":false,\"token\":null}}\n"
        let server = try Fixture.parse(text).root.object("server")
        #expect(try server.string("listen") == "a/b é")
        #expect(try server.int("workers") == 7)
        #expect(try server.bool("console") == false)
        #expect(server["workers"]?.place == ConfigPlace(file: "gatehouse.yaml", line: 4, column: 13))
    }

    @Test func aliasesAreFollowed() throws {
        let text = "sessions:\n  a: &base {retention: 3d}\n  b: *base\n"
        let classes = try Fixture.parse(text).root.map("sessions")
        #expect(try classes[1].node.duration("retention") == .seconds(259_200))
    }

    @Test func reloadKeepsTheLastGoodOne() throws {
        let scratch = ScratchFolder()
        let file = scratch.write("gatehouse.yaml", "server: {workers: 2}")
        let holder = try ConfigHolder(path: file, schema: Fixture.schema) { try $0.object("server").int("workers") }
        #expect(holder.settings == 2)
        scratch.write("gatehouse.yaml", "server: {workers: 200}")
        #expect(throws: GatehouseError.self) { try holder.reload() }
        #expect(holder.settings == 2)
        #expect(holder.generation == 1)
        scratch.write("gatehouse.yaml", "server: {workers: 3}")
        #expect(try holder.reload() == 3)
        #expect(holder.settings == 3)
        #expect(holder.generation == 2)
        let defaults = try ConfigHolder(path: nil, schema: Fixture.schema) { try $0.object("server").int("workers") }
        #expect(defaults.settings == 4)
    }
}
