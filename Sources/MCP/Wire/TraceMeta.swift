public import JSON

/// In which trace a request stands, by the members of `_meta` that are named as the headers of W3C Trace Context and
/// W3C Baggage (2026-07-28, Overview, `_meta`). They are handed on as they came: whoever takes part in the trace reads
/// them.
public struct TraceMeta: Sendable, Hashable {
    /// `traceparent`.
    public let parent: String
    /// `tracestate`.
    public let state: String?
    public let baggage: String?

    /// Bytes of each; the standards want 512 and 8192 of the latter two to be passed on, and more need not be.
    private static let parentBytes = 55...256
    private static let stateBytes = 1...512
    private static let baggageBytes = 1...8192

    /// Nil where the parent is no text that could be a header's value; of the others, what is none is left out.
    public init?(parent: String, state: String? = nil, baggage: String? = nil) {
        guard Self.isValue(parent, Self.parentBytes) else { return nil }
        self.parent = parent
        self.state = state.flatMap { Self.isValue($0, Self.stateBytes) ? $0 : nil }
        self.baggage = baggage.flatMap { Self.isValue($0, Self.baggageBytes) ? $0 : nil }
    }

    /// Nil where a request's `_meta` names none. What a peer writes otherwise than as a text is as if it were not there.
    public init?(_ meta: JSONObject) {
        guard let parent = meta[Key.parent]?.string else { return nil }
        self.init(parent: parent, state: meta[Key.state]?.string, baggage: meta[Key.baggage]?.string)
    }

    /// Writes it into a request's `_meta`.
    public func write(to meta: inout JSONObject) {
        meta[Key.parent] = JSON(parent)
        meta[Key.state] = state.map { JSON($0) }
        meta[Key.baggage] = baggage.map { JSON($0) }
    }

    private enum Key {
        static let parent = "traceparent"
        static let state = "tracestate"
        static let baggage = "baggage"
    }

    private static func isValue(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { $0 == 0x09 || (0x20...0x7E).contains($0) }
    }
}
