public import Core
public import JSON

/// What the console and other watchers see live. Values never hold a secret: what was inspected has been rewritten
/// before.
public struct GateEvent: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case submitted, denied, waiting, approved, refused, performing, progress, done, failed, unknown, undone
        case session, key, kill
    }

    public let kind: Kind
    public let actionID: String?
    public let principalID: String?
    public let time: Timestamp
    /// Details for display; an object.
    public let detail: JSON

    public init(_ kind: Kind, actionID: String?, principalID: String?, time: Timestamp, detail: JSON = [:]) {
        self.kind = kind
        self.actionID = actionID
        self.principalID = principalID
        self.time = time
        self.detail = detail
    }
}
