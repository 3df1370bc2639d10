public import Core

/// The address of a repository to clone: `https://…`, `ssh://…`, `git@host:path` or `file:///…`.
public struct GitURL: Sendable, Hashable {
    public enum Scheme: String, Sendable, Hashable, CaseIterable { case https, ssh, file }

    public let scheme: Scheme
    /// Without credentials (the user of an ssh address stays: it is part of the address). Safe to show and to record.
    public let address: String
    /// `user:password` of an https address.
    public let credentials: Secret?

    /// - Throws: `invalid`, or `unsupported` for another protocol, without repeating what may be a password.
    public init(_ text: String) throws(GatehouseError) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else {
            throw GitURL.invalid("has blanks or control characters, or is longer than 2,048 bytes")
        }
        guard let mark = text.firstRange(of: "://") else {
            guard GitURL.isShortForm(text) else {
                throw GitURL.invalid("is neither a path nor an address of a repository")
            }
            (scheme, address, credentials) = (.ssh, text, nil)
            return
        }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            throw GatehouseError(
                "scan", .unsupported, "repositories are not fetched over \(text[..<mark.lowerBound].prefix(16))://",
                hint: "use https://, ssh://, git@host:path or file://")
        }
        let rest = text[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let at = authority.lastIndex(of: "@")
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        let user = at.map { authority[..<$0] } ?? ""
        guard !host.hasPrefix("-"), !user.hasPrefix("-"), scheme == .file ? host.isEmpty : !host.isEmpty,
            slash < rest.endIndex
        else {
            throw GitURL.invalid("has no usable host or no path")
        }
        self.scheme = scheme
        switch scheme {
        case .https:
            address = "https://\(host)\(rest[slash...])"
            credentials = user.isEmpty ? nil : Secret(GitURL.unescaped(user))
        case .ssh:
            let name = user.prefix { $0 != ":" }
            address = "ssh://\(name.isEmpty ? "" : name + "@")\(host)\(rest[slash...])"
            credentials = nil
        case .file:
            address = "file://\(rest[slash...])"
            credentials = nil
        }
    }

    /// `user@host:path`, as scp has it.
    private static func isShortForm(_ text: String) -> Bool {
        guard let at = text.firstIndex(of: "@"), let colon = text[at...].firstIndex(of: ":"), !text[..<at].isEmpty,
            !text[..<at].contains("/"), !text[..<at].contains(":")
        else { return false }
        let host = text[text.index(after: at)..<colon]
        let path = text[text.index(after: colon)...]
        return !text.hasPrefix("-") && !host.isEmpty && !host.hasPrefix("-") && !host.contains("/") && !path.isEmpty
            && !path.hasPrefix("-")
    }

    /// The address of a remote as the name of its repository, without credentials; nil for what names no repository
    /// to others (a local path, a helper of git's).
    static func identity(_ remote: String) -> String? {
        if let url = try? GitURL(remote) { return url.address }
        return remote.hasPrefix("http://") || remote.hasPrefix("git://") ? Git.redacted(remote) : nil
    }

    private static func unescaped(_ text: Substring) -> String {
        var out = [UInt8]()
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), let value = Hex.decode(String(decoding: bytes.prefix(2), as: UTF8.self)),
                value.count == 1
            {
                out += value
                bytes = bytes.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func invalid(_ why: String) -> GatehouseError {
        GatehouseError(
            "scan", .invalid, "the repository's address \(why)",
            hint: "give a folder, https://, ssh://, git@host:path or file://")
    }
}
