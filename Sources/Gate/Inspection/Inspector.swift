public import Core
public import JSON

/// Looks into everything that passes, both ways. An inspector that throws stops the action: it fails closed.
public protocol Inspector: Sendable {
    /// Namespaced: `privacy.secrets`.
    var id: String { get }
    func inspect(_ subject: InspectionSubject) async throws -> InspectionResult
}

public struct InspectionSubject: Sendable {
    public enum Direction: String, Sendable { case request, answer }

    public var direction: Direction
    public var tool: String
    /// Of the action. The answer of a `reveal` is meant to hold a secret.
    public var effect: Effect
    public var value: JSON

    public init(direction: Direction, tool: String, effect: Effect, value: JSON) {
        self.direction = direction
        self.tool = tool
        self.effect = effect
        self.value = value
    }
}

public struct InspectionResult: Sendable {
    public var labels: Set<Label>
    /// The value with what must not pass rewritten; nil when nothing was.
    public var rewritten: JSON?
    /// Why it may not pass at all.
    public var blocked: String?

    public init(labels: Set<Label> = [], rewritten: JSON? = nil, blocked: String? = nil) {
        self.labels = labels
        self.rewritten = rewritten
        self.blocked = blocked
    }
}
