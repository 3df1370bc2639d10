/// `[epoch:]version[-release]`, each by rpm's `rpmvercmp`.
enum RPMVersions {
    private struct Parts {
        var epoch: Range<Int>
        var version: Range<Int>
        /// Nil where there is no hyphen.
        var release: Range<Int>?

        init(_ text: Span<UInt8>) {
            var start = 0
            let digits = VersionBytes.end(text, from: 0, while: VersionBytes.isDigit)
            epoch = 0..<0
            if digits < text.count, text[digits] == UInt8(ascii: ":") {
                epoch = 0..<digits
                start = digits + 1
            }
            let hyphen = VersionBytes.end(text, from: start) { $0 != UInt8(ascii: "-") }
            version = start..<hyphen
            release = hyphen < text.count ? hyphen + 1..<text.count : nil
        }
    }

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (Parts(a), Parts(b))
        return VersionBytes.compareNumbers(a.extracting(left.epoch), b.extracting(right.epoch))
            .then { comparePart(a.extracting(left.version), b.extracting(right.version)) }
            .then {
                switch (left.release, right.release) {
                case (let one?, let other?): comparePart(a.extracting(one), b.extracting(other))
                case (nil, nil): .equal
                case (nil, _): .less
                case (_, nil): .greater
                }
            }
    }

    private static func comparePart(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        if a.isEmpty || b.isEmpty { return .of(min(a.count, 1), min(b.count, 1)) }
        var (i, j) = (0, 0)
        while true {
            i = VersionBytes.end(a, from: i, while: isSeparator)
            j = VersionBytes.end(b, from: j, while: isSeparator)
            switch compareMarks(a, &i, b, &j) {
            case .decided(let order): return order
            case .skipped: continue
            case .none: break
            }
            guard i < a.count, j < b.count else { return .of(i < a.count ? 1 : 0, j < b.count ? 1 : 0) }
            let isNumber = VersionBytes.isDigit(a[i])
            let fits = isNumber ? VersionBytes.isDigit : VersionBytes.isLetter
            let (left, right) = (VersionBytes.end(a, from: i, while: fits), VersionBytes.end(b, from: j, while: fits))
            // Numbers are newer than letters.
            if right == j { return isNumber ? .greater : .less }
            let (one, other) = (a.extracting(i..<left), b.extracting(j..<right))
            let order =
                isNumber ? VersionBytes.compareNumbers(one, other) : VersionBytes.compareText(one, other)
            if order != .equal { return order }
            (i, j) = (left, right)
        }
    }

    private enum Mark {
        case decided(VersionOrder)
        case skipped
        case none
    }

    /// A tilde comes before everything, even the end; a caret after the end and before everything else.
    private static func compareMarks(_ a: Span<UInt8>, _ i: inout Int, _ b: Span<UInt8>, _ j: inout Int) -> Mark {
        for mark in [UInt8(ascii: "~"), UInt8(ascii: "^")] {
            let (left, right) = (i < a.count && a[i] == mark, j < b.count && b[j] == mark)
            switch (left, right) {
            case (true, true):
                i += 1
                j += 1
                return .skipped
            case (true, false):
                return .decided(mark == UInt8(ascii: "^") && j == b.count ? .greater : .less)
            case (false, true):
                return .decided(mark == UInt8(ascii: "^") && i == a.count ? .less : .greater)
            case (false, false): continue
            }
        }
        return .none
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        !VersionBytes.isDigit(byte) && !VersionBytes.isLetter(byte) && byte != UInt8(ascii: "~")
            && byte != UInt8(ascii: "^")
    }
}
