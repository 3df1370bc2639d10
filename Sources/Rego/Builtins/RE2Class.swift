/// Character classes and escapes of RE2, spelled for PCRE2.
enum RE2Class {
    typealias Ranges = [ClosedRange<UInt32>]

    private static let named: [String: Ranges] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A], "ascii": [0...0x7F],
        "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0...0x1F, 0x7F...0x7F], "digit": [0x30...0x39],
        "graph": [0x21...0x7E], "lower": [0x61...0x7A], "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], "space": [0x09...0x0D, 0x20...0x20],
        "upper": [0x41...0x5A], "word": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]

    private static func perlRanges(_ letter: Unicode.Scalar) -> Ranges {
        switch letter {
        case "d", "D": [0x30...0x39]
        case "s", "S": [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]
        default: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        }
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    /// One character that stands for itself.
    static func literal(_ scalar: Unicode.Scalar) -> String {
        if isWord(scalar) || scalar.value >= 0x80 { return String(scalar) }
        return scalar.value < 0x20 || scalar.value == 0x7F ? hex(scalar.value) : "\\\(scalar)"
    }

    private static func hex(_ value: UInt32) -> String { "\\x{\(String(value, radix: 16))}" }

    private static func spell(_ ranges: Ranges) -> String {
        ranges.map { "\(hex($0.lowerBound))-\(hex($0.upperBound))" }.joined()
    }

    private static func complement(_ ranges: Ranges) -> Ranges {
        var result: Ranges = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        result.append(next...0x10FFFF)
        return result
    }

    /// `\d`, `\W`, `\pL`, `\P{Greek}` outside brackets.
    static func perl(
        _ pattern: [Unicode.Scalar], _ at: inout Int, ignoresCase: Bool
    ) throws(BuiltinError) -> String {
        let letter = pattern[at + 1]
        if letter == "p" || letter == "P" { return try property(pattern, &at) }
        at += 2
        let isNegated = letter.properties.isUppercase
        let set = "[\(isNegated ? "^" : "")\(spell(perlRanges(letter)))]"
        // Folding would take in what has an ASCII letter as its other case.
        return ignoresCase ? "(?-i:\(set))" : set
    }

    private static func property(_ pattern: [Unicode.Scalar], _ at: inout Int) throws(BuiltinError) -> String {
        let start = at
        var isNegated = pattern[at + 1] == "P"
        at += 2
        guard at < pattern.count else { throw range(pattern, start, pattern.count, "invalid character class range") }
        var name = ""
        if pattern[at] == "{" {
            guard let end = pattern[at...].firstIndex(of: "}") else {
                throw range(pattern, start, pattern.count, "invalid character class range")
            }
            name = String(String.UnicodeScalarView(pattern[(at + 1)..<end]))
            at = end + 1
        } else {
            name = String(pattern[at])
            at += 1
        }
        if name.hasPrefix("^") {
            isNegated.toggle()
            name.removeFirst()
        }
        guard !name.isEmpty, name.unicodeScalars.allSatisfy(isWord) else {
            throw range(pattern, start, at, "invalid character class range")
        }
        return "\\\(isNegated ? "P" : "p"){\(name)}"
    }

    private static func range(
        _ pattern: [Unicode.Scalar], _ start: Int, _ end: Int, _ words: String
    ) -> BuiltinError {
        RE2Translator.error(words, String(String.UnicodeScalarView(pattern[start..<min(end, pattern.count)])))
    }

    /// `[a-z\d[:alpha:]]`
    static func parse(_ pattern: [Unicode.Scalar], _ at: inout Int) throws(BuiltinError) -> String {
        let start = at
        var output = "["
        at += 1
        if at < pattern.count, pattern[at] == "^" {
            output += "^"
            at += 1
        }
        var isFirst = true
        while at < pattern.count, pattern[at] != "]" || isFirst {
            isFirst = false
            output += try item(pattern, &at, start)
        }
        guard at < pattern.count else { throw range(pattern, start, pattern.count, "missing closing ]") }
        at += 1
        return output + "]"
    }

    private static func item(
        _ pattern: [Unicode.Scalar], _ at: inout Int, _ start: Int
    ) throws(BuiltinError) -> String {
        if pattern[at] == "[", at + 1 < pattern.count, pattern[at + 1] == ":" {
            if let set = try namedSet(pattern, &at) { return set }
        }
        if pattern[at] == "\\", at + 1 < pattern.count {
            let letter = pattern[at + 1]
            if letter == "p" || letter == "P" { return try property(pattern, &at) }
            if ["d", "D", "s", "S", "w", "W"].contains(letter) {
                at += 2
                let ranges = perlRanges(letter)
                return spell(letter.properties.isUppercase ? complement(ranges) : ranges)
            }
        }
        let from = at
        let low = try character(pattern, &at, start)
        guard at + 1 < pattern.count, pattern[at] == "-", pattern[at + 1] != "]" else { return hex(low.value) }
        at += 1
        let high = try character(pattern, &at, start)
        guard low <= high else { throw range(pattern, from, at, "invalid character class range") }
        return "\(hex(low.value))-\(hex(high.value))"
    }

    private static func character(
        _ pattern: [Unicode.Scalar], _ at: inout Int, _ start: Int
    ) throws(BuiltinError) -> Unicode.Scalar {
        guard at < pattern.count else { throw range(pattern, start, pattern.count, "missing closing ]") }
        if pattern[at] == "\\" { return try escape(pattern, &at) }
        at += 1
        return pattern[at - 1]
    }

    /// `[:alpha:]`, `[:^alpha:]`; nil where the brackets mean nothing of the kind.
    private static func namedSet(_ pattern: [Unicode.Scalar], _ at: inout Int) throws(BuiltinError) -> String? {
        var end = at + 2
        while end + 1 < pattern.count, !(pattern[end] == ":" && pattern[end + 1] == "]") { end += 1 }
        guard end + 1 < pattern.count else { return nil }
        var name = String(String.UnicodeScalarView(pattern[(at + 2)..<end]))
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard let ranges = named[name] else { throw range(pattern, at, end + 2, "invalid character class range") }
        at = end + 2
        return spell(isNegated ? complement(ranges) : ranges)
    }

    /// The character that an escape stands for.
    static func escape(_ pattern: [Unicode.Scalar], _ at: inout Int) throws(BuiltinError) -> Unicode.Scalar {
        let start = at
        at += 2
        guard start + 1 < pattern.count else {
            throw RE2Translator.error("trailing backslash at end of expression", "")
        }
        let letter = pattern[start + 1]
        switch letter {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x": if let scalar = hexEscape(pattern, &at) { return scalar }
        case "0"..."7": if let scalar = octalEscape(pattern, &at, letter) { return scalar }
        default: if letter.value < 0x80, !isWord(letter) { return letter }
        }
        throw range(pattern, start, start + 2, "invalid escape sequence")
    }

    /// `\x7F` or `\x{10FFFF}`
    private static func hexEscape(_ pattern: [Unicode.Scalar], _ at: inout Int) -> Unicode.Scalar? {
        guard at < pattern.count else { return nil }
        var digits = pattern[at...].prefix(2)
        var end = at + 2
        if pattern[at] == "{" {
            guard let close = pattern[at...].firstIndex(of: "}") else { return nil }
            digits = pattern[(at + 1)..<close]
            end = close + 1
        }
        let text = String(String.UnicodeScalarView(digits))
        guard digits.count >= (pattern[at] == "{" ? 1 : 2), digits.allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(text, radix: 16)
        else { return nil }
        at = end
        return Unicode.Scalar(value)
    }

    /// `\0`, `\07`, `\123`; a single other digit would be a back-reference.
    private static func octalEscape(
        _ pattern: [Unicode.Scalar], _ at: inout Int, _ first: Unicode.Scalar
    ) -> Unicode.Scalar? {
        var value = first.value - 0x30
        var count = 1
        while count < 3, at < pattern.count, ("0"..."7").contains(pattern[at]) {
            value = value * 8 + pattern[at].value - 0x30
            at += 1
            count += 1
        }
        return first == "0" || count > 1 ? Unicode.Scalar(value) : nil
    }
}
