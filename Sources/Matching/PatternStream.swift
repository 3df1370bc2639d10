import CVectorscan
public import Core

extension PatternSet {
    /// Begins to scan input that comes in pieces.
    ///
    /// Vectorscan 5.4.9 can lose a match in the last bytes of a piece of 64 to 127 bytes, for patterns that hold no
    /// literal but begin with a pair of classes; a stream cannot be padded against it as a block is. Give such patterns
    /// a literal, or feed pieces of 128 bytes and more.
    ///
    /// - Parameter limit: how many matches the whole stream may give.
    /// - Throws: `conflict` on a block set.
    public func stream(limit: Int = PatternSet.defaultLimit) throws(GatehouseError) -> PatternStream {
        guard mode == .streaming else {
            throw GatehouseError("matching", .conflict, "a block pattern set cannot scan a stream")
        }
        return try PatternStream(self, limit: limit)
    }
}

/// One input scanned piece by piece; matches that span pieces are found, and offsets count from the first byte.
/// Holds a few hundred bytes of state and none of the input. One owner at a time.
public final class PatternStream {
    private let set: PatternSet
    private var state: OpaquePointer?
    private var left: Int
    private var end: ScanEnd = .complete

    fileprivate init(_ set: PatternSet, limit: Int) throws(GatehouseError) {
        self.set = set
        left = limit
        guard hs_open_stream(set.database.pointer, 0, &state) == HS_SUCCESS else {
            throw GatehouseError("matching", .exhausted, "no memory for a pattern stream")
        }
    }

    deinit {
        // Without scratch and callback, closing only frees.
        if let state { hs_close_stream(state, nil, nil, nil) }
    }

    /// Scans the next piece. Once a callback has stopped the stream or its limit is reached, later pieces are ignored
    /// and the same end is returned.
    ///
    /// - Throws: `conflict` after ``finish(_:)``, `tooLarge` for a piece beyond 4 GiB.
    @discardableResult
    public func feed(
        _ bytes: UnsafeRawBufferPointer, _ body: (PatternSet.Match) -> Continuation
    ) throws(GatehouseError) -> ScanEnd {
        guard let state else { throw GatehouseError("matching", .conflict, "the stream is finished") }
        guard let length = UInt32(exactly: bytes.count) else {
            throw GatehouseError(
                "matching", .tooLarge, "a piece of \(bytes.count) bytes", hint: "feed pieces of up to 4 GiB")
        }
        guard end == .complete, let base = bytes.baseAddress else { return end }
        return try run(body) { scratch, handler, context in
            hs_scan_stream(state, base.assumingMemoryBound(to: CChar.self), length, 0, scratch, handler, context)
        }
    }

    @discardableResult
    public func feed(_ bytes: [UInt8], _ body: (PatternSet.Match) -> Continuation) throws(GatehouseError) -> ScanEnd {
        try bytes.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in try feed(buffer, body) }
    }

    /// Ends the input: gives the matches that needed to know the end (`$`), and frees the state.
    @discardableResult
    public func finish(_ body: (PatternSet.Match) -> Continuation) throws(GatehouseError) -> ScanEnd {
        guard let state, end == .complete else { return end }
        self.state = nil
        return try run(body) { scratch, handler, context in hs_close_stream(state, scratch, handler, context) }
    }

    private func run(
        _ body: (PatternSet.Match) -> Continuation,
        _ call: (OpaquePointer, match_event_handler?, UnsafeMutableRawPointer?) -> hs_error_t
    ) throws(GatehouseError) -> ScanEnd {
        let scratch = try set.scratches.take()
        defer { set.scratches.give(scratch) }
        end = try set.report(&left, body) { handler, context in call(scratch.pointer, handler, context) }
        return end
    }
}
