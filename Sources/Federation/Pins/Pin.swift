public import Core

/// A definition that somebody agreed to: calls go by it, and whatever differs from it is quarantined.
public struct Pin: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        public var kind: ItemKind
        public var server: String
        public var name: String

        /// As messages name it.
        var text: String {
            switch kind {
            case .tool: "\(server)/\(name)"
            case .prompt: "the prompt \(server)/\(name)"
            case .resources: "the resources of \(server)"
            }
        }
    }

    public var key: Key
    public var definition: Definition
    public var effect: Effect
    /// The action that pinned it, which the record has with who asked and who agreed.
    public var action: String
    public var time: Timestamp
}
