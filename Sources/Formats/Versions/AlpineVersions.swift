/// apk's order: numbers, a letter, suffixes with numbers, a commit, a revision (apk-package(5)).
enum AlpineVersions {
    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (Parts(a), Parts(b))
        if !left.isValid, !right.isValid { return VersionBytes.compareText(a, b) }
        return compareNumbers(a.extracting(left.numbers), b.extracting(right.numbers))
            .then { VersionBytes.compareText(a.extracting(left.letter), b.extracting(right.letter)) }
            .then { compareSuffixes(a.extracting(left.suffixes), b.extracting(right.suffixes)) }
            .then { VersionBytes.compareNumbers(a.extracting(left.revision), b.extracting(right.revision)) }
            // What cannot be read comes before its like that can.
            .then { .of(left.isWhole ? 1 : 0, right.isWhole ? 1 : 0) }
    }

    /// How far the text follows the grammar.
    private struct Parts {
        var numbers: Range<Int>
        var letter: Range<Int>
        var suffixes: Range<Int>
        /// Empty, which is 0, where there is none.
        var revision: Range<Int>
        /// Nothing is left over.
        var isWhole: Bool
        /// What is left over could not even be read as a revision.
        var isValid: Bool

        init(_ text: Span<UInt8>) {
            let numbersEnd = Parts.numbersEnd(text)
            numbers = 0..<numbersEnd
            let hasLetter = numbersEnd < text.count && text[numbersEnd] &- 0x61 < 26
            letter = numbersEnd..<numbersEnd + (hasLetter ? 1 : 0)
            var place = letter.upperBound
            while let suffix = Suffix(text, at: place) { place = suffix.end }
            suffixes = letter.upperBound..<place
            if place < text.count, text[place] == UInt8(ascii: "~") {
                let end = VersionBytes.end(text, from: place + 1) {
                    VersionBytes.isDigit($0) || $0 &- 0x61 < 6
                }
                if end > place + 1 { place = end }
            }
            isValid = place == text.count
            revision = place..<place
            if VersionBytes.starts(text.extracting(place...), with: "-r"), text[place + 1] == UInt8(ascii: "r") {
                isValid = true
                let end = VersionBytes.end(text, from: place + 2, while: VersionBytes.isDigit)
                revision = place + 2..<end
                place = end
            }
            isWhole = place == text.count
        }

        /// Digits with a point after each number but the last; one point too many belongs to them.
        private static func numbersEnd(_ text: Span<UInt8>) -> Int {
            var place = 0
            while true {
                let end = VersionBytes.end(text, from: place, while: VersionBytes.isDigit)
                guard end > place else { return place }
                place = end
                if place < text.count, text[place] == UInt8(ascii: ".") { place += 1 }
            }
        }
    }

    private struct Suffix {
        private static let names: [(StaticString, Int)] = [
            ("alpha", -4), ("beta", -3), ("pre", -2), ("rc", -1), ("cvs", 1), ("svn", 2), ("git", 3), ("hg", 4),
            ("p", 5),
        ]

        /// Below 0 before a version without one, above 0 after it.
        var weight: Int
        var number: Range<Int>
        var end: Int { number.upperBound }

        init?(_ text: Span<UInt8>, at place: Int) {
            guard place < text.count, text[place] == UInt8(ascii: "_") else { return nil }
            let rest = text.extracting((place + 1)...)
            for (name, weight) in Suffix.names where VersionBytes.starts(rest, with: name) {
                let start = place + 1 + name.utf8CodeUnitCount
                self.weight = weight
                number = start..<VersionBytes.end(text, from: start, while: VersionBytes.isDigit)
                return
            }
            return nil
        }
    }

    /// The first by value; of the others those that begin with 0 by their digits, as fractions are. More are greater.
    private static func compareNumbers(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (left, right) = (PartCursor(), PartCursor())
        var isFirst = true
        while true {
            switch (left.next(in: a), right.next(in: b)) {
            case (let one?, let other?):
                let (x, y) = (a.extracting(one), b.extracting(other))
                let isFraction = !isFirst && (startsWithZero(x) || startsWithZero(y))
                let order = isFraction ? VersionBytes.compareText(x, y) : VersionBytes.compareNumbers(x, y)
                if order != .equal { return order }
                isFirst = false
            case (nil, nil): return .equal
            case (nil, _): return .less
            case (_, nil): return .greater
            }
        }
    }

    private static func startsWithZero(_ text: Span<UInt8>) -> Bool { !text.isEmpty && text[0] == 0x30 }

    private static func compareSuffixes(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            let (one, other) = (Suffix(a, at: i), Suffix(b, at: j))
            let order = VersionOrder.of(one?.weight ?? 0, other?.weight ?? 0).then {
                VersionBytes.compareNumbers(
                    a.extracting(one?.number ?? 0..<0), b.extracting(other?.number ?? 0..<0))
            }
            if order != .equal { return order }
            (i, j) = (one?.end ?? a.count, other?.end ?? b.count)
        }
        return .equal
    }
}
