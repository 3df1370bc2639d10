import Core

/// A place in a text that is changed, and how.
struct Mark {
    var range: Range<Int>
    /// Nil for what others found, and for a token that stood in the text already.
    var detector: Int?
    var kind: PrivacyKind
    var label: Label
    var confidence: Double
    var action: PrivacyAction
    /// Covers just one finding, which is written as its kind is: not disguised.
    var isPlain = true
    /// Only spelled like a token.
    var isLiteral = false
}

/// What is done with a text: the places that are changed, and what is left alone and yet counted.
struct Marks {
    /// By position, without overlaps; none of them allowed.
    var changed: [Mark] = []
    /// By position, without overlaps.
    var allowed: [Mark] = []

    /// Candidates that overlap become one place, which gets the strictest action of them (then the surest, then the
    /// longest): nothing of what any of them covers passes.
    init(_ marks: [Mark], in bytes: UnsafeRawBufferPointer) {
        let active = marks.filter { $0.action != .allow }.map { Marks.wholeCharacters($0, bytes) }
        for mark in active.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let last = changed.last, last.range.upperBound > mark.range.lowerBound else {
                changed.append(mark)
                continue
            }
            var winner = Marks.outranks(mark, last) ? mark : last
            let union = last.range.lowerBound..<max(last.range.upperBound, mark.range.upperBound)
            winner.isPlain = winner.isPlain && winner.range == union
            winner.range = union
            changed[changed.count - 1] = winner
        }
        guard active.count < marks.count else { return }
        addAllowed(marks.filter { $0.action == .allow })
    }

    private mutating func addAllowed(_ marks: [Mark]) {
        var next = 0
        for mark in marks.sorted(by: { ($0.range.lowerBound, -$0.confidence) < ($1.range.lowerBound, -$1.confidence) })
        {
            while next < changed.count, changed[next].range.upperBound <= mark.range.lowerBound { next += 1 }
            if next < changed.count, changed[next].range.lowerBound < mark.range.upperBound { continue }
            if let last = allowed.last, last.range.upperBound > mark.range.lowerBound { continue }
            allowed.append(mark)
        }
    }

    private static func outranks(_ a: Mark, _ b: Mark) -> Bool {
        if a.action != b.action { return a.action > b.action }
        if a.confidence != b.confidence { return a.confidence > b.confidence }
        return a.range.count > b.range.count
    }

    /// A grammar that looks back a fixed number of bytes may begin within a character.
    private static func wholeCharacters(_ mark: Mark, _ bytes: UnsafeRawBufferPointer) -> Mark {
        var (start, end) = (mark.range.lowerBound, mark.range.upperBound)
        while start > 0, mark.range.lowerBound - start < 3, bytes[start] & 0xc0 == 0x80 { start -= 1 }
        while end < bytes.count, end - mark.range.upperBound < 3, bytes[end] & 0xc0 == 0x80 { end += 1 }
        var mark = mark
        mark.range = start..<end
        return mark
    }
}
