/// `[epoch:]upstream[-revision]` by deb-version(7), as dpkg compares it.
enum DebianVersions {
    private struct Parts {
        var epoch: Range<Int>
        var upstream: Range<Int>
        var revision: Range<Int>

        init(_ text: Span<UInt8>) {
            let whole = VersionBytes.trimmed(text)
            var start = whole.lowerBound
            let digits = VersionBytes.end(text, from: start, while: VersionBytes.isDigit)
            epoch = start..<start
            if digits < whole.upperBound, text[digits] == UInt8(ascii: ":") {
                epoch = start..<digits
                start = digits + 1
            }
            let rest = start..<whole.upperBound
            let hyphen = VersionBytes.lastIndex(of: UInt8(ascii: "-"), in: text.extracting(rest)).map { $0 + start }
            upstream = start..<(hyphen ?? rest.upperBound)
            revision = (hyphen.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
        }
    }

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (Parts(a), Parts(b))
        return VersionBytes.compareNumbers(a.extracting(left.epoch), b.extracting(right.epoch))
            .then { comparePart(a.extracting(left.upstream), b.extracting(right.upstream)) }
            .then { comparePart(a.extracting(left.revision), b.extracting(right.revision)) }
    }

    /// Stretches of other characters and of digits in turn.
    private static func comparePart(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            while isText(a, i) || isText(b, j) {
                let (left, right) = (weight(a, i), weight(b, j))
                if left != right { return .of(left, right) }
                i += 1
                j += 1
            }
            let left = VersionBytes.end(a, from: min(i, a.count), while: VersionBytes.isDigit)
            let right = VersionBytes.end(b, from: min(j, b.count), while: VersionBytes.isDigit)
            let order = VersionBytes.compareNumbers(
                a.extracting(min(i, left)..<left), b.extracting(min(j, right)..<right))
            if order != .equal { return order }
            (i, j) = (left, right)
        }
        return .equal
    }

    private static func isText(_ text: Span<UInt8>, _ index: Int) -> Bool {
        index < text.count && !VersionBytes.isDigit(text[index])
    }

    /// A tilde before the end, letters before all else.
    private static func weight(_ text: Span<UInt8>, _ index: Int) -> Int {
        guard isText(text, index) else { return 0 }
        let byte = text[index]
        if byte == UInt8(ascii: "~") { return -1 }
        return VersionBytes.isLetter(byte) ? Int(byte) : Int(byte) + 256
    }
}
