/// One version by PEP 440 (appendix B): where its parts stand in the text. Numbers keep their digits, so that they have
/// no bound.
struct PythonVersion {
    var epoch = 0..<0
    /// Numbers between points.
    var release = 0..<0
    var pre: (phase: Phase, number: Range<Int>)?
    var post: Range<Int>?
    var dev: Range<Int>?
    var local: Range<Int>?

    /// In their order.
    enum Phase: Int { case alpha, beta, candidate }

    /// Nil for what is no version by PEP 440.
    init?(_ text: Span<UInt8>) {
        var reader = Reader(text)
        if reader.take(text, UInt8(ascii: "v")) {}
        guard let first = reader.digits(text) else { return nil }
        var start = first
        if reader.take(text, UInt8(ascii: "!")) {
            guard let next = reader.digits(text) else { return nil }
            (epoch, start) = (first, next)
        }
        release = start
        while let number = reader.afterPoint(text) { release = start.lowerBound..<number.upperBound }
        pre = reader.preRelease(text)
        post = reader.post(text)
        dev = reader.numbered(text, "dev")
        if reader.take(text, UInt8(ascii: "+")) {
            guard let found = reader.local(text) else { return nil }
            local = found
        }
        guard reader.isAtEnd else { return nil }
    }

    /// Where a version without a pre-release stands: a development release of it comes before its alphas.
    var phase: Int {
        if let pre { return pre.phase.rawValue }
        return post == nil && dev != nil ? -1 : 3
    }
}

/// Goes over the text once; what does not fit leaves the place as it was.
private struct Reader {
    private var place: Int
    private let end: Int

    init(_ text: Span<UInt8>) {
        let whole = VersionBytes.trimmed(text)
        (place, end) = (whole.lowerBound, whole.upperBound)
    }

    var isAtEnd: Bool { place == end }

    mutating func take(_ text: Span<UInt8>, _ byte: UInt8) -> Bool {
        guard place < end, VersionBytes.lower(text[place]) == byte else { return false }
        place += 1
        return true
    }

    mutating func digits(_ text: Span<UInt8>) -> Range<Int>? {
        let start = place
        place = VersionBytes.end(text, from: start, while: VersionBytes.isDigit)
        return place > start ? start..<place : nil
    }

    mutating func afterPoint(_ text: Span<UInt8>) -> Range<Int>? {
        let before = place
        if take(text, UInt8(ascii: ".")), let number = digits(text) { return number }
        place = before
        return nil
    }

    mutating func preRelease(_ text: Span<UInt8>) -> (PythonVersion.Phase, Range<Int>)? {
        let before = place
        separator(text)
        // Longer words first.
        let phase: PythonVersion.Phase
        if word(text, "alpha") || word(text, "a") {
            phase = .alpha
        } else if word(text, "beta") || word(text, "b") {
            phase = .beta
        } else if word(text, "rc") || word(text, "c") || word(text, "preview") || word(text, "pre") {
            phase = .candidate
        } else {
            place = before
            return nil
        }
        return (phase, numberAfterWord(text))
    }

    mutating func post(_ text: Span<UInt8>) -> Range<Int>? {
        let before = place
        if take(text, UInt8(ascii: "-")), let number = digits(text) { return number }
        place = before
        separator(text)
        if word(text, "post") || word(text, "rev") || word(text, "r") { return numberAfterWord(text) }
        place = before
        return nil
    }

    mutating func numbered(_ text: Span<UInt8>, _ name: StaticString) -> Range<Int>? {
        let before = place
        separator(text)
        if word(text, name) { return numberAfterWord(text) }
        place = before
        return nil
    }

    /// Letters and digits with single separators between.
    mutating func local(_ text: Span<UInt8>) -> Range<Int>? {
        let start = place
        repeat {
            let part = place
            place = VersionBytes.end(text, from: part) { VersionBytes.isDigit($0) || VersionBytes.isLetter($0) }
            guard place > part else { return nil }
        } while separator(text)
        return start..<place
    }

    /// Empty, which is 0, where there is none.
    private mutating func numberAfterWord(_ text: Span<UInt8>) -> Range<Int> {
        let before = place
        separator(text)
        if let number = digits(text) { return number }
        place = before
        return before..<before
    }

    @discardableResult
    private mutating func separator(_ text: Span<UInt8>) -> Bool {
        take(text, UInt8(ascii: ".")) || take(text, UInt8(ascii: "-")) || take(text, UInt8(ascii: "_"))
    }

    private mutating func word(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        guard VersionBytes.starts(text.extracting(place..<end), with: word) else { return false }
        place += word.utf8CodeUnitCount
        return true
    }
}
