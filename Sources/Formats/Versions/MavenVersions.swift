/// Maven's order, by the POM reference ("Version Order Specification") and its `ComparableVersion`.
enum MavenVersions {
    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (MavenToken.list(a), MavenToken.list(b))
        for index in 0..<max(left.count, right.count) {
            let one = index < left.count ? left[index] : .missing(beside: right[index])
            let other = index < right.count ? right[index] : .missing(beside: left[index])
            let order = compare(one, a, other, b)
            if order != .equal { return order }
        }
        return .equal
    }

    private static func compare(
        _ one: MavenToken, _ a: Span<UInt8>, _ other: MavenToken, _ b: Span<UInt8>
    ) -> VersionOrder {
        guard one.isAfterPoint == other.isAfterPoint else { return .of(one.place, other.place) }
        switch (one.value, other.value) {
        case (.number(let x), .number(let y)):
            return VersionBytes.compareNumbers(a.extracting(x), b.extracting(y))
        case (.number, .word) where !one.isMissing: return .greater
        case (.word, .number) where !other.isMissing: return .less
        default: break
        }
        let order = VersionOrder.of(one.rank, other.rank)
        guard order == .equal, case .word(.other, let x) = one.value, case .word(.other, let y) = other.value else {
            return order
        }
        return VersionBytes.compareFolded(a.extracting(x), b.extracting(y))
    }
}

/// What stands between points, hyphens and where digits meet other characters.
struct MavenToken {
    enum Qualifier: Int {
        case alpha, beta, milestone, candidate, snapshot
        /// Empty, `ga`, `final`, `release`.
        case release
        case servicePack
        /// By its letters.
        case other
    }

    enum Value {
        case number(Range<Int>)
        case word(Qualifier, Range<Int>)
    }

    var value: Value
    /// After a point, as the first is taken to be; else after a hyphen.
    var isAfterPoint: Bool
    /// Stands where the other version has a token and this one has none.
    var isMissing = false

    /// How a token of one separator stands to one of the other.
    var place: Int {
        switch value {
        case .word: isAfterPoint ? 0 : 1
        case .number: isAfterPoint ? 3 : 2
        }
    }

    /// Among words. A missing number weighs like a release.
    var rank: Int {
        switch value {
        case .number: Qualifier.release.rawValue
        case .word(let qualifier, _): qualifier.rawValue
        }
    }

    static func missing(beside token: MavenToken) -> MavenToken {
        let value: Value = token.isAfterPoint ? .number(0..<0) : .word(.release, 0..<0)
        return MavenToken(value: value, isAfterPoint: token.isAfterPoint, isMissing: true)
    }

    /// All tokens, without those that mean nothing before a hyphen or the end.
    static func list(_ text: Span<UInt8>) -> [MavenToken] {
        var tokens: [MavenToken] = []
        tokens.reserveCapacity(8)
        var start = 0
        var isAfterPoint = true
        while true {
            let end = VersionBytes.end(text, from: start) { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
            add(text, start..<end, isAfterPoint, to: &tokens)
            guard end < text.count else { break }
            isAfterPoint = text[end] == UInt8(ascii: ".")
            start = end + 1
        }
        return trimmed(tokens, text)
    }

    private static func add(_ text: Span<UInt8>, _ part: Range<Int>, _ isAfterPoint: Bool, to list: inout [MavenToken])
    {
        guard !part.isEmpty else {
            return list.append(MavenToken(value: .number(part), isAfterPoint: isAfterPoint))
        }
        var start = part.lowerBound
        while start < part.upperBound {
            let isNumber = VersionBytes.isDigit(text[start])
            let end = min(
                part.upperBound, VersionBytes.end(text, from: start) { VersionBytes.isDigit($0) == isNumber })
            let value: Value =
                isNumber
                ? .number(start..<end)
                : .word(qualifier(text.extracting(start..<end), beforeNumber: end < part.upperBound), start..<end)
            list.append(MavenToken(value: value, isAfterPoint: start == part.lowerBound && isAfterPoint))
            start = end
        }
    }

    private static func qualifier(_ word: Span<UInt8>, beforeNumber: Bool) -> Qualifier {
        if beforeNumber, word.count == 1 {
            switch VersionBytes.lower(word[0]) {
            case UInt8(ascii: "a"): return .alpha
            case UInt8(ascii: "b"): return .beta
            case UInt8(ascii: "m"): return .milestone
            default: return .other
            }
        }
        for (name, qualifier) in names where VersionBytes.isWord(word, name) { return qualifier }
        return .other
    }

    private static let names: [(StaticString, Qualifier)] = [
        ("alpha", .alpha), ("beta", .beta), ("milestone", .milestone), ("rc", .candidate), ("cr", .candidate),
        ("snapshot", .snapshot), ("ga", .release), ("final", .release), ("release", .release), ("sp", .servicePack),
    ]

    /// From the end, and then from each hyphen on towards the start; the first token stays.
    private static func trimmed(_ tokens: [MavenToken], _ text: Span<UInt8>) -> [MavenToken] {
        var kept: [MavenToken] = []
        kept.reserveCapacity(tokens.count)
        var isTrimming = true
        for (index, token) in tokens.enumerated().reversed() {
            if isTrimming, index > 0, token.meansNothing(text) { continue }
            isTrimming = !token.isAfterPoint
            kept.append(token)
        }
        kept.reverse()
        return kept
    }

    private func meansNothing(_ text: Span<UInt8>) -> Bool {
        switch value {
        case .number(let digits): VersionBytes.end(text.extracting(digits), from: 0) { $0 == 0x30 } == digits.count
        case .word(let qualifier, _): qualifier == .release
        }
    }
}
