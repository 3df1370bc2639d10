/// Whether a text is inside a web address: after `://`, or `//` where an address can stand, up to what ends one.
struct LinkState: Sendable {
    /// How much of the beginning has come: 1 for what may come before two slashes, 2 after the first of them.
    private var progress = 0
    private var depth = 0
    private(set) var isInside = false

    mutating func read(_ bytes: [UInt8]) { for byte in bytes { read(byte) } }

    mutating func read(_ byte: UInt8) {
        if isInside { readInside(byte) } else { readOutside(byte) }
    }

    /// Brackets that were opened within it belong to it; what ends it early would let values through.
    private mutating func readInside(_ byte: UInt8) {
        switch byte {
        case 0...0x20, UInt8(ascii: "\""): isInside = false
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"):
            if depth == 0 { isInside = false }
            depth -= 1
        default: break
        }
    }

    private mutating func readOutside(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="),
            UInt8(ascii: "<"), UInt8(ascii: "["):
            progress = 1
        case UInt8(ascii: "/") where progress > 0:
            progress += 1
            if progress == 3 { (isInside, progress, depth) = (true, 0, 0) }
        default: progress = 0
        }
    }
}
