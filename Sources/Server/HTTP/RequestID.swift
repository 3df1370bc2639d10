import Core

/// The id under which a request is found in logs, answers and the ledger's neighbourhood.
enum RequestID {
    /// The caller's own when it is harmless: 8 to 64 letters, digits, `-`, `_` or `.`; else a new one.
    static func take(_ offered: String?, at time: Timestamp) -> String {
        if let offered, (8...64).contains(offered.utf8.count), offered.utf8.allSatisfy(isPlain) { return offered }
        return Identifier.make("req", at: time)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
