/// When two questions are alike enough for one answer. Off unless it says otherwise.
public struct LikenessRule: Sendable, Hashable {
    /// Of embeddings.
    public var model: ModelName
    /// The least cosine, in hundredths.
    public var leastPercent: Int

    public init(model: ModelName, leastPercent: Int = 97) {
        self.model = model
        self.leastPercent = leastPercent
    }

    var least: Float { Float(leastPercent) / 100 }
}
