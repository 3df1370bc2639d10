public import JSON

/// A council that is configured: who sits in it, and by what its members agree.
public struct CouncilRule: Sendable, Hashable {
    public static let size = 2...9
    /// What clients write before its name where a model's name is expected: `council/NAME`.
    public static let prefix = "council/"

    /// As clients write models: groups, or full names.
    public let models: [String]
    /// To the value in the members' answers that is compared; nil compares the answers as texts.
    public let on: JSONPointer?
    /// How many have to answer for the council to have a result.
    public let quorum: Int

    public init(models: [String], on: JSONPointer? = nil, quorum: Int = 1) {
        self.models = models
        self.on = on
        self.quorum = quorum
    }

    /// The name of the council that a client's word for a model means; nil where it means a model.
    public static func name(in word: String) -> String? {
        word.hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : nil
    }
}
