/// When a second model is asked because the first has not begun to answer. Off unless it says otherwise.
public struct HedgeRule: Sendable, Hashable {
    /// For every call that has a choice of providers; nil for none but those of ``groups``.
    public var after: Duration?
    public var groups: [String: Duration]

    public init(after: Duration? = nil, groups: [String: Duration] = [:]) {
        self.after = after
        self.groups = groups
    }

    var isOff: Bool { after == nil && groups.isEmpty }

    /// - Parameter word: the client's, with an effort or without.
    func delay(for word: String) -> Duration? {
        guard !isOff else { return nil }
        return groups[word] ?? groups[String(word.prefix { $0 != " " })] ?? after
    }
}
