/// SemVer (semver.org 2.0.0, section 11) and what NuGet and Pub make of it. Read leniently, as lockfiles and advisories
/// spell it: a leading `v`, any count of numbers up to the scheme's; missing ones are 0, and what goes beyond is taken
/// as a pre-release, the same as any other text after the numbers.
enum SemanticVersions {
    /// Where the parts of one version stand.
    private struct Parts {
        /// Where the numbers begin, and how far they were read.
        var numbers: Range<Int>
        var preRelease: Range<Int>
        /// After the plus sign.
        var build: Range<Int>

        init(_ text: Span<UInt8>, numbers maximum: Int) {
            let start = text.count > 0 && VersionBytes.lower(text[0]) == UInt8(ascii: "v") ? 1 : 0
            var place = start
            var count = 0
            while count < maximum, place < text.count, VersionBytes.isDigit(text[place]) {
                place = VersionBytes.end(text, from: place, while: VersionBytes.isDigit)
                place = VersionBytes.end(text, from: place) { $0 == UInt8(ascii: ".") }
                count += 1
            }
            numbers = start..<place
            if place < text.count, text[place] == UInt8(ascii: "-") { place += 1 }
            let end = VersionBytes.end(text, from: place) { $0 != UInt8(ascii: "+") }
            preRelease = place..<end
            build = min(end + 1, text.count)..<text.count
        }
    }

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        precedence(a, Parts(a, numbers: 3), b, Parts(b, numbers: 3), VersionBytes.compareText)
    }

    static func compareNuGet(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        precedence(a, Parts(a, numbers: 4), b, Parts(b, numbers: 4), VersionBytes.compareFolded)
    }

    /// None before some, then identifier by identifier (pub_semver, `Version.compareTo`).
    static func comparePub(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (Parts(a, numbers: 3), Parts(b, numbers: 3))
        return precedence(a, left, b, right, VersionBytes.compareText).then {
            let (one, other) = (a.extracting(left.build), b.extracting(right.build))
            guard !one.isEmpty, !other.isEmpty else { return .of(one.count, other.count) }
            return compareIdentifiers(one, other, VersionBytes.compareText)
        }
    }

    private static func precedence(
        _ a: Span<UInt8>, _ left: Parts, _ b: Span<UInt8>, _ right: Parts,
        _ compareTexts: (Span<UInt8>, Span<UInt8>) -> VersionOrder
    ) -> VersionOrder {
        compareNumbers(a.extracting(left.numbers), b.extracting(right.numbers)).then {
            let (one, other) = (a.extracting(left.preRelease), b.extracting(right.preRelease))
            if one.isEmpty || other.isEmpty { return .of(one.isEmpty ? 1 : 0, other.isEmpty ? 1 : 0) }
            return compareIdentifiers(one, other, compareTexts)
        }
    }

    /// Numbers between points.
    private static func compareNumbers(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            let left = VersionBytes.end(a, from: i, while: VersionBytes.isDigit)
            let right = VersionBytes.end(b, from: j, while: VersionBytes.isDigit)
            let order = VersionBytes.compareNumbers(a.extracting(i..<left), b.extracting(j..<right))
            if order != .equal { return order }
            i = VersionBytes.end(a, from: left) { $0 == UInt8(ascii: ".") }
            j = VersionBytes.end(b, from: right) { $0 == UInt8(ascii: ".") }
        }
        return .equal
    }

    /// Numbers before texts; fewer before more.
    private static func compareIdentifiers(
        _ a: Span<UInt8>, _ b: Span<UInt8>, _ compareTexts: (Span<UInt8>, Span<UInt8>) -> VersionOrder
    ) -> VersionOrder {
        var (left, right) = (PartCursor(), PartCursor())
        while true {
            switch (left.next(in: a), right.next(in: b)) {
            case (let one?, let other?):
                let (x, y) = (a.extracting(one), b.extracting(other))
                let order: VersionOrder =
                    switch (VersionBytes.isNumber(x), VersionBytes.isNumber(y)) {
                    case (true, true): VersionBytes.compareNumbers(x, y)
                    case (false, false): compareTexts(x, y)
                    case (true, false): .less
                    case (false, true): .greater
                    }
                if order != .equal { return order }
            case (nil, nil): return .equal
            case (nil, _): return .less
            case (_, nil): return .greater
            }
        }
    }
}
