/// What a character stands for: the compatibility forms of Unicode that render like ASCII (UAX #15), look-alikes of
/// other scripts (UTS #39), and what is not seen at all.
enum CharacterMeaning {
    case removed
    case ascii([UInt8])
    /// A letter of another script that looks like a Latin one; only among Latin letters is it a disguise.
    case lookAlike(UInt8)
    /// Blanks, dashes and dots that typography uses too; only beside digits is it worth a second look.
    case typographic(UInt8)

    init?(_ scalar: UInt32) {
        switch scalar {
        case 0xa0...0xff:
            guard let meaning = CharacterMeaning.latin1[scalar] else { return nil }
            self = meaning
        case 0x300...0x36f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180e, 0x200b...0x200f, 0x202a...0x202e,
            0x2060...0x206f, 0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0xe0000...0xe01ef:
            self = .removed
        case 0x2000...0x200a, 0x202f, 0x205f, 0x3000: self = .typographic(0x20)
        case 0x2010...0x2015, 0x2212, 0xfe58, 0xfe63: self = .typographic(0x2d)
        case 0x2022, 0x2027, 0x2219: self = .typographic(0x2e)
        case 0x370...0x58f, 0x131, 0x251, 0x261:
            guard let letter = CharacterMeaning.lookAlikes[scalar] else { return nil }
            self = .lookAlike(letter)
        default:
            guard let text = CharacterMeaning.compatible(scalar) else { return nil }
            self = .ascii(text)
        }
    }

    private static let latin1: [UInt32: CharacterMeaning] = [
        0xa0: .typographic(0x20), 0xad: .removed, 0xb2: .ascii([0x32]), 0xb3: .ascii([0x33]), 0xb9: .ascii([0x31]),
        0xb7: .typographic(0x2e),
    ]

    private static func compatible(_ scalar: UInt32) -> [UInt8]? {
        func from(_ first: UInt32, _ base: UInt8, every count: UInt32 = .max) -> [UInt8] {
            [base + UInt8((scalar - first) % count)]
        }
        func letter(_ first: UInt32) -> [UInt8] {
            let index = UInt8((scalar - first) % 52)
            return [index < 26 ? 0x41 + index : 0x61 + index - 26]
        }
        switch scalar {
        case 0xff01...0xff5e: return from(0xff01, 0x21)
        case 0x1d400...0x1d6a3: return letter(0x1d400)
        case 0x1d7ce...0x1d7ff: return from(0x1d7ce, 0x30, every: 10)
        case 0x2460...0x2468: return from(0x2460, 0x31)
        case 0x2474...0x247c: return from(0x2474, 0x31)
        case 0x2488...0x2490: return from(0x2488, 0x31)
        case 0x2776...0x277e: return from(0x2776, 0x31)
        case 0x24b6...0x24cf: return from(0x24b6, 0x41)
        case 0x24d0...0x24e9: return from(0x24d0, 0x61)
        case 0x24ea, 0x24ff: return [0x30]
        case 0x1f130...0x1f149: return from(0x1f130, 0x41)
        case 0x1f150...0x1f169: return from(0x1f150, 0x41)
        case 0x1f170...0x1f189: return from(0x1f170, 0x41)
        case 0x2070, 0x2074...0x2079: return from(0x2070, 0x30)
        case 0x2080...0x2089: return from(0x2080, 0x30)
        case 0x660...0x669: return from(0x660, 0x30)
        case 0x6f0...0x6f9: return from(0x6f0, 0x30)
        case 0x966...0x96f: return from(0x966, 0x30)
        case 0x9e6...0x9ef: return from(0x9e6, 0x30)
        case 0xbe6...0xbef: return from(0xbe6, 0x30)
        case 0xe50...0xe59: return from(0xe50, 0x30)
        case 0x1fbf0...0x1fbf9: return from(0x1fbf0, 0x30)
        default: return singles[scalar]
        }
    }

    private static let singles: [UInt32: [UInt8]] = {
        let texts: [UInt32: String] = [
            0xfb00: "ff", 0xfb01: "fi", 0xfb02: "fl", 0xfb03: "ffi", 0xfb04: "ffl", 0xfb05: "st", 0xfb06: "st",
            0x2024: ".", 0xfe52: ".", 0x3002: ".", 0xff61: ".", 0xfe6b: "@", 0x2044: "/", 0x2215: "/", 0xfe55: ":",
            0x2236: ":", 0xa789: ":", 0x2102: "C", 0x210a: "g", 0x210b: "H", 0x210c: "H", 0x210d: "H", 0x210e: "h",
            0x2110: "I", 0x2111: "I", 0x2112: "L", 0x2113: "l", 0x2115: "N", 0x2119: "P", 0x211a: "Q", 0x211b: "R",
            0x211c: "R", 0x211d: "R", 0x2124: "Z", 0x2128: "Z", 0x212a: "K", 0x212c: "B", 0x212d: "C", 0x212f: "e",
            0x2130: "E", 0x2131: "F", 0x2133: "M", 0x2134: "o", 0x2139: "i",
        ]
        return texts.mapValues { Array($0.utf8) }
    }()

    /// Cyrillic, Greek, Armenian and Latin letters, and the ASCII letters that they pass for.
    private static let lookAlikes: [UInt32: UInt8] = {
        let pairs: [(String, String)] = [
            ("аеорсухіѕјԁԛԝһӏкпт", "aeopcyxisjdqwhlknt"), ("АВЕКМНОРСТУХІЅЈЗ", "ABEKMHOPCTYXISJ3"),
            ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("οναρικυτ", "ovapikut"), ("օոսհ", "onuh"), ("ıɑɡ", "iag"),
        ]
        var table: [UInt32: UInt8] = [:]
        for (others, latin) in pairs {
            for (other, letter) in zip(others.unicodeScalars, latin.utf8) { table[other.value] = letter }
        }
        return table
    }()
}
