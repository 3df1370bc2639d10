import Core
import Matching

/// One walk over a text from left to right, which stops where something can begin and asks the grammars in turn.
///
/// Everything is bounded: each grammar looks at no more than a fixed number of bytes around its place.
struct TextWalk {
    let bytes: UnsafeRawBufferPointer
    let plan: DetectorPlan
    var candidates: [Candidate] = []
    /// Names found so far are not looked at again.
    var nameEnd = 0
    /// Where the last run of digits ended.
    var runEnd = 0
    let limit: Int
    /// Set where more of the text will come: remembers that a grammar wanted to read on.
    let openEnd: OpenEnd?
    /// What context words stand before and after the place that was asked about last.
    private var before: (place: Int, lists: ContextWords.Lists) = (-1, 0)
    private var after: (place: Int, lists: ContextWords.Lists) = (-1, 0)

    init(_ bytes: UnsafeRawBufferPointer, _ plan: DetectorPlan, limit: Int, openEnd: OpenEnd? = nil) {
        self.bytes = bytes
        self.plan = plan
        self.limit = limit
        self.openEnd = openEnd
    }

    mutating func run() throws(GatehouseError) {
        let count = bytes.count
        plan.classes.withUnsafeBufferPointer { classes in
            var index = 0
            while index < count, candidates.count <= limit { index = step(at: index, classes) }
        }
        if candidates.count > limit { throw PrivacyScanner.tooMany(limit) }
    }

    /// Looks at what begins here.
    /// - Returns: where to look next.
    @inline(__always)
    mutating func step(at index: Int, _ classes: UnsafeBufferPointer<UInt8>) -> Int {
        let kind = classes[Int(bytes[index])]
        switch kind {
        case ByteClass.other: return index + 1
        case ByteClass.lower, ByteClass.upper, ByteClass.digit, ByteClass.wide: return word(at: index, kind, classes)
        default:
            sign(at: index, kind)
            return index + 1
        }
    }

    /// From the first byte of a word to just past it; looks at what it may be.
    private mutating func word(at start: Int, _ first: UInt8, _ classes: UnsafeBufferPointer<UInt8>) -> Int {
        var end = start + 1
        var seen: UInt8 = 1 << first
        while end < bytes.count {
            let kind = classes[Int(bytes[end])]
            guard kind &- 1 < 4 else { break }
            seen |= 1 << kind
            end += 1
        }
        if end == bytes.count, seen != 1 << ByteClass.wide || end - start < TextWalk.longestWideWord { touchEnd() }
        let hasDigit = seen & (1 << ByteClass.digit) != 0
        if first == ByteClass.digit { number(at: start) }
        if hasDigit {
            if seen & (1 << ByteClass.lower | 1 << ByteClass.upper) != 0 { token(start..<end) }
        } else if first == ByteClass.upper || first == ByteClass.wide {
            capitalised(start..<end)
        }
        // `ul.` and `al.` stand before Polish streets in small letters.
        if end - start == 2, first == ByteClass.lower, byte(end) == UInt8(ascii: ".") {
            street(start..<end, kinds(start..<end))
        }
        if end - start >= 20 { longWord(start..<end) }
        return end
    }

    private mutating func sign(at index: Int, _ kind: UInt8) {
        switch kind {
        case ByteClass.at: email(at: index)
        case ByteClass.colon:
            url(at: index)
            colonGroups(at: index)
        case ByteClass.plus: phonePrefix(at: index)
        default: hyphenGroups(at: index)
        }
    }

    // MARK: - Shared by the grammars

    func byte(_ index: Int) -> UInt8 { index >= 0 && has(index) ? bytes[index] : 0 }

    /// Whether the text is that long. All grammars ask here, so that what they decided at its end is known.
    @inline(__always)
    func has(_ index: Int) -> Bool {
        if index < bytes.count { return true }
        touchEnd()
        return false
    }

    @inline(never)
    private func touchEnd() { openEnd?.isTouched = true }

    /// Scripts without blanks make words without end; nothing waits for the end of a longer one.
    static let longestWideWord = 128

    mutating func add(
        _ range: Range<Int>, _ detector: Int, confidence: Double? = nil, kind: PrivacyKind? = nil,
        reasons: [PrivacyFinding.Reason] = [.form]
    ) {
        let hasContext = mentions(detector, around: range)
        let without = confidence ?? plan.detectors[detector].confidence
        let sure = hasContext ? max(plan.detectors[detector].contextConfidence, without) : without
        guard sure > 0 else { return }
        candidates.append(
            Candidate(
                range: range, kind: kind ?? plan.detectors[detector].kind, detector: detector, confidence: sure,
                reasons: hasContext ? reasons + [.context] : reasons))
    }

    /// Whether a context word of the detector stands in the 64 bytes before the range or the 24 after it.
    mutating func mentions(_ detector: Int, around range: Range<Int>) -> Bool {
        let own = plan.contextLists[detector]
        if own == 0 { return false }
        if before.place != range.lowerBound {
            before = (range.lowerBound, contextLists(max(0, range.lowerBound - 64)..<range.lowerBound))
        }
        if before.lists & own != 0 { return true }
        _ = has(range.upperBound + 23)
        if after.place != range.upperBound {
            after = (range.upperBound, contextLists(range.upperBound..<min(bytes.count, range.upperBound + 24)))
        }
        return after.lists & own != 0
    }

    private func contextLists(_ range: Range<Int>) -> ContextWords.Lists {
        plan.context.lists(in: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    func wordEnd(_ start: Int) -> Int {
        var end = start
        while has(end), bytes[end].isWord { end += 1 }
        return end
    }

    /// The start of the word that ends at `end`.
    func wordStart(_ end: Int) -> Int {
        var start = end
        while start > 0, end - start < 40, bytes[start - 1].isWord { start -= 1 }
        return start
    }

    /// Past blanks, and at most `lines` line ends.
    func skipBlanks(_ start: Int, lines: Int = 0) -> Int {
        var index = start
        var left = lines
        while has(index) {
            if bytes[index] == 0x0a {
                if left == 0 { return index }
                left -= 1
            } else if bytes[index] != 0x20, bytes[index] != 0x09, bytes[index] != 0x0d {
                return index
            }
            index += 1
        }
        return index
    }

    func kinds(_ range: Range<Int>) -> WordKinds { plan.lexicon.lookUp(Lexicon.hash(bytes, range)) }

    /// The word before `start` on the same line, past blanks and the bytes given.
    func wordBefore(_ start: Int, past signs: [UInt8] = []) -> Range<Int>? {
        var end = start
        while end > 0, bytes[end - 1] == 0x20 || signs.contains(bytes[end - 1]) { end -= 1 }
        let begin = wordStart(end)
        return begin < end ? begin..<end : nil
    }
}
