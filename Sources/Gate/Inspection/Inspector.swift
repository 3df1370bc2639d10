public import Core
public import JSON

/// Looks into everything that passes, both ways. An inspector that throws stops the action: it fails closed.
public protocol Inspector: Sendable {
    /// Namespaced: `privacy.texts`.
    var id: String { get }
    func inspect(_ subject: InspectionSubject) async throws -> InspectionResult
}

public struct InspectionSubject: Sendable {
    public enum Direction: String, Sendable { case request, answer }

    public var direction: Direction
    public var tool: String
    /// Of the action. The answer of a `reveal` is meant to hold a secret.
    public var effect: Effect
    /// Of a request an object with `target`, `reason` and `arguments`.
    public var value: JSON
    /// In which it passes; the session is its principal's own.
    public var sessionID: String?
    /// Of an answer: see ``InspectionResult/restored``.
    public var restored: Set<String>

    public init(
        direction: Direction, tool: String, effect: Effect, value: JSON, sessionID: String? = nil,
        restored: Set<String> = []
    ) {
        self.direction = direction
        self.tool = tool
        self.effect = effect
        self.value = value
        self.sessionID = sessionID
        self.restored = restored
    }
}

public struct InspectionResult: Sendable {
    public var labels: Set<Label>
    /// The value with what must not pass rewritten; nil when nothing was.
    public var rewritten: JSON?
    /// Why it may not pass at all.
    public var blocked: String?
    /// Tokens in a request that became values again. Inspectors are told of them when the answer comes.
    public var restored: Set<String>

    public init(
        labels: Set<Label> = [], rewritten: JSON? = nil, blocked: String? = nil, restored: Set<String> = []
    ) {
        self.labels = labels
        self.rewritten = rewritten
        self.blocked = blocked
        self.restored = restored
    }
}
