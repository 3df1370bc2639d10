public import Config
import Core
import Gate
import JSON

extension FederationSettings {
    public static let fields = [
        Field(
            "mcpServers", .map(of: .object(serverFields)), "The MCP servers whose tools pass the gate, by name.",
            example: ["files": ["command": "npx", "args": ["-y", "server-filesystem@2026.1.14", "/srv/docs"]]],
            allowsFile: true),
        Field(
            "mcp",
            .object([
                Field(
                    "offer", .list(of: .string),
                    "Ids of the house's own tools that are offered over MCP, with * for any text.",
                    example: ["scan.*", "ledger.prove"]),
                Field(
                    "search", .bool,
                    "Offers search_tools and call_tool in the place of the servers' tools, for clients that long lists are too much for.",
                    default: false),
                Field(
                    "sampling_model", .string,
                    "The model that servers are answered by which may ask for one: a call through the gate by whoever called the server.",
                    example: "anthropic/claude-sonnet-4-5"),
                Field(
                    "limits", .object(ProcessLimits.fields),
                    "What each server's program may take of this machine, where its own entry says nothing else.",
                    default: [:]),
            ]), "The MCP gateway.", default: [:]),
    ]

    private static let serverFields = [
        Field("type", .enumeration(["stdio", "http", "sse"]), "How it is spoken to; what else is said tells it too."),
        Field("command", .string, "The program to start."),
        Field("args", .list(of: .string), "Its arguments."),
        Field(
            "env", .map(of: .secret, keys: .any),
            "Its environment; it gets nothing else of ours but PATH, HOME and LANG."),
        Field("cwd", .string, "The folder that it is started in."),
        Field("url", .url, "Its address."),
        Field("headers", .map(of: .secret, keys: .any), "Sent with every request."),
        Field("auth", .secret, "The bearer token.", example: "${GITHUB_TOKEN}"),
        Field(
            "oauth", .object(OAuthSettings.fields),
            "Each who uses it authorizes the gateway there themselves: gatehouse mcp login SERVER. May be empty.",
            example: [:]),
        Field(
            "effects", .map(of: .enumeration(Effect.allCases.map(\.rawValue)), keys: .any),
            "What calls do, by the tool's name, with * for any text. Without it, what the approved definition says; else change.",
            example: ["read_*": "read", "delete_*": "destroy"]),
        Field(
            "clearance", .list(of: .string),
            "Labels that it may receive: pii, phi, pci, secret, confidential, untrusted. Without it, people's data (pii, phi, "
                + "pci) for a program on this machine, and none for a server elsewhere."),
        Field(
            "poisoned_answers", .enumeration(PoisonedAnswers.allCases.map(\.rawValue)),
            "What becomes of answers that read like an attack on the model: withhold them, or pass them with the label untrusted.",
            default: "withhold"),
        Field(
            "limits",
            .object(
                ProcessLimits.fields.map { field in
                    var field = field
                    field.defaultValue = nil
                    return field
                }), "What its program may take of this machine; past it, it is ended and begun again.",
            example: ["memory": "512MiB"]),
        Field(
            "sampling", .bool,
            "Whether it may ask for answers of models in the course of a call: of the house's, where mcp.sampling_model names "
                + "one, else of the client's.",
            default: false),
        Field("timeout", .duration, "Of one call.", default: "60s"),
        Field(
            "undo",
            .map(
                of: .object([
                    Field("tool", .string, "The tool of this server that undoes it.", required: true),
                    Field(
                        "arguments", .map(of: .string, keys: .any),
                        "Its arguments: $.member stands for a member of the first call's.", default: [:]),
                ]), keys: .any), "How calls are undone, by the tool's name.",
            example: ["create_label": ["tool": "delete_label", "arguments": ["name": "$.name"]]]),
    ]
}
