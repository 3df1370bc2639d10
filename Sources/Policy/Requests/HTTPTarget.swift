public import Core

/// The server that a URL names.
public struct HTTPTarget: Sendable, Hashable {
    public let isSecure: Bool
    /// In lower case; an address of IPv6 without its brackets.
    public let host: String
    public let port: Int
    /// From the scheme to before the fragment.
    public let url: String

    /// - Throws: `invalid` for another scheme than http and https, and for whatever programs read differently: names
    ///   and passwords, backslashes, control characters, what is not ASCII.
    public init(_ text: String) throws(GatehouseError) {
        func refused(_ why: String) -> GatehouseError {
            GatehouseError("policy", .invalid, "no server is asked: \(why)")
        }
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { throw refused("the URL is too long, or has characters that have to be escaped") }
        guard
            let scheme = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first?.lowercased(),
            scheme == "http" || scheme == "https", text.dropFirst(scheme.utf8.count).hasPrefix("://")
        else { throw refused("the URL is neither http nor https") }
        isSecure = scheme == "https"
        url = String(text.prefix { $0 != "#" })
        let authority = url.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" && $0 != "?" }
        guard let place = HTTPPlace(authority) else { throw refused("the URL names no host, or more than one") }
        host = place.host
        port = place.port ?? (isSecure ? 443 : 80)
    }

    /// `api.example.org:8443`, the port where it is not the scheme's.
    public var name: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? shown : "\(shown):\(port)"
    }

    /// What a `Location` field means from here. RFC 3986, section 5.2; servers resolve dots themselves.
    ///
    /// - Throws: as ``init(_:)``.
    public func following(_ location: String) throws(GatehouseError) -> HTTPTarget {
        let root = url.prefix { $0 != ":" } + "://"
        let authority = url.dropFirst(root.utf8.count).prefix { $0 != "/" && $0 != "?" }
        let path = url.dropFirst(root.utf8.count + authority.utf8.count).prefix { $0 != "?" }
        if location.hasPrefix("//") { return try HTTPTarget("\(url.prefix { $0 != ":" }):\(location)") }
        if location.hasPrefix("/") { return try HTTPTarget("\(root)\(authority)\(location)") }
        let scheme = location.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        if !scheme.isEmpty, location.dropFirst(scheme.count).hasPrefix(":") { return try HTTPTarget(location) }
        if location.isEmpty || location.hasPrefix("?") {
            return try HTTPTarget("\(root)\(authority)\(path)\(location)")
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return try HTTPTarget("\(root)\(authority)\(folder)/\(location)")
    }
}

/// `host`, `host:port`, `[::1]:port`.
struct HTTPPlace: Hashable {
    let host: String
    let port: Int?

    init?(_ text: some StringProtocol) {
        var rest = Substring(text.lowercased())
        if rest.hasPrefix("[") {
            let inner = rest.dropFirst().prefix { $0 != "]" }
            rest = rest.dropFirst(inner.count + 1)
            guard rest.hasPrefix("]"), inner.contains(":"),
                inner.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
            rest = rest.dropFirst()
            host = String(inner)
        } else {
            let name = rest.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.count <= 253, name.first != "-", name.first != ".",
                name.utf8.allSatisfy({
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || "-._".utf8.contains($0)
                })
            else { return nil }
            rest = rest.dropFirst(name.count)
            host = name.last == "." ? String(name.dropLast()) : String(name)
        }
        guard !rest.isEmpty else {
            port = nil
            return
        }
        guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(rest.dropFirst()), (1...65535).contains(number)
        else { return nil }
        port = number
    }
}
