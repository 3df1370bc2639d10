/// Where a tool of a server stands: only what somebody agreed to, as it is, is offered and called.
public enum Standing: Sendable, Hashable {
    case approved
    /// Nobody has looked at it yet.
    case new
    /// It is not what was agreed to: a unified diff.
    case changed(diff: String)
    /// It can be taken for another tool that was agreed to.
    case lookAlike(of: String)
    /// It is what was agreed to under another name.
    case renamed(from: String)

    public var name: String {
        switch self {
        case .approved: "approved"
        case .new: "new"
        case .changed: "changed"
        case .lookAlike: "look_alike"
        case .renamed: "renamed"
        }
    }

    /// Why it is not on offer; nil when it is.
    public var objection: String? {
        switch self {
        case .approved: nil
        case .new: "nobody has agreed to it yet"
        case .changed: "its definition is not the one that was agreed to"
        case .lookAlike(let other): "its name can be taken for \(other)"
        case .renamed(let other): "it was agreed to under the name \(other)"
        }
    }
}
