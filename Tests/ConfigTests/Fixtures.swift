import Config
import Core
import JSON
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

enum Fixture {
    /// The class map of sessions, with the words that the product uses.
    static let sessions = Field(
        "sessions",
        .map(
            of: .object([
                Field("retention", .duration, "How long the session's records are kept.", default: "90_days"),
                Field(
                    "logging", .enumeration(["required", "optional"]), "Whether reads are recorded.",
                    default: "required"),
                Field("approval", .string, "Who approves changes: `none`, `auto` or a role.", default: "auto"),
            ])), "Session classes.", default: [:])

    static let agents = Field(
        "agents",
        .map(
            of: .oneOf([
                .object([
                    Field(
                        "model", .string, "Provider, model and optional effort.", example: "openai/gpt-5.4 (high)",
                        required: true),
                    Field("purpose", .string, "What the agent is for."),
                ]),
                .object([
                    Field("models", .list(of: .string), "The members of a council.", required: true),
                    Field("purpose", .string, "What the council is for."),
                ]),
            ])), "Which model serves which agent.", default: [:], allowsFile: true)

    static let mcpServers = Field(
        "mcpServers",
        .map(
            of: .oneOf([
                .object([
                    Field("type", .enumeration(["stdio"]), "A program.", required: true),
                    Field("command", .string, "The program.", required: true),
                    Field("args", .list(of: .string), "Its arguments.", default: []),
                    Field("env", .map(of: .secret, keys: .any), "Its environment.", default: [:]),
                ]),
                .object([
                    Field("type", .enumeration(["http", "sse"]), "A server.", required: true),
                    Field("url", .url, "Its address.", required: true),
                    Field("auth", .secret, "A bearer token."),
                    Field("headers", .map(of: .secret, keys: .any), "More headers.", default: [:]),
                ]),
            ])), "MCP servers.", default: [:], allowsFile: true)

    static let server = Field(
        "server",
        .object([
            Field("listen", .string, "Address and port.", default: "127.0.0.1:8700"),
            Field("workers", .int(1...64), "Threads.", default: 4),
            Field("console", .bool, "Whether pages are served.", default: true),
            Field("body", .bytes, "The largest body.", default: "10MiB"),
            Field("budget", .money, "What a day may cost.", default: "5 USD"),
            Field("issuer", .url, "An identity provider."),
            Field("token", .secret, "An admin token."),
            Field("threads", .int(1...64), "Threads, once.", deprecated: "use workers"),
            Field("labels", .list(of: .string), "Labels.", default: ["a", "b"]),
        ]), "The front door.", default: [:])

    static let schema = ConfigSchema(title: "Test", sections: [server, sessions, agents, mcpServers])

    static func options(_ environment: [String: String] = [:]) -> ConfigFile.Options {
        var options = ConfigFile.Options()
        options.environment = { environment[$0] }
        return options
    }

    static func parse(_ text: String, _ environment: [String: String] = [:]) throws -> ConfigFile {
        try ConfigFile.parse(Array(text.utf8), file: "gatehouse.yaml", schema: schema, options: options(environment))
    }

    /// The error of a document that must not load.
    static func failure(_ text: String, _ environment: [String: String] = [:]) -> String {
        failure(bytes: Array(text.utf8), environment)
    }

    static func failure(bytes: [UInt8], _ environment: [String: String] = [:]) -> String {
        do {
            _ = try ConfigFile.parse(bytes, file: "gatehouse.yaml", schema: schema, options: options(environment))
            return "loaded"
        } catch { return "\(error)" }
    }
}

extension ScratchFolder {
    @discardableResult
    func write(_ name: String, _ text: String, mode: UInt32 = 0o600) -> String {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
        let bytes = Array(text.utf8)
        precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        fchmod(descriptor, mode)
        close(descriptor)
        return file(name)
    }
}
