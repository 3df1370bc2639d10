public import JSON

/// What an action would do, as an approver sees it, and how it would be undone. Part of what an approval is bound to.
public struct Preview: Sendable, Hashable {
    /// One line: "stop 3 instances in eu-west-1".
    public var summary: String
    /// A unified diff or another plain-text picture of the change; may be empty.
    public var diff: String
    /// Facts for policy and for machines; an object.
    public var facts: JSON
    /// The inverse, worked out beforehand. Nil says that there is none.
    public var undo: UndoPlan?

    public init(summary: String, diff: String = "", facts: JSON = [:], undo: UndoPlan?) {
        self.summary = summary
        self.diff = diff
        self.facts = facts
        self.undo = undo
    }
}

/// The inverse of an action: itself an action, which passes the gate when its time comes.
public struct UndoPlan: Sendable, Hashable {
    public var tool: String
    public var target: String
    public var arguments: JSON
    public var summary: String

    public init(tool: String, target: String, arguments: JSON, summary: String) {
        self.tool = tool
        self.target = target
        self.arguments = arguments
        self.summary = summary
    }
}
