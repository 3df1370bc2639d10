import Core
import Crypto
public import JSON

/// What a server says of one of its tools, whole: with the server's own identity it is what people agree to.
///
/// All members count, also those that nobody knows: a change of any of them is a change of the tool.
public struct Definition: Sendable, Hashable {
    public let server: String
    public let tool: String
    /// `{"server": identity, "tool": as it came}`.
    public let json: JSON
    /// SHA-256 of the canonical form (RFC 8785), in hexadecimal digits.
    public let hash: String

    /// - Throws: `invalid` for a definition that has no canonical form.
    init(server: String, identity: JSON, tool name: String, _ tool: JSON) throws(GatehouseError) {
        try self.init(server: server, tool: name, ["server": identity, "tool": tool])
    }

    init(server: String, tool: String, _ json: JSON) throws(GatehouseError) {
        self.server = server
        self.tool = tool
        self.json = json
        do {
            hash = Hex.encode(SHA256.hash(data: try json.canonicalBytes(keepsPrecision: true)))
        } catch {
            throw GatehouseError(
                "mcp", .invalid, "the definition of \(tool) has no canonical form", cause: error.description)
        }
    }

    /// What the server sent.
    var sent: JSON { json["tool"] ?? .null }

    /// What stays when a tool is given another name.
    var withoutName: JSON {
        guard var tool = sent.object else { return json }
        tool["name"] = nil
        return ["server": json["server"] ?? .null, "tool": .object(tool)]
    }

    /// For people who have to agree to it.
    var shown: String { json.text(pretty: true) }
}
