public import Core

/// A stretch of work by one principal, as it stood when the caller was identified.
public struct Session: Sendable, Hashable {
    /// `ses_…`
    public let id: String
    public let principalID: String
    public let sessionClass: SessionClass
    /// What has passed through it so far (taint). Only ever grows.
    public let labels: Set<Label>
    public let started: Timestamp
    public let expires: Timestamp
    /// Set while a break-glass is in force: the reason that was given. Reviewed afterwards.
    public let breakGlass: String?

    public init(
        id: String, principalID: String, sessionClass: SessionClass, labels: Set<Label>, started: Timestamp,
        expires: Timestamp, breakGlass: String? = nil
    ) {
        self.id = id
        self.principalID = principalID
        self.sessionClass = sessionClass
        self.labels = labels
        self.started = started
        self.expires = expires
        self.breakGlass = breakGlass
    }
}
