import Core
import Web

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The formats that are checked where checking is asked for (JSON Schema Validation, 7.3): those that forms for people
/// use.
enum Format: String, Sendable {
    case dateTime = "date-time"
    case date, time, email, ipv4, ipv6, uuid, uri

    func fits(_ text: String) -> Bool {
        switch self {
        case .dateTime: Self.isMoment(text)
        case .date: text.utf8.count == 10 && Self.isMoment("\(text)T00:00:00Z")
        case .time: Self.isMoment("2000-01-01T\(text)")
        case .email: Self.isEmail(text)
        case .ipv4: Self.isAddress(text, AF_INET)
        case .ipv6: Self.isAddress(text, AF_INET6)
        case .uuid: Self.isUUID(text)
        case .uri: Self.isURI(text)
        }
    }

    /// A leap second is one only before midnight of UTC.
    private static func isMoment(_ text: String) -> Bool {
        guard text.utf8.count <= 64, !text.utf8.contains(UInt8(ascii: " ")), let time = Timestamp(text) else {
            return false
        }
        let isLeap = text.utf8.dropFirst(17).starts(with: "60".utf8)
        return !isLeap || time.microseconds / 1_000_000 % 86_400 == 0
    }

    /// One `@` between a local part and a domain of letters, digits, hyphens and dots, or an address in brackets.
    private static func isEmail(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1 else { return false }
        let (local, domain) = (bytes[..<at], bytes[(at + 1)...])
        let isQuoted = local.count > 2 && local.first == UInt8(ascii: "\"") && local.last == UInt8(ascii: "\"")
        let isLocal =
            isQuoted
            || !local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).contains {
                $0.isEmpty || $0.contains { $0 <= 0x20 || $0 >= 0x7F || "()<>[]:;@\\,\"".utf8.contains($0) }
            }
        if domain.first == UInt8(ascii: "["), domain.last == UInt8(ascii: "]") {
            let address = String(decoding: domain.dropFirst().dropLast(), as: UTF8.self)
            return isLocal
                && (address.hasPrefix("IPv6:")
                    ? isAddress(String(address.dropFirst(5)), AF_INET6) : isAddress(address, AF_INET))
        }
        return isLocal && isDomain(domain)
    }

    private static func isDomain(_ domain: ArraySlice<UInt8>) -> Bool {
        domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            let hyphen = UInt8(ascii: "-")
            guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
            return label.allSatisfy { $0 == hyphen || $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }
        }
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var address = in6_addr()
        return !text.utf8.contains(0) && inet_pton(family, text, &address) == 1
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.joined().allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }
    }

    /// Absolute, and of characters that a URI may have (RFC 3986).
    private static func isURI(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let first = bytes.first, (first | 0x20) &- 0x61 < 26
        else { return false }
        let isScheme = bytes[..<colon].allSatisfy {
            ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "+-.".utf8.contains($0)
        }
        guard isScheme, Percent.decode(text) != nil || !bytes.contains(UInt8(ascii: "%")) else { return false }
        return bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
    }
}
