public import Core
public import JSON

/// A server that a client on this machine is set up to use.
public struct FoundServer: Sendable, Hashable {
    /// The client whose settings name it: `Cursor`, `Claude Code`, …
    public var client: String
    /// The settings' path.
    public var file: String
    public var name: String
    /// The command line; empty for a server at an address.
    public var command: [String] = []
    public var url: String?
    public var isEnabled = true
    /// Variables and headers that it is given, and whether a value stands in the file itself.
    var given: [Given] = []
    /// Tools that the client calls without asking its user; nil for all.
    var unasked: [String]? = []
    public var risks: [ServerRisk] = []

    struct Given: Sendable, Hashable {
        let name: String
        let value: String

        /// `${NAME}`, `$NAME` and `${input:…}` stand for something that is kept elsewhere.
        var isLiteral: Bool {
            !value.isEmpty && !value.contains("${") && !value.hasPrefix("$") && !value.hasPrefix("{env:")
        }
    }

    /// Whether it is the gate itself.
    public var isGate: Bool {
        if let url { return url.hasSuffix("/mcp") && (url.contains(":8700/") || url.contains("gatehouse")) }
        guard let program = command.first else { return false }
        return program.split(separator: "/").last == "gatehouse" && command.dropFirst().first == "mcp"
    }

    public var json: JSON {
        [
            "client": .string(client), "file": .string(file), "name": .string(name),
            "command": .array(command.map { .string($0) }), "url": url.map { .string($0) } ?? .null,
            "enabled": .bool(isEnabled), "through_the_gate": .bool(isGate),
            "given": .array(given.map { ["name": .string($0.name), "in_file": .bool($0.isLiteral)] }),
            "risks": .array(risks.map(\.json)),
        ]
    }
}

/// What speaks against a server as it is set up.
public struct ServerRisk: Sendable, Hashable {
    public let id: String
    public let severity: Severity
    public let text: String
    /// What to do about it.
    public let remedy: String

    var json: JSON {
        [
            "id": .string(id), "severity": .string(severity.rawValue), "text": .string(text), "remedy": .string(remedy),
        ]
    }
}
