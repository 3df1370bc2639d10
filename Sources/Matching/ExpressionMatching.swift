import CPCRE2

extension Expression {
    /// The leftmost match that begins in `range`.
    ///
    /// The end of the range is the end of the input (`$` matches there, look-ahead sees nothing beyond);
    /// look-behind and `\b` do see the bytes before its start, and `^` matches only at the start of `bytes`.
    public func firstMatch(in bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) -> Outcome {
        let workspace = Workspace.take()
        defer { Workspace.give(workspace) }
        let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        return match(bytes, range, workspace, notEmptyAtStart: false)
    }

    public func firstMatch(in bytes: [UInt8], range: Range<Int>? = nil) -> Outcome {
        bytes.withUnsafeBytes { firstMatch(in: $0, range: range) }
    }

    public func firstMatch(in bytes: RawSpan, range: Range<Int>? = nil) -> Outcome {
        bytes.withUnsafeBytes { firstMatch(in: $0, range: range) }
    }

    /// Calls `body` for each match, left to right and without overlap, until it says stop or a limit is reached.
    @discardableResult
    public func matches(
        in bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil, _ body: (Captures) -> Continuation
    ) -> End {
        let workspace = Workspace.take()
        defer { Workspace.give(workspace) }
        var rest = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        var lastWasEmpty = false
        while true {
            switch match(bytes, rest, workspace, notEmptyAtStart: lastWasEmpty) {
            case .noMatch: return .complete
            case .limit(let limit): return .limit(limit)
            case .match(let captures):
                if body(captures) == .stop { return .stopped }
                lastWasEmpty = captures.range.isEmpty
                rest = max(rest.lowerBound, captures.range.upperBound)..<rest.upperBound
            }
        }
    }

    @discardableResult
    public func matches(in bytes: [UInt8], range: Range<Int>? = nil, _ body: (Captures) -> Continuation) -> End {
        bytes.withUnsafeBytes { matches(in: $0, range: range, body) }
    }

    /// What a search says about a text of which more will come.
    public enum OpenOutcome: Sendable, Hashable {
        /// The leftmost match, which nothing that follows can change.
        case match(Captures)
        /// The search read up to the end: what begins here may match once more has come.
        case open(from: Int)
        case noMatch
        case limit(Limit)
    }

    /// The leftmost match that begins in `range`, whose end is not the end of the text (PCRE2's hard partial matching,
    /// interpreted: for short ranges).
    public func firstOpenMatch(in bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) -> OpenOutcome {
        let workspace = Workspace.take()
        defer { Workspace.give(workspace) }
        let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        let status = status(bytes, range, workspace, PCRE2_PARTIAL_HARD)
        if status == PCRE2_ERROR_PARTIAL {
            return .open(from: pcre2_get_ovector_pointer_8(workspace.data).map { Int($0[0]) } ?? range.lowerBound)
        }
        guard status >= 0 else {
            guard case .limit(let limit) = Expression.outcome(status) else { return .noMatch }
            return .limit(limit)
        }
        return .match(captures(workspace, count: Int(status)))
    }

    private func match(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ workspace: Workspace, notEmptyAtStart: Bool
    ) -> Outcome {
        let status = status(bytes, range, workspace, notEmptyAtStart ? UInt32(PCRE2_NOTEMPTY_ATSTART) : 0)
        guard status >= 0 else { return Expression.outcome(status) }
        return .match(captures(workspace, count: Int(status)))
    }

    /// PCRE2's answer: the number of groups set, or an error below zero.
    private func status(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ workspace: Workspace, _ options: UInt32
    ) -> Int32 {
        workspace.set(limits)
        var start = range.lowerBound
        // A start inside a character is an error to PCRE2; at most three continuation bytes belong to one.
        if isUTF { for _ in 0..<3 where start < range.upperBound && bytes[start] & 0xc0 == 0x80 { start += 1 } }
        // An empty buffer may have no address, and PCRE2 wants one.
        return withUnsafeBytes(of: 0 as UInt8) { placeholder in
            pcre2_match_8(
                code.pointer, (bytes.baseAddress ?? placeholder.baseAddress)?.assumingMemoryBound(to: UInt8.self),
                range.upperBound, start, options, workspace.data, workspace.context)
        }
    }

    private func captures(_ workspace: Workspace, count: Int) -> Captures {
        let vector = pcre2_get_ovector_pointer_8(workspace.data)
        let groups = (0...groupCount).map { group -> Range<Int>? in
            guard group < count, let vector else { return nil }
            let (start, end) = (vector[2 * group], vector[2 * group + 1])
            // A group that took no part has PCRE2_UNSET: all bits set, here -1.
            guard start >= 0, start <= end else { return nil }
            return start..<end
        }
        return Captures(groups: groups)
    }

    private static func outcome(_ status: Int32) -> Outcome {
        switch status {
        case PCRE2_ERROR_NOMATCH: .noMatch
        case PCRE2_ERROR_MATCHLIMIT: .limit(.matches)
        case PCRE2_ERROR_DEPTHLIMIT: .limit(.depth)
        case PCRE2_ERROR_HEAPLIMIT: .limit(.heap)
        case PCRE2_ERROR_JIT_STACKLIMIT: .limit(.stack)
        default: .limit(.other(Int(status)))
        }
    }
}
