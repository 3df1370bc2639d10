import NIOCore

/// Host and port of a web address.
struct WebPlace: Sendable, Hashable {
    let host: String
    let port: Int

    /// Nil for what is no http or https address.
    init?(_ address: String) {
        let isTLS = address.lowercased().hasPrefix("https://")
        guard isTLS || address.lowercased().hasPrefix("http://") else { return nil }
        let authority = address.dropFirst(isTLS ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var host = authority
        var port = isTLS ? 443 : 80
        let name = authority.drop { $0 != "]" }
        if let colon = (name.isEmpty ? authority : name).lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            host = authority[..<colon]
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// Whether nobody on the way reads what is sent there: by TLS, or within this machine.
    static func isProtected(_ address: String) -> Bool {
        if address.lowercased().hasPrefix("https://") { return true }
        guard let host = WebPlace(address)?.host.lowercased() else { return false }
        if host == "localhost" { return true }
        guard let ip = try? SocketAddress(ipAddress: host, port: 0) else { return false }
        return host == "::1" || host.hasPrefix("127.") && ip.protocol == .inet
    }
}
