import Web

/// What Twilio posts: a body of `application/x-www-form-urlencoded` (WHATWG URL, 5.1), each name in it once.
struct TwilioForm: Sendable, Hashable {
    /// Parameters. Twilio sends about thirty.
    static let most = 64

    private let values: [String: String]

    /// Nil for what is too long, says a name twice, or is not encoded as it should be: it is not known what was signed.
    init?(_ body: [UInt8]) {
        guard body.count <= IntakeLimits.body else { return nil }
        let pairs = body.split(separator: UInt8(ascii: "&"), maxSplits: Self.most, omittingEmptySubsequences: false)
        guard pairs.count <= Self.most else { return nil }
        var values: [String: String] = [:]
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.text(parts[0]), !name.isEmpty, let value = Self.text(parts[1]),
                values.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        self.values = values
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String? {
        Percent.bytes(of: bytes, plusIsSpace: true).flatMap { String(validating: $0, as: UTF8.self) }
    }

    subscript(name: String) -> String? { values[name] }

    /// Names and values without anything between them, in the order of the names' bytes: what is signed after the address.
    var signed: [UInt8] {
        values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap {
            Array($0.key.utf8) + Array($0.value.utf8)
        }
    }
}
