/// Writes an expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax) so that PCRE2 means the same by it.
///
/// What only PCRE2 has (back-references, look-around, possessive and atomic groups) is refused. Perl classes and word
/// boundaries are ASCII, `$` is the very end, all as in RE2.
struct RE2Translator {
    private struct Flags {
        var ignoresCase = false, multiline = false, dotAll = false, ungreedy = false
    }

    private let pattern: [Unicode.Scalar]
    private var at = 0
    private var output = ""
    private var flags = Flags()
    private var depth = 0

    private static let greatestRepeat = 1000
    private static let greatestDepth = 200

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    mutating func translate() throws(BuiltinError) -> String {
        _ = try alternatives()
        if at < pattern.count { throw Self.error("unexpected )", text(0..<pattern.count)) }
        return output
    }

    static func error(_ words: String, _ part: String) -> BuiltinError {
        .failure("error parsing regexp: \(words): `\(part)`")
    }

    private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(pattern[range])) }
    private func peek(_ offset: Int = 0) -> Unicode.Scalar? { at + offset < pattern.count ? pattern[at + offset] : nil }

    /// Returns the greatest product of nested repeat counts.
    private mutating func alternatives() throws(BuiltinError) -> Int {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.greatestDepth else {
            throw Self.error("expression nests too deeply", text(0..<pattern.count))
        }
        var greatest = 1
        var mayRepeat = false
        while let next = peek(), next != ")" {
            if next == "|" {
                output += "|"
                at += 1
                mayRepeat = false
                continue
            }
            let start = at
            if next == "*" || next == "+" || next == "?" {
                guard mayRepeat else { throw Self.error("missing argument to repetition operator", text(at..<at + 1)) }
            }
            let outputStart = output.unicodeScalars.count
            guard let repeats = try atom() else { continue }
            mayRepeat = output.unicodeScalars.count > outputStart
            greatest = max(greatest, try quantified(repeats, mayRepeat, start))
        }
        return greatest
    }

    // MARK: - Quantifiers

    private struct Quantifier {
        var text: String
        var range: Range<Int>
        var greatest: Int
    }

    private mutating func quantified(_ repeats: Int, _ mayRepeat: Bool, _ start: Int) throws(BuiltinError) -> Int {
        guard let quantifier = try quantifier() else { return repeats }
        guard mayRepeat else { throw Self.error("missing argument to repetition operator", text(quantifier.range)) }
        var isLazy = flags.ungreedy
        if peek() == "?" {
            isLazy.toggle()
            at += 1
        }
        let product = repeats * max(quantifier.greatest, 1)
        guard product <= Self.greatestRepeat else { throw Self.error("invalid repeat count", text(quantifier.range)) }
        output += quantifier.text + (isLazy ? "?" : "")
        let first = quantifier.range.lowerBound
        if try self.quantifier() != nil { throw Self.error("invalid nested repetition operator", text(first..<at)) }
        return product
    }

    private mutating func quantifier() throws(BuiltinError) -> Quantifier? {
        let start = at
        switch peek() {
        case "*", "+", "?":
            at += 1
            return Quantifier(text: text(start..<at), range: start..<at, greatest: 1)
        case "{":
            guard let (least, most, end) = counts() else { return nil }
            at = end
            let isValid =
                least <= Self.greatestRepeat && (most.map { $0 <= Self.greatestRepeat && least <= $0 } ?? true)
            guard isValid else { throw Self.error("invalid repeat count", text(start..<at)) }
            return Quantifier(text: text(start..<at), range: start..<at, greatest: max(least, most ?? 0))
        default: return nil
        }
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else that begins with a brace is literal.
    private func counts() -> (least: Int, most: Int?, end: Int)? {
        var place = at + 1
        func number() -> Int? {
            let start = place
            while place < pattern.count, ("0"..."9").contains(pattern[place]) { place += 1 }
            guard place > start, place == start + 1 || pattern[start] != "0" else { return nil }
            return place - start > 6 ? Self.greatestRepeat + 1 : Int(text(start..<place))
        }
        guard let least = number(), place < pattern.count else { return nil }
        var most: Int? = least
        if pattern[place] == "," {
            place += 1
            guard place < pattern.count else { return nil }
            if pattern[place] == "}" {
                most = nil
            } else {
                guard let number = number() else { return nil }
                most = number
            }
        }
        guard place < pattern.count, pattern[place] == "}" else { return nil }
        return (least, most, place + 1)
    }

    // MARK: - Atoms

    /// Nil for what cannot be repeated and leaves nothing (a change of flags).
    private mutating func atom() throws(BuiltinError) -> Int? {
        let next = pattern[at]
        switch next {
        case "(": return try group()
        case "[": output += try RE2Class.parse(pattern, &at)
        case ".": emit(flags.dotAll ? "(?s:.)" : "[^\\n]")
        case "^": emit(flags.multiline ? "(?:\\A|(?<=\\n))" : "(?:\\A)")
        case "$": emit(flags.multiline ? "(?:(?=\\n)|\\z)" : "(?:\\z)")
        case "\\": try escape()
        default: emit(RE2Class.literal(next))
        }
        return 1
    }

    private mutating func emit(_ text: String) {
        output += text
        at += 1
    }

    private mutating func group() throws(BuiltinError) -> Int? {
        let start = at
        let outer = flags
        guard peek(1) == "?" else {
            output += "("
            at += 1
            return try groupBody(start, outer)
        }
        if peek(2) == "P" || peek(2) == "<" {
            let nameStart = start + (peek(2) == "P" ? 4 : 3)
            let isLookBehind = peek(2) == "<" && (peek(3) == "=" || peek(3) == "!")
            guard nameStart <= pattern.count, pattern[nameStart - 1] == "<", !isLookBehind else {
                throw Self.error("invalid or unsupported Perl syntax", text(start..<min(start + 4, pattern.count)))
            }
            guard let end = pattern[nameStart...].firstIndex(of: ">") else {
                throw Self.error("invalid named capture", text(start..<pattern.count))
            }
            let name = text(nameStart..<end)
            let isWord = !name.isEmpty && name.unicodeScalars.allSatisfy { RE2Class.isWord($0) }
            guard isWord else { throw Self.error("invalid named capture", text(start..<end + 1)) }
            at = end + 1
            // PCRE2 has other rules for names; they are kept beside it, see `groupNames`.
            output += "("
            return try groupBody(start, outer)
        }
        return try flagGroup(start, outer)
    }

    private mutating func groupBody(_ start: Int, _ outer: Flags) throws(BuiltinError) -> Int {
        let repeats = try alternatives()
        guard peek() == ")" else { throw Self.error("missing closing )", text(0..<pattern.count)) }
        at += 1
        output += ")"
        flags = outer
        return repeats
    }

    /// `(?i)`, `(?s-i:…)`
    private mutating func flagGroup(_ start: Int, _ outer: Flags) throws(BuiltinError) -> Int? {
        var new = flags
        var isOn = true
        var count = 0
        at += 2
        while let next = peek() {
            at += 1
            switch next {
            case "i": new.ignoresCase = isOn
            case "m": new.multiline = isOn
            case "s": new.dotAll = isOn
            case "U": new.ungreedy = isOn
            case "-" where isOn:
                isOn = false
                count = 0
                continue
            case ":" where isOn || count > 0:
                flags = new
                output += new.ignoresCase ? "(?i:" : "(?-i:"
                return try groupBody(start, outer)
            case ")" where count > 0:
                flags = new
                output += new.ignoresCase ? "(?i)" : "(?-i)"
                return nil
            default: throw Self.error("invalid or unsupported Perl syntax", text(start..<at))
            }
            count += 1
        }
        throw Self.error("missing argument to repetition operator", text(start..<at))
    }

    // MARK: - Escapes

    private static let word = "[0-9A-Za-z_]"
    private static let boundary = "(?:(?<=\(word))(?!\(word))|(?<!\(word))(?=\(word)))"
    private static let noBoundary = "(?:(?<=\(word))(?=\(word))|(?<!\(word))(?!\(word)))"

    private mutating func escape() throws(BuiltinError) {
        guard let next = peek(1) else { throw Self.error("trailing backslash at end of expression", "") }
        switch next {
        case "A", "z":
            output += "(?:\\\(next))"
            at += 2
        case "b":
            output += Self.boundary
            at += 2
        case "B":
            output += Self.noBoundary
            at += 2
        case "Q": quotation()
        case "d", "D", "s", "S", "w", "W", "p", "P":
            output += try RE2Class.perl(pattern, &at, ignoresCase: flags.ignoresCase)
        default: output += RE2Class.literal(try RE2Class.escape(pattern, &at))
        }
    }

    private mutating func quotation() {
        at += 2
        while at < pattern.count {
            if pattern[at] == "\\", peek(1) == "E" {
                at += 2
                return
            }
            output += RE2Class.literal(pattern[at])
            at += 1
        }
    }

    /// The number of each named group of an expression that translates.
    static func groupNames(of pattern: String) -> [String: Int] {
        let scalars = Array(pattern.unicodeScalars)
        var names: [String: Int] = [:]
        var number = 0
        var at = 0
        while at < scalars.count {
            switch scalars[at] {
            case "\\": at += 2
            case "[":
                var end = at
                guard (try? RE2Class.parse(scalars, &end)) != nil else { return names }
                at = end
            case "(":
                let isNamed =
                    at + 3 < scalars.count && scalars[at + 1] == "?"
                    && (scalars[at + 2] == "P" || scalars[at + 2] == "<")
                if isNamed, let open = scalars[at...].firstIndex(of: "<"),
                    let close = scalars[at...].firstIndex(of: ">")
                {
                    number += 1
                    names[String(String.UnicodeScalarView(scalars[(open + 1)..<close]))] = number
                } else if at + 1 < scalars.count, scalars[at + 1] != "?" {
                    number += 1
                }
                at += 1
            default: at += 1
            }
        }
        return names
    }
}
