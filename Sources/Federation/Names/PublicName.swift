import Core
import Crypto

/// The name by which a client sees a tool of a server behind the gate: `files__read_file`.
///
/// Letters, digits, `_` and `-`, at most 64 of them, which is what all clients and models take (the protocol itself
/// takes 128 and dots). A name that had to be altered or cut ends in a piece of its hash, so that no two tools share one.
enum PublicName {
    static let longest = 64
    static let separator = "__"

    static func make(server: String, tool: String) -> String {
        let plain = server + separator + tool
        let written = String(decoding: plain.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        guard written != plain || plain.utf8.count > longest else { return plain }
        let mark = "_" + Hex.encode(SHA256.hash(data: [UInt8](plain.utf8)).prefix(4))
        return String(written.prefix(longest - mark.count)) + mark
    }

    /// Of one of the house's own tools, `scan.assess`.
    static func make(own id: String) -> String { String(id.map { $0 == "." ? "_" : $0 }) }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
