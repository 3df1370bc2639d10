/// The address by which a client reads a resource of a server behind the gate: `mcp://files/file:///srv/docs/a.txt`.
///
/// The server's name, and after the next slash its own address, unchanged: no two servers can have the same one, and
/// what stands for itself in a template (RFC 6570) stays in place.
struct ResourceAddress: Sendable, Hashable {
    static let scheme = "mcp://"

    let server: String
    /// As the server has it.
    let uri: String

    init(server: String, uri: String) {
        self.server = server
        self.uri = uri
    }

    /// Nil for what is no such address.
    init?(_ text: String) {
        guard text.hasPrefix(Self.scheme) else { return nil }
        let rest = text.dropFirst(Self.scheme.count)
        guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { return nil }
        server = String(rest[..<slash])
        uri = String(rest[rest.index(after: slash)...])
        guard !uri.isEmpty else { return nil }
    }

    var text: String { "\(Self.scheme)\(server)/\(uri)" }
}
