public import Core

/// Conceals a text that comes in pieces, cut anywhere.
///
/// A value; no IO. It gives out what can no longer become part of a finding and holds back the rest. An error means that
/// what is held back was not inspected: it must not pass, and nothing more may be pushed.
public struct StreamConcealer: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Most bytes that are held back. What is open for longer is taken for found.
        public var window: Int

        public init(window: Int = 512) { self.window = max(64, window) }
    }

    /// Bytes kept of what was given out, for what they say about what follows.
    private static let context = 256

    private let filter: PrivacyFilter
    private let vault: TokenVault
    private let limits: Limits
    /// What was given out last, then what is held back.
    /// Tokens in the text are a model's, and stay.
    private let isAnswer: Bool
    private var buffer: [UInt8] = []
    /// Where what is held back begins.
    private var start = 0
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
    }

    public var labels: Set<Label> { tally.labels }
    public var applied: [Concealed.Applied] { tally.applied }
    /// Bytes held back.
    public var held: Int { buffer.count - start }

    public mutating func push(_ piece: [UInt8]) throws(GatehouseError) -> [UInt8] {
        try joined(advance(piece))
    }

    /// The text is over: everything that is left. Afterwards a new text may begin.
    public mutating func finish() throws(GatehouseError) -> [UInt8] { try joined(end()) }

    /// A part of what comes out.
    enum Part {
        case text([UInt8])
        case replaced(Mark, [UInt8])
    }

    mutating func advance(_ piece: [UInt8]) throws(GatehouseError) -> [Part] {
        buffer += piece
        return try release(isEnd: false)
    }

    mutating func end() throws(GatehouseError) -> [Part] {
        let rest = try release(isEnd: true)
        buffer = []
        start = 0
        return rest
    }

    private func joined(_ parts: [Part]) throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): out += text
            case .replaced(let mark, let value): out += try filter.replacement(of: mark, value, vault)
            }
        }
        return out
    }

    private mutating func release(isEnd: Bool) throws(GatehouseError) -> [Part] {
        guard blocked == nil else { return [] }
        guard start < buffer.count, isEnd || held > limits.window / 2 else { return [] }
        let text = buffer
        let (parts, end) = try text.span.bytes.withUnsafeBytes { (bytes) throws(GatehouseError) in
            try release(bytes, isEnd)
        }
        start = end
        let surplus = start - StreamConcealer.context
        if surplus > 0 {
            buffer.removeFirst(surplus)
            start -= surplus
        }
        return parts
    }

    private mutating func release(
        _ bytes: UnsafeRawBufferPointer, _ isEnd: Bool
    ) throws(GatehouseError) -> (parts: [Part], end: Int) {
        let marks = filter.marks(try filter.scanner.candidates(in: bytes), in: bytes, vault, keepingTokens: isAnswer)
        let end = isEnd ? bytes.count : safeEnd(bytes, marks)
        // What reaches back into what was given out is cut: the rest of it does not pass.
        let places = marks.changed.filter { $0.range.upperBound > start && $0.range.lowerBound < end }.map { mark in
            var mark = mark
            mark.range = max(start, mark.range.lowerBound)..<mark.range.upperBound
            return mark
        }
        for mark in places { tally.add(mark, isSure: filter.isSure(mark)) }
        for mark in marks.allowed where mark.range.lowerBound >= start && mark.range.lowerBound < end {
            tally.add(mark, isSure: filter.isSure(mark))
        }
        if let block = filter.block(in: marks) {
            blocked = block
            return ([], bytes.count)
        }
        return (StreamConcealer.parts(bytes, start..<end, places), end)
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

    private func safeEnd(_ bytes: UnsafeRawBufferPointer, _ marks: Marks) -> Int {
        var end = max(start, bytes.count - limits.window / 2)
        while end > start, bytes[end - 1] > 0x20 { end -= 1 }
        if end == start, held > limits.window { end = bytes.count - limits.window / 2 }
        for mark in marks.changed.reversed() where mark.range.contains(end) || mark.range.upperBound == end {
            end = mark.range.lowerBound
        }
        return max(start, end)
    }
}
