/// What a name looks like to somebody who does not look closely: names with one skeleton can be taken for each other
/// (after UTS #39, which calls them confusable; case, `_`, `-`, `.` and blanks count for nothing here).
public enum Skeleton {
    public static func of(_ name: String) -> String {
        var bytes: [UInt8] = []
        for scalar in name.unicodeScalars {
            switch CharacterMeaning(scalar.value) {
            case .removed?: continue
            case .ascii(let text)?: bytes += text
            case .lookAlike(let letter)?: bytes.append(letter)
            case .typographic?: continue
            case nil: bytes += String(scalar).utf8
            }
        }
        return folded(bytes)
    }

    private static func folded(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "): continue
            case UInt8(ascii: "0"): out.append(UInt8(ascii: "o"))
            case UInt8(ascii: "1"), UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "|"):
                out.append(UInt8(ascii: "l"))
            case UInt8(ascii: "5"), UInt8(ascii: "$"): out.append(UInt8(ascii: "s"))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): out.append(byte | 0x20)
            default: out.append(byte)
            }
            join(&out, "rn", UInt8(ascii: "m"))
            join(&out, "vv", UInt8(ascii: "w"))
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func join(_ out: inout [UInt8], _ pair: StaticString, _ letter: UInt8) {
        guard out.count >= 2, out[out.count - 2] == pair.utf8Start[0], out[out.count - 1] == pair.utf8Start[1] else {
            return
        }
        out.removeLast(2)
        out.append(letter)
    }
}
