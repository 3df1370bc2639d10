/// PHP's `version_compare`, by which Composer orders: numbers and words in turn, where words weigh by their beginning.
enum PackagistVersions {
    /// Walks over the parts: they end at points, hyphens, underscores and pluses, and where digits meet letters.
    private struct Cursor {
        private var position: Int
        private var isAtStart = true

        init(_ text: Span<UInt8>) {
            position = text.count > 0 && VersionBytes.lower(text[0]) == UInt8(ascii: "v") ? 1 : 0
        }

        mutating func next(in text: Span<UInt8>) -> Range<Int>? {
            if isAtStart {
                isAtStart = false
            } else {
                guard position < text.count else { return nil }
                if Cursor.isSeparator(text[position]) { position += 1 }
            }
            let start = position
            guard start < text.count, !Cursor.isSeparator(text[start]) else { return start..<start }
            let isDigits = VersionBytes.isDigit(text[start])
            position = VersionBytes.end(text, from: start) {
                !Cursor.isSeparator($0) && VersionBytes.isDigit($0) == isDigits
            }
            return start..<position
        }

        private static func isSeparator(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "+")
        }
    }

    /// Where a number stands among words.
    private static let number = 4

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (left, right) = (Cursor(a), Cursor(b))
        while true {
            switch (left.next(in: a), right.next(in: b)) {
            case (let one?, let other?):
                let order = compareParts(a.extracting(one), b.extracting(other))
                if order != .equal { return order }
            case (nil, nil): return .equal
            case (let one?, nil):
                let order = compareWithNone(a.extracting(one))
                if order != .equal { return order }
            case (nil, let other?):
                let order = compareWithNone(b.extracting(other)).reversed
                if order != .equal { return order }
            }
        }
    }

    private static func compareParts(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        if VersionBytes.isNumber(a), VersionBytes.isNumber(b) { return VersionBytes.compareNumbers(a, b) }
        return .of(weight(a), weight(b))
    }

    /// A number more is greater; a word more weighs against a number.
    private static func compareWithNone(_ part: Span<UInt8>) -> VersionOrder {
        VersionBytes.isNumber(part) ? .greater : .of(weight(part), number)
    }

    private static func weight(_ part: Span<UInt8>) -> Int {
        if VersionBytes.isNumber(part) { return number }
        guard let first = part.isEmpty ? nil : part[0] else { return -1 }
        switch first {
        case UInt8(ascii: "a"): return 1
        case UInt8(ascii: "b"): return 2
        case UInt8(ascii: "#"): return number
        case UInt8(ascii: "p"): return 5
        default: break
        }
        if VersionBytes.starts(part, with: "rc"), first == UInt8(ascii: "r") || part[1] == UInt8(ascii: "C") {
            return 3
        }
        return VersionBytes.starts(part, with: "dev") && first == UInt8(ascii: "d") ? 0 : -1
    }
}
