import CVectorscan
public import Core

/// Many patterns matched in one pass, in time linear in the input whatever the patterns are (Vectorscan).
///
/// A match says which pattern and where it *ends*; every end is reported, so `a+` on `aaa` gives three matches.
/// Use it to find candidates, and an ``Expression`` to confirm and capture. Immutable and safe to use from any thread.
///
/// Prefer patterns that hold a literal of three bytes or more: they run several times faster than those that begin with
/// classes, and on the engine's best-tested path.
public final class PatternSet: Sendable {
    public enum Mode: Sendable, Hashable {
        /// Each input is whole: ``PatternSet/scan(_:limit:_:)-(UnsafeRawBufferPointer,_,_)``.
        case block
        /// Input comes in pieces and matches may span them: ``PatternSet/stream(limit:)``.
        case streaming
    }

    public struct Match: Sendable, Hashable {
        /// The ``Pattern/id``.
        public var id: Int
        /// Known for patterns that match a fixed number of bytes, which costs nothing, and with
        /// ``Pattern/Options/startOfMatch``.
        public var start: Int?
        /// Offset just past the match, from the start of the input or stream.
        public var end: Int
        /// False where the pattern could only be approximated: each of its matches is reported, and maybe others.
        public var isExact: Bool
    }

    public static let defaultLimit = 1_000_000

    public let mode: Mode
    /// Ids of patterns that Vectorscan could only approximate (back-references, look-around and the like).
    public let approximated: Set<Int>
    /// Ids of patterns whose matches differ in length, so that their starts cost something.
    public let variableWidth: Set<Int>
    let database: Database
    let scratches: ScratchPool
    let traits: [Trait]
    private let mayPad: Bool

    struct Trait: Sendable {
        var id: Int
        var compiled: PatternTrait
    }

    /// Whether this processor has what Vectorscan was built for (x86-64: SSE4.2; arm64: NEON).
    public static var isSupported: Bool { hs_valid_platform() == HS_SUCCESS }

    /// Compiling takes from microseconds to tens of milliseconds a pattern; the newest sets are kept: ``PatternCache``.
    ///
    /// - Throws: `unsupported` on a processor that lacks what Vectorscan needs; `invalid` for an empty list or a
    ///   pattern that compiles neither exactly nor approximately, with its id and Vectorscan's words, which give the
    ///   offset.
    public convenience init(_ patterns: [Pattern], mode: Mode = .block) throws(GatehouseError) {
        guard PatternSet.isSupported else {
            throw GatehouseError(
                "matching", .unsupported, "this processor cannot run the pattern engine",
                hint: "x86-64 needs SSE4.2; in a virtual machine, pass the host's CPU model through")
        }
        guard !patterns.isEmpty else {
            throw GatehouseError("matching", .invalid, "a pattern set needs at least one pattern")
        }
        self.init(patterns, compiled: try PatternCache.shared.compiled(patterns, mode: mode), mode: mode)
    }

    /// - Parameter compiled: of these patterns.
    init(_ patterns: [Pattern], compiled: CompiledPatterns, mode: Mode) {
        self.mode = mode
        database = compiled.database
        scratches = compiled.scratches
        mayPad = !compiled.traits.contains { $0.needsEnd }
        traits = zip(patterns, compiled.traits).map { Trait(id: $0.id, compiled: $1) }
        variableWidth = Set(traits.filter { $0.compiled.width == nil }.map(\.id))
        approximated = Set(traits.filter { !$0.compiled.isExact }.map(\.id))
    }

    /// Calls `body` for each match in the order of their ends, until it says stop or `limit` matches were given.
    ///
    /// - Throws: `conflict` on a streaming set, `tooLarge` beyond 4 GiB, `internal` if the engine fails.
    @discardableResult
    public func scan(
        _ bytes: UnsafeRawBufferPointer, limit: Int = PatternSet.defaultLimit, _ body: (Match) -> Continuation
    ) throws(GatehouseError) -> ScanEnd {
        guard mode == .block else {
            throw GatehouseError("matching", .conflict, "a streaming pattern set cannot scan a block")
        }
        guard let length = UInt32(exactly: bytes.count) else {
            throw GatehouseError(
                "matching", .tooLarge, "a block of \(bytes.count) bytes", hint: "scan it in pieces of up to 4 GiB")
        }
        guard let base = bytes.baseAddress else { return .complete }
        let scratch = try scratches.take()
        defer { scratches.give(scratch) }
        var left = limit
        if mayPad, bytes.count <= PatternSet.padded { return try scanPadded(bytes, scratch, &left, body) }
        return try report(&left, body) { handler, context in
            hs_scan(
                database.pointer, base.assumingMemoryBound(to: CChar.self), length, 0, scratch.pointer, handler, context
            )
        }
    }

    @discardableResult
    public func scan(
        _ bytes: [UInt8], limit: Int = PatternSet.defaultLimit, _ body: (Match) -> Continuation
    ) throws(GatehouseError) -> ScanEnd {
        try scan(bytes.span.bytes, limit: limit, body)
    }

    @discardableResult
    public func scan(
        _ bytes: RawSpan, limit: Int = PatternSet.defaultLimit, _ body: (Match) -> Continuation
    ) throws(GatehouseError) -> ScanEnd {
        try bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in try scan(buffer, limit: limit, body) }
    }

    /// All matches, for tests and small inputs.
    public func matches(in bytes: [UInt8], limit: Int = PatternSet.defaultLimit) throws(GatehouseError) -> [Match] {
        var found: [Match] = []
        try scan(bytes, limit: limit) {
            found.append($0)
            return .proceed
        }
        return found
    }
}

// MARK: - Short inputs

extension PatternSet {
    /// Inputs up to this length are scanned with padding.
    private static let padded = 256

    /// Vectorscan 5.4.9, which Debian and Ubuntu ship, loses some matches in the last bytes of inputs of 64 to 127 bytes
    /// (its vector code for pairs of classes). Zeros after the input keep the input out of that code; what matches only
    /// with their help is dropped. Not for patterns that look for the end, and not needed for longer inputs.
    private func scanPadded(
        _ bytes: UnsafeRawBufferPointer, _ scratch: Scratch, _ left: inout Int, _ body: (Match) -> Continuation
    ) throws(GatehouseError) -> ScanEnd {
        var room = left
        defer { left = room }
        let length = bytes.count + 128
        return try withUnsafeTemporaryAllocation(byteCount: length, alignment: 64) { (copy) throws(GatehouseError) in
            copy.initializeMemory(as: UInt8.self, repeating: 0)
            copy.copyMemory(from: bytes)
            return try report(&room, upTo: bytes.count, body) { handler, context in
                let text = copy.baseAddress?.assumingMemoryBound(to: CChar.self)
                return hs_scan(database.pointer, text, UInt32(length), 0, scratch.pointer, handler, context)
            }
        }
    }
}

// MARK: - Reporting

typealias EngineCall = (match_event_handler?, UnsafeMutableRawPointer?) -> hs_error_t

/// What the C callback works on while one engine call runs.
private struct Report {
    var traits: UnsafeBufferPointer<PatternSet.Trait>
    var left: Int
    /// Matches that end beyond are not the input's.
    var length: Int
    var end: ScanEnd = .complete
    var body: (PatternSet.Match) -> Continuation

    /// Non-zero asks the engine to stop.
    mutating func take(_ index: UInt32, from: UInt64, to: UInt64) -> Int32 {
        guard Int(to) <= length else { return 0 }
        guard left > 0 else {
            end = .limit
            return 1
        }
        left -= 1
        let (id, trait) = (traits[Int(index)].id, traits[Int(index)].compiled)
        let start = trait.reportsStart ? Int(from) : trait.width.map { Int(to) - $0 }
        let match = PatternSet.Match(id: id, start: start, end: Int(to), isExact: trait.isExact)
        if body(match) == .proceed { return 0 }
        end = .stopped
        return 1
    }
}

extension PatternSet {
    /// Runs one engine call with `body` behind its C callback; `left` counts down the matches that may still be given.
    func report(
        _ left: inout Int, upTo length: Int = .max, _ body: (Match) -> Continuation, _ call: EngineCall
    ) throws(GatehouseError) -> ScanEnd {
        let allowed = left
        let (status, end, rest) = traits.withUnsafeBufferPointer { traits in
            withoutActuallyEscaping(body) { body in
                var report = Report(traits: traits, left: allowed, length: length, body: body)
                let status = withUnsafeMutablePointer(to: &report) { pointer in
                    call(
                        { index, from, to, _, context in
                            context?.assumingMemoryBound(to: Report.self).pointee.take(index, from: from, to: to) ?? 1
                        }, pointer)
                }
                return (status, report.end, report.left)
            }
        }
        left = rest
        guard status == HS_SUCCESS || status == HS_SCAN_TERMINATED else {
            throw GatehouseError("matching", .internal, "the pattern engine failed with code \(status)")
        }
        return end
    }
}
