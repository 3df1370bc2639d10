public import Intent

/// What a text was taken for.
public struct Understanding: Sendable, Hashable {
    /// Nil where it was not understood.
    public var intent: String?
    /// Values that the text names, by the intent's slots.
    public var slots: [String: String]
    /// From 0 to 1; 1 where the text is a phrase of the intent word for word.
    public var confidence: Double
    /// Intents that it is nearest to, the nearest first.
    public var nearest: [String]

    public init(intent: String?, slots: [String: String] = [:], confidence: Double, nearest: [String] = []) {
        self.intent = intent
        self.slots = slots
        self.confidence = confidence
        self.nearest = nearest
    }

    /// Whether it is a phrase word for word.
    public var isSure: Bool { intent != nil && confidence >= 1 }
}

/// Says what a text means. It decides nothing and does nothing: what it takes a text for is asked about, decided and
/// recorded like anything else.
public protocol Understander: Sendable {
    /// - Throws: what it needs and cannot have.
    func understand(_ text: String, knowing names: [Gazetteer]) async throws -> Understanding
}
