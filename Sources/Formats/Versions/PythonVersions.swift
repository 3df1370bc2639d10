/// PEP 440's order. What is no version by it comes before all that are, ordered as setuptools once did.
enum PythonVersions {
    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        switch (PythonVersion(a), PythonVersion(b)) {
        case (let left?, let right?): compare(left, a, right, b)
        case (nil, nil): LegacyPythonVersions.compare(a, b)
        case (nil, _): .less
        case (_, nil): .greater
        }
    }

    private static func compare(
        _ left: PythonVersion, _ a: Span<UInt8>, _ right: PythonVersion, _ b: Span<UInt8>
    ) -> VersionOrder {
        VersionBytes.compareNumbers(a.extracting(left.epoch), b.extracting(right.epoch))
            .then { compareReleases(a.extracting(left.release), b.extracting(right.release)) }
            .then { .of(left.phase, right.phase) }
            .then { compareNumbers(left.pre?.number, a, right.pre?.number, b, none: .less) }
            .then { compareNumbers(left.post, a, right.post, b, none: .less) }
            .then { compareNumbers(left.dev, a, right.dev, b, none: .greater) }
            .then { compareLocals(left.local, a, right.local, b) }
    }

    /// Missing numbers are 0.
    private static func compareReleases(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (left, right) = (PartCursor(), PartCursor())
        while true {
            let (one, other) = (left.next(in: a), right.next(in: b))
            if one == nil, other == nil { return .equal }
            let order = VersionBytes.compareNumbers(a.extracting(one ?? 0..<0), b.extracting(other ?? 0..<0))
            if order != .equal { return order }
        }
    }

    /// - Parameter none: how having none stands to having one.
    private static func compareNumbers(
        _ left: Range<Int>?, _ a: Span<UInt8>, _ right: Range<Int>?, _ b: Span<UInt8>, none: VersionOrder
    ) -> VersionOrder {
        switch (left, right) {
        case (let one?, let other?): VersionBytes.compareNumbers(a.extracting(one), b.extracting(other))
        case (nil, nil): .equal
        case (nil, _): none
        case (_, nil): none.reversed
        }
    }

    /// Numbers after words, more after fewer.
    private static func compareLocals(
        _ left: Range<Int>?, _ a: Span<UInt8>, _ right: Range<Int>?, _ b: Span<UInt8>
    ) -> VersionOrder {
        guard let left, let right else { return .of(left == nil ? 0 : 1, right == nil ? 0 : 1) }
        let (a, b) = (a.extracting(left), b.extracting(right))
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            let (x, y) = (localPart(a, i), localPart(b, j))
            let (one, other) = (a.extracting(i..<x), b.extracting(j..<y))
            let order: VersionOrder =
                switch (VersionBytes.isNumber(one), VersionBytes.isNumber(other)) {
                case (true, true): VersionBytes.compareNumbers(one, other)
                case (false, false): VersionBytes.compareFolded(one, other)
                case (true, false): .greater
                case (false, true): .less
                }
            if order != .equal { return order }
            (i, j) = (x + 1, y + 1)
        }
        return .of(i < a.count ? 1 : 0, j < b.count ? 1 : 0)
    }

    private static func localPart(_ text: Span<UInt8>, _ start: Int) -> Int {
        VersionBytes.end(text, from: start) { VersionBytes.isDigit($0) || VersionBytes.isLetter($0) }
    }
}

/// Versions from before PEP 440, as setuptools' `parse_version` split and ordered them.
enum LegacyPythonVersions {
    private typealias Part = [UInt8]

    private static let final: Part = Array("*final".utf8)
    private static let finalHyphen: Part = Array("*final-".utf8)
    private static let zero = Part(repeating: 0x30, count: 8)

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let (left, right) = (parts(a), parts(b))
        for (one, other) in zip(left, right) {
            let order = VersionBytes.compareText(one.span, other.span)
            if order != .equal { return order }
        }
        return .of(left.count, right.count)
    }

    private static func parts(_ text: Span<UInt8>) -> [Part] {
        var parts: [Part] = []
        var place = 0
        while place < text.count {
            let end = partEnd(text, from: place)
            let part = (place..<end).map { VersionBytes.lower(text[$0]) }
            place = end
            if part != [UInt8(ascii: ".")] { add(normalized(part), to: &parts) }
        }
        add(final, to: &parts)
        return parts
    }

    /// A stretch of digits, of letters or of other characters; a point or a hyphen by itself.
    private static func partEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") }
        let first = text[start]
        if isMark(first) { return start + 1 }
        if VersionBytes.isDigit(first) { return VersionBytes.end(text, from: start, while: VersionBytes.isDigit) }
        if VersionBytes.isLetter(first) { return VersionBytes.end(text, from: start, while: VersionBytes.isLetter) }
        return VersionBytes.end(text, from: start) {
            !isMark($0) && !VersionBytes.isDigit($0) && !VersionBytes.isLetter($0)
        }
    }

    private static func normalized(_ part: Part) -> Part {
        if VersionBytes.isDigit(part[0]) { return Part(repeating: 0x30, count: max(0, 8 - part.count)) + part }
        switch String(decoding: part, as: UTF8.self) {
        case "pre", "preview", "rc": return Array("*c".utf8)
        case "-": return finalHyphen
        case "dev": return Array("*@".utf8)
        default: return [UInt8(ascii: "*")] + part
        }
    }

    /// What comes before a word and means nothing is dropped.
    private static func add(_ part: Part, to parts: inout [Part]) {
        if part[0] == UInt8(ascii: "*") {
            if VersionBytes.compareText(part.span, final.span) == .less {
                while parts.last == finalHyphen { parts.removeLast() }
            }
            while parts.last == zero { parts.removeLast() }
        }
        parts.append(part)
    }
}
