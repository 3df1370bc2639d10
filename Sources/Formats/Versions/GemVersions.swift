/// RubyGems' `Gem::Version`: stretches of digits and of letters; letters come before numbers, missing ones are 0, and
/// zeros that end the numbers before the first letters count for nothing. A hyphen stands for `.pre.`.
enum GemVersions {
    private enum Segment {
        case number(Range<Int>)
        case text(Range<Int>)
        /// What a hyphen stands for.
        case pre
    }

    private struct Cursor {
        private var position = 0
        /// From here to `letters` there are only zeros.
        private let zeros: Int
        private let letters: Int

        init(_ text: Span<UInt8>) {
            letters = VersionBytes.end(text, from: 0) { !VersionBytes.isLetter($0) && $0 != UInt8(ascii: "-") }
            var zeros = letters
            while zeros > 0, text[zeros - 1] == 0x30 || !VersionBytes.isDigit(text[zeros - 1]) { zeros -= 1 }
            // The zeros of `10` belong to it.
            self.zeros = zeros == 0 ? 0 : VersionBytes.end(text, from: zeros) { $0 == 0x30 }
        }

        mutating func next(in text: Span<UInt8>) -> Segment? {
            if position >= zeros, position < letters { position = letters }
            while position < text.count {
                let byte = text[position]
                let start = position
                if VersionBytes.isDigit(byte) {
                    position = VersionBytes.end(text, from: start, while: VersionBytes.isDigit)
                    return .number(start..<position)
                }
                if VersionBytes.isLetter(byte) {
                    position = VersionBytes.end(text, from: start, while: VersionBytes.isLetter)
                    return .text(start..<position)
                }
                position += 1
                if byte == UInt8(ascii: "-") { return .pre }
            }
            return nil
        }
    }

    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        var (left, right) = (Cursor(a), Cursor(b))
        while true {
            let (one, other) = (left.next(in: a), right.next(in: b))
            if one == nil, other == nil { return .equal }
            let order = compare(one ?? .number(0..<0), a, other ?? .number(0..<0), b)
            if order != .equal { return order }
        }
    }

    private static func compare(_ one: Segment, _ a: Span<UInt8>, _ other: Segment, _ b: Span<UInt8>) -> VersionOrder {
        switch (one, other) {
        case (.number(let x), .number(let y)): VersionBytes.compareNumbers(a.extracting(x), b.extracting(y))
        case (.text(let x), .text(let y)): VersionBytes.compareText(a.extracting(x), b.extracting(y))
        case (.pre, .pre): .equal
        case (.text(let x), .pre): compareWithPre(a.extracting(x))
        case (.pre, .text(let y)): compareWithPre(b.extracting(y)).reversed
        case (.number, _): .greater
        case (_, .number): .less
        }
    }

    private static func compareWithPre(_ text: Span<UInt8>) -> VersionOrder {
        let word: [UInt8] = [0x70, 0x72, 0x65]
        return VersionBytes.compareText(text, word.span)
    }
}
