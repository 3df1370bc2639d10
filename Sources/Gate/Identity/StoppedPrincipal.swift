public import Core

/// A principal whom the kill switch has stopped.
public struct StoppedPrincipal: Sendable, Hashable {
    public let principalID: String
    public let reason: String
    public let time: Timestamp

    public init(principalID: String, reason: String, time: Timestamp) {
        self.principalID = principalID
        self.reason = reason
        self.time = time
    }
}
