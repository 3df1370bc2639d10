import JSON

/// Where clients keep the servers that they use, and in which shape.
struct ClientSettings: Sendable {
    let client: String
    /// Below a repository or a home folder.
    let path: String
    /// The members that lead to the map of servers; `*` stands for every member.
    let members: [[String]]

    private init(_ client: String, _ path: String, _ members: [String]...) {
        self.client = client
        self.path = path
        self.members = members.isEmpty ? [["mcpServers"]] : members
    }

    static let known = [
        ClientSettings("Claude Code", ".mcp.json"),
        ClientSettings("Claude Code", ".claude.json", ["mcpServers"], ["projects", "*", "mcpServers"]),
        ClientSettings("Claude Code", ".claude/settings.json"),
        ClientSettings("Claude Desktop", ".config/Claude/claude_desktop_config.json"),
        ClientSettings("Claude Desktop", "Library/Application Support/Claude/claude_desktop_config.json"),
        ClientSettings("Claude Desktop", "AppData/Roaming/Claude/claude_desktop_config.json"),
        ClientSettings("Cursor", ".cursor/mcp.json"),
        ClientSettings("VS Code", ".vscode/mcp.json", ["servers"], ["mcpServers"]),
        ClientSettings("VS Code", ".vscode/settings.json", ["mcp", "servers"]),
        ClientSettings("VS Code", ".config/Code/User/mcp.json", ["servers"]),
        ClientSettings("VS Code", ".config/Code/User/settings.json", ["mcp", "servers"]),
        ClientSettings("VS Code", "Library/Application Support/Code/User/mcp.json", ["servers"]),
        ClientSettings("Copilot CLI", ".copilot/mcp-config.json"),
        ClientSettings("Windsurf", ".codeium/windsurf/mcp_config.json"),
        ClientSettings("OpenCode", "opencode.json", ["mcp"]),
        ClientSettings("OpenCode", "opencode.jsonc", ["mcp"]),
        ClientSettings("OpenCode", ".config/opencode/opencode.json", ["mcp"]),
        ClientSettings("Gemini CLI", ".gemini/settings.json"),
        ClientSettings("Zed", ".zed/settings.json", ["context_servers"]),
        ClientSettings("Zed", ".config/zed/settings.json", ["context_servers"]),
        ClientSettings("Roo Code", ".roo/mcp.json"),
        ClientSettings("Kilo Code", ".kilocode/mcp.json"),
        ClientSettings("Kiro", ".kiro/settings/mcp.json"),
        ClientSettings("Junie", ".junie/mcp/mcp.json"),
        ClientSettings("Amazon Q", ".amazonq/mcp.json"),
        ClientSettings("Amazon Q", ".aws/amazonq/mcp.json"),
        ClientSettings("LM Studio", ".lmstudio/mcp.json"),
        ClientSettings("Warp", ".warp/.mcp.json"),
        ClientSettings("any", "mcp.json", ["mcpServers"], ["servers"]),
    ]

    /// The servers that a file's JSON names.
    func servers(in json: JSON, file: String) -> [FoundServer] {
        members.flatMap { path in
            Self.values(path[...], json).flatMap { map in
                (map.object ?? [:]).compactMap { name, entry in
                    FoundServer(client: client, file: file, name: name, entry: entry)
                }
            }
        }
    }

    private static func values(_ path: ArraySlice<String>, _ json: JSON) -> [JSON] {
        guard let first = path.first else { return [json] }
        guard first == "*" else { return json[first].map { values(path.dropFirst(), $0) } ?? [] }
        return (json.object ?? [:]).flatMap { values(path.dropFirst(), $0.value) }
    }
}

extension FoundServer {
    /// Nil for an entry that is no server.
    init?(client: String, file: String, name: String, entry: JSON) {
        self.init(client: client, file: file, name: name)
        // Zed keeps the program within `command`; OpenCode has the whole line there.
        let source = entry["command"]?.object == nil ? entry : entry["command"] ?? entry
        let program = source["command"]?.string ?? source["path"]?.string
        command =
            source["command"]?.array?.compactMap(\.string)
            ?? program.map { [$0] + (source["args"]?.array?.compactMap(\.string) ?? []) } ?? []
        url = (entry["url"] ?? entry["serverUrl"] ?? entry["httpUrl"])?.string
        guard !command.isEmpty || url != nil else { return nil }
        isEnabled = entry["disabled"]?.bool != true && entry["enabled"]?.bool != false
        for key in ["env", "environment", "headers"] {
            given += (source[key]?.object ?? entry[key]?.object ?? [:]).map {
                Given(name: $0.key, value: $0.value.string ?? "")
            }
        }
        unasked = Self.unasked(entry)
    }

    private static func unasked(_ entry: JSON) -> [String]? {
        if entry["trust"]?.bool == true { return nil }
        let names = ["alwaysAllow", "autoApprove"].flatMap { entry[$0]?.array?.compactMap(\.string) ?? [] }
        return names.contains("*") ? nil : names
    }
}
