public import Core
public import JSON

/// A definition that somebody agreed to: calls go by it, and whatever differs from it is quarantined.
public struct Pin: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        public var server: String
        public var tool: String
    }

    public var key: Key
    public var definition: Definition
    public var effect: Effect
    /// The action that pinned it, which the record has with who asked and who agreed.
    public var action: String
    public var time: Timestamp
}
