public import Core

/// Conceals a text that comes in pieces, cut anywhere. Put together, what comes out is what ``PrivacyFilter`` makes of the
/// whole text, as long as what is found in it fits the window.
///
/// The walk over the text says where it would have liked to read on. What lies before that, and cannot be taken along
/// by what may come next, is given out at once; the rest is held back, usually a word or two. What was given out stays
/// for a while as context of what follows.
///
/// A value; no IO. An error means that what is held back was not inspected: it must not pass, and nothing more may be
/// pushed.
public struct StreamConcealer: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Most bytes that are held back. What is open for longer is taken for found, and redacted as `[WITHHELD]`.
        public var window: Int
        /// Most bytes of a private key that is held back once its header was seen; 9 KiB at the most, which is more
        /// than any key in use has.
        public var key: Int

        public init(window: Int = 512, key: Int = 9 << 10) {
            self.window = min(max(128, window), 8 << 10)
            self.key = min(max(self.window, key), 9 << 10)
        }
    }

    /// A part of what comes out.
    enum Part {
        case text([UInt8])
        case replaced(Mark, [UInt8])
        case withheld
    }

    /// Bytes kept of what was given out.
    private static let context = 256

    private let filter: PrivacyFilter
    private let vault: TokenVault
    private let limits: Limits
    /// Tokens in the text are a model's, and stay.
    private let isAnswer: Bool
    private let ignoresURLs: Bool
    /// What was given out last, then what is held back.
    private var buffer: [UInt8] = []
    /// Where what is held back begins.
    private var start = 0
    private var walk = WalkState()
    private var withholding = Withholding.nothing
    private var tally = AppliedTally()
    /// Set once something was found that may not pass at all: nothing more comes out.
    public private(set) var blocked: Concealed.Block?

    public init(filter: PrivacyFilter, vault: TokenVault, limits: Limits = Limits()) {
        self.init(filter: filter, vault: vault, limits: limits, isAnswer: false)
    }

    init(filter: PrivacyFilter, vault: TokenVault, limits: Limits, isAnswer: Bool) {
        self.filter = filter
        self.vault = vault
        self.limits = limits
        self.isAnswer = isAnswer
        ignoresURLs = filter.rules.action(.url, .pii, 1) == .allow
    }

    public var labels: Set<Label> { tally.labels }
    /// See ``Concealed/remaining``.
    public var remaining: Set<Label> { tally.remaining }
    public var applied: [Concealed.Applied] { tally.applied }
    /// Bytes held back.
    public var held: Int { buffer.count - start }

    public mutating func push(_ piece: [UInt8]) throws(GatehouseError) -> [UInt8] { try joined(advance(piece)) }

    /// The text is over: everything that is left. Afterwards a new text may begin.
    public mutating func finish() throws(GatehouseError) -> [UInt8] { try joined(end()) }

    private func joined(_ parts: [Part]) throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): out += text
            case .replaced(let mark, let value): out += try filter.replacement(of: mark, value, vault)
            case .withheld: out += Withholding.mark
            }
        }
        return out
    }

    /// Long pieces are taken in parts, so that what is looked at again is always short.
    mutating func advance(_ piece: [UInt8]) throws(GatehouseError) -> [Part] {
        var parts: [Part] = []
        var rest = piece[...]
        while !rest.isEmpty, blocked == nil {
            buffer += rest.prefix(StreamConcealer.longestStep)
            rest = rest.dropFirst(StreamConcealer.longestStep)
            parts += try release(isEnd: false)
        }
        return parts
    }

    private static let longestStep = 2 << 10

    /// The whole of a text at once, with what others found in it.
    mutating func whole(_ text: [UInt8], _ external: [PrivacyFinding]) throws(GatehouseError) -> [Part] {
        buffer = text
        return try end(external)
    }

    mutating func end(_ external: [PrivacyFinding] = []) throws(GatehouseError) -> [Part] {
        let rest = try release(isEnd: true, external)
        buffer = []
        (start, walk, withholding) = (0, WalkState(), .nothing)
        return rest
    }

    private mutating func release(
        isEnd: Bool, _ external: [PrivacyFinding] = []
    ) throws(GatehouseError) -> [Part] {
        guard blocked == nil else { return [] }
        start = withholding.skip(buffer, from: start)
        guard start < buffer.count else {
            forget(keeping: start, WalkState(index: start))
            return []
        }
        if !isEnd, held > limits.window, held < limits.key, withholding.isWaiting(buffer) { return [] }
        let text = buffer
        return try text.span.bytes.withUnsafeBytes { (bytes) throws(GatehouseError) in
            try isEnd ? releaseRest(bytes, external) : releaseSafe(bytes)
        }
    }

    private mutating func releaseRest(
        _ bytes: UnsafeRawBufferPointer, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> [Part] {
        // With the end in sight nothing is open; the walk goes on from where it was.
        let candidates = try filter.scanner.closingScan(bytes, from: walk)
        let marks = filter.marks(candidates, in: bytes, vault, keepingTokens: isAnswer, external: external)
        return take(marks, bytes, upTo: bytes.count)
    }

    private mutating func releaseSafe(_ bytes: UnsafeRawBufferPointer) throws(GatehouseError) -> [Part] {
        let scan = try filter.scanner.openScan(
            bytes, from: walk, ignoringURLs: ignoresURLs, far: limits.window / 2)
        let marks = filter.marks(scan.candidates, in: bytes, vault, keepingTokens: isAnswer)
        var end = safeEnd(bytes, min(scan.openFrom, OpenScan.tail(bytes, longest: limits.window / 2)), marks)
        let isKey = scan.keyFrom.map { $0 <= end + 96 } ?? false
        let isTooLong = bytes.count - end > (isKey ? limits.key : limits.window)
        if isTooLong { end = safeEnd(bytes, min(scan.openAt, OpenScan.wordStart(bytes, bytes.count, 96)), marks) }
        var parts = take(marks, bytes, upTo: end)
        guard blocked == nil else { return [] }
        withholding = isKey ? .key(waitingFrom: bytes.count) : .nothing
        if isTooLong, bytes.count - end > limits.window / 2 {
            withhold(isKey: isKey)
            (end, start) = (bytes.count, bytes.count)
            parts.append(.withheld)
        }
        let state = scan.state(before: end) ?? walk
        // A word without end is left in its middle.
        let next = end - state.index > StreamConcealer.context ? WalkState(index: end) : state
        forget(keeping: min(scan.keepFrom, next.index, end - StreamConcealer.context), next)
        return parts
    }

    private mutating func withhold(isKey: Bool) {
        tally.withheld(isKey ? .secret : Withholding.kind, isKey ? .secret : .confidential)
        withholding = isKey ? .keyRest : .word
    }

    /// The parts from ``start`` on, which becomes `end`.
    private mutating func take(_ marks: Marks, _ bytes: UnsafeRawBufferPointer, upTo end: Int) -> [Part] {
        // What reaches back into what was given out is cut: the rest of it does not pass.
        let places = marks.changed.filter { $0.range.upperBound > start && $0.range.lowerBound < end }.map { mark in
            var mark = mark
            mark.range = max(start, mark.range.lowerBound)..<mark.range.upperBound
            return mark
        }
        for mark in places { tally.add(mark, by: filter) }
        for mark in marks.allowed where mark.range.lowerBound >= start && mark.range.lowerBound < end {
            tally.add(mark, by: filter)
        }
        if let block = places.first(where: { $0.action == .block }) {
            blocked = filter.block(block)
            return []
        }
        defer { start = end }
        return StreamConcealer.parts(bytes, start..<end, places)
    }

    private static func parts(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ places: [Mark]) -> [Part] {
        var parts: [Part] = []
        var position = range.lowerBound
        for mark in places {
            if mark.range.lowerBound > position { parts.append(.text(Array(bytes[position..<mark.range.lowerBound]))) }
            parts.append(.replaced(mark, Array(bytes[mark.range])))
            position = mark.range.upperBound
        }
        if range.upperBound > position { parts.append(.text(Array(bytes[position..<range.upperBound]))) }
        return parts
    }

    /// A place at or before the given one that no mark and no character crosses.
    private func safeEnd(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ marks: Marks) -> Int {
        var end = min(place, bytes.count)
        for mark in marks.changed.reversed() where mark.range.lowerBound < end && mark.range.upperBound > end {
            end = mark.range.lowerBound
        }
        while end > start, end < bytes.count, bytes[end] & 0xc0 == 0x80 { end -= 1 }
        return max(start, end)
    }

    private mutating func forget(keeping place: Int, _ next: WalkState) {
        let surplus = max(0, min(place, start))
        walk = next.moved(by: surplus)
        buffer.removeFirst(surplus)
        start -= surplus
    }
}
