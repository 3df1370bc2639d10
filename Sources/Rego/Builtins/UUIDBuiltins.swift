internal import Core

/// `uuid.*` (RFC 9562).
enum UUIDBuiltins {
    static let all: [Builtin] = [
        Builtin("uuid.rfc4122", [.string], .string, isPure: false, run: make),
        Builtin("uuid.parse", [.string], .anyObject, run: parse),
    ]

    /// Random (version 4); the same for the same name throughout a query.
    private static func make(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let key = "uuid.rfc4122 \(try arguments.text(0))"
        if let made = context.cache[key] as? String { return RegoValue(made) }
        var generator = SeededGenerator.of(context)
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.encode(bytes))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }
        context.cache[SeededGenerator.key] = generator
        context.cache[key] = parts.joined(separator: "-")
        return RegoValue(parts.joined(separator: "-"))
    }

    private static func parse(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        guard let bytes = bytes(try arguments.text(0)) else { return nil }
        let version = Int(bytes[6] >> 4)
        var members: RegoObject = ["version": RegoValue(version), "variant": RegoValue(variant(bytes[8]))]
        guard version == 1 || version == 2 else { return .object(members) }
        let node = bytes[10...].map { Hex.encode([$0]) }.joined(separator: "-")
        let scope = bytes[10] & 2 == 0 ? "global" : "local"
        let cast = bytes[10] & 1 == 0 ? "unicast" : "multicast"
        members.updateValue(RegoValue(node), forKey: "nodeid")
        members.updateValue(RegoValue("\(scope):\(cast)"), forKey: "macvariables")
        members.updateValue(RegoValue(Int(bytes[8] & 0x3F) << 8 | Int(bytes[9])), forKey: "clocksequence")
        members.updateValue(RegoValue(time(bytes)), forKey: "time")
        if version == 2 {
            members.updateValue(RegoValue(bytes[..<4].reduce(0) { $0 << 8 | Int($1) }), forKey: "id")
            let domains = ["Person", "Group", "Org"]
            let domain = Int(bytes[9])
            members.updateValue(
                RegoValue(domain < domains.count ? domains[domain] : "Domain\(domain)"), forKey: "domain")
        }
        return .object(members)
    }

    /// Plain, in braces, as a URN, or without dashes.
    private static func bytes(_ text: String) -> [UInt8]? {
        var rest = Substring(text)
        if rest.utf8.count == 45, rest.prefix(9).lowercased() == "urn:uuid:" { rest = rest.dropFirst(9) }
        if rest.utf8.count == 38 {
            guard rest.first == "{", rest.last == "}" else { return nil }
            rest = rest.dropFirst().dropLast()
        }
        if rest.utf8.count == 36 {
            let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
            rest = Substring(parts.joined())
        }
        guard rest.utf8.count == 32 else { return nil }
        return Hex.decode(rest)
    }

    private static func variant(_ byte: UInt8) -> String {
        if byte & 0xC0 == 0x80 { return "RFC4122" }
        if byte & 0xE0 == 0xC0 { return "Microsoft" }
        return byte & 0xE0 == 0xE0 ? "Future" : "Reserved"
    }

    /// Nanoseconds since 1970, of 100 ns since 1582-10-15.
    private static func time(_ bytes: [UInt8]) -> Int {
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 << 8 | Int($1) } }
        let ticks = number(6..<8) & 0xFFF
        let all = ticks << 48 | number(4..<6) << 32 | number(0..<4)
        return (all - 122_192_928_000_000_000) &* 100
    }
}
