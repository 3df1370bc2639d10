#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which addresses lie in the open internet and which within an organisation or this machine (the registries of
/// RFC 6890 for both versions).
package enum AddressRanges {
    /// Whether nothing says that this is an outside address. What is no address is not outside.
    package static func isInside(_ address: String) -> Bool {
        let plain = address.prefix { $0 != "%" }
        var four = in_addr()
        if inet_pton(AF_INET, String(plain), &four) == 1 {
            return isInside(four: withUnsafeBytes(of: four) { Array($0) })
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, String(plain), &six) == 1 else { return true }
        return isInside(six: withUnsafeBytes(of: six) { Array($0) })
    }

    package static func isAddress(_ host: String) -> Bool {
        var (four, six) = (in_addr(), in6_addr())
        let plain = String(host.prefix { $0 != "%" })
        return inet_pton(AF_INET, plain, &four) == 1 || inet_pton(AF_INET6, plain, &six) == 1
    }

    private static func isInside(four bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _), (192, 0, 0): true
        case (172, 16...31, _), (100, 64...127, _), (198, 18...19, _), (224..., _, _): true
        default: false
        }
    }

    /// Of addresses that hold one of version 4 (mapped, and by NAT64's well-known prefix), that one counts.
    private static func isInside(six bytes: [UInt8]) -> Bool {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        if bytes.starts(with: mapped) || bytes.starts(with: translated) { return isInside(four: Array(bytes[12...])) }
        // All of unicast in the open internet begins with these three bits.
        return bytes[0] & 0xE0 != 0x20
    }
}
