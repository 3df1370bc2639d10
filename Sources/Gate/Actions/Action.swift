public import JSON

/// One thing that somebody wants done: a tool with its arguments, aimed at a target.
///
/// Model calls, tool calls, workflow steps, remediations and admissions are all actions; nothing performs beside
/// ``Gate/submit(_:as:)``.
public struct Action: Sendable, Hashable {
    /// `act_…`, given by the gate.
    public let id: String
    /// The namespaced id of the tool that performs it: `scan.assess`.
    public let tool: String
    /// What it acts upon, as policy and people name it: `repo:/srv/shop`, `key:key_01…`.
    public let target: String
    /// A JSON object, in the shape that the tool's schema gives.
    public let arguments: JSON
    /// Two submissions by one principal with the same key are one action; the second gets the first's answer.
    public let idempotencyKey: String?
    /// The action that this one undoes.
    public let undoes: String?

    public init(
        id: String, tool: String, target: String, arguments: JSON, idempotencyKey: String? = nil, undoes: String? = nil
    ) {
        self.id = id
        self.tool = tool
        self.target = target
        self.arguments = arguments
        self.idempotencyKey = idempotencyKey
        self.undoes = undoes
    }
}

/// What a caller hands in: an action before it has an id.
public struct ActionRequest: Sendable, Hashable {
    public var tool: String
    public var target: String
    public var arguments: JSON
    public var idempotencyKey: String?
    /// Why, in the caller's words: shown to approvers and recorded.
    public var reason: String?

    public init(
        tool: String, target: String, arguments: JSON = [:], idempotencyKey: String? = nil, reason: String? = nil
    ) {
        self.tool = tool
        self.target = target
        self.arguments = arguments
        self.idempotencyKey = idempotencyKey
        self.reason = reason
    }
}
