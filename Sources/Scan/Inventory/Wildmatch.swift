/// Matching of one path against one pattern of an ignore file, as gitignore(5) defines it: `?`, `*`, `**`, `[…]`, `\`.
///
/// Backtracking is bounded: a pattern that needs more than ``budget`` steps counts as no match, so that a hostile
/// ignore file costs bounded time and hides nothing.
struct Wildmatch {
    private enum Outcome {
        case match
        case mismatch
        /// No longer tail of the text can match either.
        case hopeless
        /// Hopeless unless an enclosing `**` takes in a slash.
        case needsDoubleStar
    }

    private static let budget = 50_000
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")

    private let pattern: ArraySlice<UInt8>
    private let text: ArraySlice<UInt8>
    /// Whether `*`, `?` and `[…]` stop at a slash.
    private let isPath: Bool
    private var steps = 0

    static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, isPath: Bool) -> Bool {
        var matcher = Wildmatch(pattern: pattern, text: text, isPath: isPath)
        return matcher.run(pattern.startIndex, text.startIndex, start: pattern.startIndex) == .match
    }

    private init(pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>, isPath: Bool) {
        self.pattern = pattern
        self.text = text
        self.isPath = isPath
    }

    private func at(_ position: Int) -> UInt8? { position < pattern.endIndex ? pattern[position] : nil }
    private func textAt(_ position: Int) -> UInt8? { position < text.endIndex ? text[position] : nil }

    private mutating func run(_ patternStart: Int, _ textStart: Int, start: Int) -> Outcome {
        var p = patternStart
        var t = textStart
        while let wanted = at(p) {
            steps += 1
            guard steps < Self.budget else { return .hopeless }
            if wanted == Self.star { return runStar(p, t, start: start) }
            guard let found = textAt(t) else { return .hopeless }
            switch wanted {
            case UInt8(ascii: "?"):
                if isPath && found == Self.slash { return .mismatch }
            case UInt8(ascii: "["):
                guard let (end, isMember) = bracket(p, found) else { return .hopeless }
                guard isMember, !(isPath && found == Self.slash) else { return .mismatch }
                p = end
            case Self.backslash:
                p += 1
                if at(p) != found { return .mismatch }
            default:
                if wanted != found { return .mismatch }
            }
            p += 1
            t += 1
        }
        return t == text.endIndex ? .match : .mismatch
    }

    /// `p` is at the first of one or more asterisks.
    private mutating func runStar(_ first: Int, _ textStart: Int, start: Int) -> Outcome {
        var p = first
        while at(p) == Self.star { p += 1 }
        var takesSlash = !isPath
        if isPath, p - first > 1, first == start || at(first - 1) == Self.slash, endsDirectory(p) {
            if at(p) == Self.slash, run(p + 1, textStart, start: p + 1) == .match { return .match }
            takesSlash = true
        }
        guard let next = at(p) else {
            return takesSlash || !text[textStart...].contains(Self.slash) ? .match : .needsDoubleStar
        }
        if !takesSlash, next == Self.slash {
            guard let slash = text[textStart...].firstIndex(of: Self.slash) else { return .hopeless }
            return run(p + 1, slash + 1, start: start)
        }
        var t = textStart
        while let character = textAt(t) {
            let outcome = run(p, t, start: p)
            if outcome != .mismatch {
                if !takesSlash || outcome != .needsDoubleStar { return outcome }
            } else if !takesSlash, character == Self.slash {
                return .needsDoubleStar
            }
            t += 1
        }
        return .hopeless
    }

    private func endsDirectory(_ p: Int) -> Bool {
        guard let next = at(p) else { return true }
        return next == Self.slash || (next == Self.backslash && at(p + 1) == Self.slash)
    }

    // MARK: - Bracket expressions

    /// The place of the closing bracket and whether `character` is accepted; nil when the expression does not end.
    private func bracket(_ open: Int, _ character: UInt8) -> (end: Int, accepts: Bool)? {
        var p = open + 1
        let negated = at(p) == UInt8(ascii: "!") || at(p) == UInt8(ascii: "^")
        if negated { p += 1 }
        var matched = false
        var previous: UInt8 = 0
        var isFirst = true
        while let next = at(p), next != UInt8(ascii: "]") || isFirst {
            isFirst = false
            if next == UInt8(ascii: "-"), previous != 0, let upper = at(p + 1), upper != UInt8(ascii: "]") {
                p += 1
                guard let bound = literal(&p) else { return nil }
                if previous <= character && character <= bound { matched = true }
                previous = 0
            } else if next == UInt8(ascii: "["), at(p + 1) == UInt8(ascii: ":"), let (end, name) = className(p) {
                guard let isMember = Self.isMember(character, of: name) else { return nil }
                matched = matched || isMember
                previous = 0
                p = end
            } else {
                guard let value = literal(&p) else { return nil }
                if value == character { matched = true }
                previous = value
            }
            p += 1
        }
        return at(p) == nil ? nil : (p, matched != negated)
    }

    private func literal(_ p: inout Int) -> UInt8? {
        if at(p) == Self.backslash { p += 1 }
        return at(p)
    }

    /// `[:name:]`: the place of its `]` and the name; nil when it is no class.
    private func className(_ open: Int) -> (end: Int, name: ArraySlice<UInt8>)? {
        guard let end = pattern[(open + 2)...].firstIndex(of: UInt8(ascii: "]")),
            end - 1 >= open + 2, pattern[end - 1] == UInt8(ascii: ":")
        else { return nil }
        return (end, pattern[(open + 2)..<(end - 1)])
    }

    private static func isMember(_ c: UInt8, of name: ArraySlice<UInt8>) -> Bool? {
        let lower = (0x61...0x7A).contains(c)
        let upper = (0x41...0x5A).contains(c)
        let digit = (0x30...0x39).contains(c)
        return switch String(decoding: name, as: UTF8.self) {
        case "alpha": lower || upper
        case "alnum": lower || upper || digit
        case "digit": digit
        case "lower": lower
        case "upper": upper
        case "blank": c == 0x20 || c == 0x09
        case "space": c == 0x20 || (0x09...0x0D).contains(c)
        case "cntrl": c < 0x20 || c == 0x7F
        case "graph": (0x21...0x7E).contains(c)
        case "print": (0x20...0x7E).contains(c)
        case "punct": (0x21...0x7E).contains(c) && !(lower || upper || digit)
        case "xdigit": digit || (0x41...0x46).contains(c) || (0x61...0x66).contains(c)
        default: nil
        }
    }
}
