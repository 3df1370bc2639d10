/// An http or https address in its parts, with no user in it.
package struct OutsideAddress: Sendable, Hashable {
    package let isTLS: Bool
    /// Without brackets.
    package let host: String
    let port: Int

    /// Nil for any other address.
    package init?(_ text: String) {
        guard text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let start = text.prefix(8).lowercased()
        isTLS = start == "https://"
        guard isTLS || start.hasPrefix("http://") else { return nil }
        let authority = text.dropFirst(isTLS ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let place = HostPort(authority, standard: isTLS ? 443 : 80) else { return nil }
        (host, port) = (place.host, place.port)
    }
}

/// `host:port`, `[address]:port`, or without the port.
struct HostPort: Sendable, Hashable {
    let host: String
    let port: Int

    init?(_ text: some StringProtocol, standard: Int) {
        var name = Substring(text)
        var port: Substring?
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let rest = name[name.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            name = name[name.index(after: name.startIndex)..<end]
        } else if let colon = name.firstIndex(of: ":") {
            port = name[name.index(after: colon)...]
            name = name[..<colon]
        }
        let number = port.map { Int($0) ?? 0 } ?? standard
        guard (1...65_535).contains(number) else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._:%".utf8.contains(byte)
        }
        guard (1...253).contains(name.utf8.count), isName else { return nil }
        host = name.lowercased()
        self.port = number
    }
}
