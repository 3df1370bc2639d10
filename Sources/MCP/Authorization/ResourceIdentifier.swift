import Core
import Web

/// The URI of a protected resource, here of an MCP endpoint (RFC 8707, section 2): absolute, without a fragment, over
/// TLS unless on this very machine.
public struct ResourceIdentifier: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    let uri: URIReference

    /// Nil for what is no such URI.
    public init?(_ text: String) {
        guard let uri = SecureAddress.parse(text), uri.fragment == nil else { return nil }
        self.text = text
        self.uri = uri
    }

    public var description: String { text }

    /// Whether what is valid for this resource may be sent to an address: the same origin, and the same path or one
    /// below it.
    func covers(_ address: URIReference) -> Bool {
        guard uri.scheme == address.scheme, uri.authority?.lowercased() == address.authority?.lowercased() else {
            return false
        }
        let (own, other) = (uri.path.isEmpty ? "/" : uri.path, address.path.isEmpty ? "/" : address.path)
        return own == other || other.hasPrefix(own.hasSuffix("/") ? own : own + "/")
    }
}

/// Addresses that something secret may be sent to.
enum SecureAddress {
    /// Nil unless it is `https`, or `http` on this machine, without user information.
    static func parse(_ text: String) -> URIReference? {
        guard text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let uri = URIReference(text)
        guard let authority = uri.authority, !authority.isEmpty, !authority.utf8.contains(UInt8(ascii: "@")),
            !authority.utf8.contains(UInt8(ascii: "\\"))
        else { return nil }
        switch uri.scheme {
        case "https": return uri
        case "http": return isHere(authority) ? uri : nil
        default: return nil
        }
    }

    static func isHere(_ authority: String) -> Bool {
        var host = authority[...]
        if !host.hasSuffix("]"), let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) { host = host[..<colon] }
        return ["localhost", "127.0.0.1", "[::1]"].contains(host.lowercased())
    }
}

extension URIReference {
    var origin: String { "\(scheme ?? ""):\(authority.map { "//\($0)" } ?? "")" }
}
