import Core
import Matching

/// A `pattern` of ECMA-262, as JSON Schema has them, written anew for PCRE2 where the two differ: `\d`, `\w` and `\b`
/// are of ASCII, `\s` of Unicode, `$` is the very end, `\u` spells a character.
struct TextPattern: Sendable {
    private let expression: Expression

    /// Longest pattern taken.
    private static let longest = 8_192

    init(_ pattern: String, work: Int) throws(GatehouseError) {
        guard pattern.utf8.count <= Self.longest else {
            throw GatehouseError("schema", .tooLarge, "a pattern has more than \(Self.longest) bytes")
        }
        var translation = Translation(pattern)
        expression = try Expression(
            translation.translated(), options: .utf8, limits: .init(matches: work, depth: 2_000, heapKiB: 1_024))
    }

    /// Nil when a bound was reached first.
    func matches(_ text: String) -> Bool? {
        switch expression.firstMatch(in: [UInt8](text.utf8)) {
        case .match: true
        case .noMatch: false
        case .limit: nil
        }
    }

    private struct Translation {
        private var rest: ArraySlice<Unicode.Scalar>
        private var out = String.UnicodeScalarView()
        private var isInClass = false

        private static let word = "0-9A-Za-z_"
        private static let space =
            #"\t\n\x{0b}\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#
        private static let isWord = "[\(word)]"
        private static let edge = "(?:(?<=\(isWord))(?!\(isWord))|(?<!\(isWord))(?=\(isWord)))"
        private static let inside = "(?:(?<=\(isWord))(?=\(isWord))|(?<!\(isWord))(?!\(isWord)))"

        init(_ pattern: String) { rest = Array(pattern.unicodeScalars)[...] }

        mutating func translated() -> String {
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\\": escape()
                case "$" where !isInClass: out += "\\z".unicodeScalars
                case "." where !isInClass: out += #"[^\n\r\x{2028}\x{2029}]"#.unicodeScalars
                case "[" where !isInClass: openClass()
                case "[": out += "\\[".unicodeScalars
                case "]":
                    isInClass = false
                    out.append(scalar)
                case "(" where !isInClass && rest.first == "*": out += "\\(".unicodeScalars
                default: out.append(scalar)
                }
            }
            return String(out)
        }

        /// In ECMA-262 `[]` holds nothing and `[^]` everything.
        private mutating func openClass() {
            if rest.starts(with: ["]"]) {
                rest.removeFirst()
                out += "(?!)".unicodeScalars
            } else if rest.starts(with: ["^", "]"]) {
                rest.removeFirst(2)
                out += #"[\s\S]"#.unicodeScalars
            } else {
                isInClass = true
                out.append("[")
            }
        }

        private mutating func escape() {
            guard let letter = rest.popFirst() else { return out.append("\\") }
            switch letter {
            case "d": write(inClass: "0-9", outside: "[0-9]")
            case "D": write(inClass: #"\x{0}-\x{2f}\x{3a}-\x{10ffff}"#, outside: "[^0-9]")
            case "w": write(inClass: Self.word, outside: Self.isWord)
            case "W":
                write(
                    inClass: #"\x{0}-\x{2f}\x{3a}-\x{40}\x{5b}-\x{5e}\x{60}\x{7b}-\x{10ffff}"#,
                    outside: "[^\(Self.word)]")
            case "s": write(inClass: Self.space, outside: "[\(Self.space)]")
            // A negated set has no short spelling in a class; PCRE2's own differs in U+FEFF alone.
            case "S": write(inClass: #"\S"#, outside: "[^\(Self.space)]")
            case "b": write(inClass: #"\x{8}"#, outside: Self.edge)
            case "B": write(inClass: "B", outside: Self.inside)
            case "v": out += #"\x{0b}"#.unicodeScalars
            case "/", "-": out += "\\\(letter)".unicodeScalars
            case "u": character()
            case "p", "P": property(letter)
            case "c", "x", "f", "n", "r", "t", "k", "0"..."9": out += "\\\(letter)".unicodeScalars
            // A letter that ECMA-262 does not know with a backslash; PCRE2 may mean something by it.
            case "a"..."z", "A"..."Z": out += "(?<\\\(letter)".unicodeScalars
            default: out += "\\\(letter)".unicodeScalars
            }
        }

        private mutating func write(inClass: String, outside: String) {
            out += (isInClass ? inClass : outside).unicodeScalars
        }

        /// `\uXXXX`, a pair of them, or `\u{X…}`.
        private mutating func character() {
            if rest.first == "{" {
                out += "\\x".unicodeScalars
                return
            }
            guard let first = unit() else { return out += "(?<\\u".unicodeScalars }
            var value = first
            if first & 0xFC00 == 0xD800, rest.starts(with: ["\\", "u"]) {
                rest.removeFirst(2)
                value = 0x10000 + (first & 0x3FF) << 10 + ((unit() ?? 0) & 0x3FF)
            }
            out += "\\x{\(String(value, radix: 16))}".unicodeScalars
        }

        private mutating func unit() -> UInt32? {
            let digits = String(String.UnicodeScalarView(rest.prefix(4)))
            guard rest.count >= 4, let value = UInt32(digits, radix: 16) else { return nil }
            rest.removeFirst(4)
            return value
        }

        /// PCRE2 knows the short names of the general categories, ECMA-262 also the long ones.
        private mutating func property(_ letter: Unicode.Scalar) {
            out += "\\\(letter)".unicodeScalars
            guard rest.first == "{", let end = rest.firstIndex(of: "}") else { return }
            var name = String(String.UnicodeScalarView(rest[..<end].dropFirst()))
            rest = rest[end...].dropFirst()
            for prefix in ["General_Category=", "gc=", "Script=", "sc=", "Script_Extensions=", "scx="]
            where name.hasPrefix(prefix) {
                name.removeFirst(prefix.count)
            }
            out += "{\(Self.categories[name] ?? name)}".unicodeScalars
        }

        private static let categories = [
            "Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Titlecase_Letter": "Lt",
            "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Number": "N", "Decimal_Number": "Nd",
            "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
            "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "Separator": "Z", "Space_Separator": "Zs",
            "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf",
        ]
    }
}
