public import Core

/// What is owed for a break-glass: somebody else looks at what was done and closes it.
public struct BreakGlassReview: Sendable, Hashable {
    /// `rev_…`
    public let id: String
    public let sessionID: String
    public let principalID: String
    /// Why the glass was broken.
    public let reason: String
    public let opened: Timestamp
    /// When the break-glass itself ends.
    public let expires: Timestamp
    /// Nil while the review is open.
    public let closing: Closing?

    public struct Closing: Sendable, Hashable {
        public let by: String
        public let note: String
        public let time: Timestamp

        public init(by: String, note: String, time: Timestamp) {
            self.by = by
            self.note = note
            self.time = time
        }
    }

    public var isOpen: Bool { closing == nil }

    public init(
        id: String, sessionID: String, principalID: String, reason: String, opened: Timestamp, expires: Timestamp,
        closing: Closing? = nil
    ) {
        self.id = id
        self.sessionID = sessionID
        self.principalID = principalID
        self.reason = reason
        self.opened = opened
        self.expires = expires
        self.closing = closing
    }
}
