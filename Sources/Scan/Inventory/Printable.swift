/// Bytes from outside as text that is safe to show: file names and lines of code may hold anything.
package enum Printable {
    /// Valid UTF-8 stays as it is; bytes that are not become `\xNN`; control characters and the marks that turn the
    /// direction of text (with which a name can pose as another) become `\u{N}`.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
        var out = ""
        out.reserveCapacity(bytes.count)
        var parser = Unicode.UTF8.ForwardParser()
        var position = 0
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                append(Unicode.UTF8.decode(encoded), to: &out)
                position += encoded.count
            case .error(let length):
                for byte in bytes[position..<position + length] { out += "\\x" + hex(UInt32(byte), width: 2) }
                position += length
            case .emptyInput:
                return out
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to out: inout String) {
        switch scalar.value {
        case 0x09: out += " "
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF:
            out += "\\u{" + hex(scalar.value, width: 1) + "}"
        default: out.unicodeScalars.append(scalar)
        }
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
