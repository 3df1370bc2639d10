/// What an expression reads: a context, and the members that it names by constant words.
public struct Reference: Sendable, Hashable {
    /// `inputs`, `event`, `run`, `steps`, `item`, `index` or `result`.
    public var context: String
    /// `["look", "outputs", "urgent"]` of `steps.look.outputs.urgent`; it ends before the first index that is worked out.
    public var path: [String]
    /// Whether an index that is worked out follows.
    public var isOpen: Bool
    /// Of the context's first letter, from 1.
    public var column: Int

    /// What an expression may begin with.
    public static let contexts = ["inputs", "event", "run", "steps", "item", "index", "result"]
}
