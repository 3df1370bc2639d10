/// What of a server somebody has to agree to before it can be used.
public enum ItemKind: String, Sendable, Hashable, CaseIterable {
    case tool
    case prompt
    /// All that can be read of a server is one thing: what it is, and the templates that its addresses follow. What is in
    /// it is data.
    case resources

    /// The name of the one item of this kind.
    static let resourcesName = "resources"
}
