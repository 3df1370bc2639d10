/// An IP address, version 4 or 6, as 128 bits with the version; read and spelled as Go does.
struct IPAddress: Hashable {
    var bits: UInt128
    let isV4: Bool

    var width: Int { isV4 ? 32 : 128 }
    /// The largest value of the version.
    var greatest: UInt128 { isV4 ? 0xFFFF_FFFF : .max }

    init(_ bits: UInt128, isV4: Bool) {
        self.bits = bits
        self.isV4 = isV4
    }

    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64 else { return nil }
        if let bits = Self.v4(text) {
            self.init(bits, isV4: true)
        } else if let bits = Self.v6(text) {
            // A version 4 address in the clothes of version 6 is one of version 4.
            let isMapped = bits >> 32 == 0xFFFF
            self.init(isMapped ? bits & 0xFFFF_FFFF : bits, isV4: isMapped)
        } else {
            return nil
        }
    }

    private static func v4(_ text: some StringProtocol) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt128 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.first != "0", let byte = UInt8(String(part))
            else { return nil }
            bits = bits << 8 | UInt128(byte)
        }
        return bits
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count >= 3 else { return nil }
        if let last = parts.last, last.contains("."), let bits = v4(last) {
            parts.removeLast()
            parts += [String(bits >> 16, radix: 16), String(bits & 0xFFFF, radix: 16)]
        }
        if parts.first?.isEmpty == true {
            guard parts[1].isEmpty else { return nil }
            parts.removeFirst()
        }
        if parts.last?.isEmpty == true {
            guard parts[parts.count - 2].isEmpty else { return nil }
            parts.removeLast()
        }
        if let gap = parts.firstIndex(of: "") {
            guard parts.count <= 8 else { return nil }
            parts.replaceSubrange(gap...gap, with: Array(repeating: "0", count: 9 - parts.count))
        }
        guard parts.count == 8 else { return nil }
        var bits: UInt128 = 0
        for part in parts {
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bits = bits << 16 | UInt128(group)
        }
        return bits
    }

    /// RFC 5952.
    var text: String {
        if isV4 {
            return stride(from: 24, through: 0, by: -8).map { "\(UInt8(truncatingIfNeeded: bits >> $0))" }.joined(
                separator: ".")
        }
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
        var longest = 0..<0
        var at = 0
        while at < 8 {
            var end = at
            while end < 8, groups[end] == 0 { end += 1 }
            if end - at > max(longest.count, 1) { longest = at..<end }
            at = end + 1
        }
        func spell(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return longest.isEmpty
            ? spell(groups[...]) : "\(spell(groups[..<longest.lowerBound]))::\(spell(groups[longest.upperBound...]))"
    }
}

/// A network in CIDR notation: the addresses that share a prefix.
struct IPNetwork: Hashable {
    let first: IPAddress
    let prefix: Int

    init(_ address: IPAddress, prefix: Int) {
        first = IPAddress(address.bits & Self.mask(prefix, address), isV4: address.isV4)
        self.prefix = prefix
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let prefix = Int(parts[1])
        else { return nil }
        // Of a mapped version 4 address the prefix counts from the front of version 6.
        let isMapped = address.isV4 && parts[0].contains(":")
        let own = isMapped ? prefix - 96 : prefix
        guard own >= 0, own <= address.width else { return nil }
        self.init(address, prefix: own)
    }

    private static func mask(_ prefix: Int, _ address: IPAddress) -> UInt128 {
        let host = address.width - prefix
        return host >= 128 ? 0 : ~((UInt128(1) << host) - 1) & address.greatest
    }

    var last: IPAddress {
        IPAddress(first.bits | ~Self.mask(prefix, first) & first.greatest, isV4: first.isV4)
    }

    func contains(_ address: IPAddress) -> Bool {
        address.isV4 == first.isV4 && first.bits <= address.bits && address.bits <= last.bits
    }

    var text: String { "\(first.text)/\(prefix)" }
}
