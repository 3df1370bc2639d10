/// What an action does to the world, from least to most. An unknown effect is `change` with no undo.
public enum Effect: String, Sendable, Hashable, CaseIterable, Codable {
    case read
    /// Yields a secret or a credential.
    case reveal
    /// Alters something and can be undone.
    case change
    /// Alters something for good.
    case destroy
}

extension Effect: Comparable {
    private var rank: Int {
        switch self {
        case .read: 0
        case .reveal: 1
        case .change: 2
        case .destroy: 3
        }
    }

    public static func < (a: Effect, b: Effect) -> Bool { a.rank < b.rank }
}
