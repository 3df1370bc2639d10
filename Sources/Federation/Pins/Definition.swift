import Core
import Crypto
public import JSON

/// What a server says of something that it offers, whole: with the server's own identity it is what people agree to.
///
/// All members count, also those that nobody knows: a change of any of them is a change of the item.
public struct Definition: Sendable, Hashable {
    public let kind: ItemKind
    public let server: String
    public let name: String
    /// `{"server": identity, "tool": as it came}`, with the kind's own word.
    public let json: JSON
    /// SHA-256 of the canonical form (RFC 8785), in hexadecimal digits.
    public let hash: String

    /// - Throws: `invalid` for a definition that has no canonical form.
    init(
        _ kind: ItemKind = .tool, server: String, identity: JSON, name: String, _ sent: JSON
    ) throws(GatehouseError) {
        try self.init(kind, server: server, name: name, ["server": identity, kind.rawValue: sent])
    }

    init(_ kind: ItemKind = .tool, server: String, name: String, _ json: JSON) throws(GatehouseError) {
        self.kind = kind
        self.server = server
        self.name = name
        self.json = json
        do {
            hash = Hex.encode(SHA256.hash(data: try json.canonicalBytes(keepsPrecision: true)))
        } catch {
            throw GatehouseError(
                "mcp", .invalid, "the definition of \(name) has no canonical form", cause: error.description)
        }
    }

    public var key: Pin.Key { Pin.Key(kind: kind, server: server, name: name) }

    /// What the server sent.
    var sent: JSON { json[kind.rawValue] ?? .null }

    /// What stays when it is given another name.
    var withoutName: JSON {
        guard var sent = sent.object else { return json }
        sent["name"] = nil
        return ["server": json["server"] ?? .null, kind.rawValue: .object(sent)]
    }

    /// For people who have to agree to it.
    var shown: String { json.text(pretty: true) }
}
