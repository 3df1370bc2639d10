/// One instance of a step in one run: the step's doing, or its undoing.
public struct StepRef: Sendable, Hashable {
    public var step: String
    /// 0 for a step without `for_each`.
    public var index: Int
    public var isUndo: Bool

    public init(_ step: String, _ index: Int = 0, isUndo: Bool = false) {
        self.step = step
        self.index = index
        self.isUndo = isUndo
    }

    /// `fix[3]`, for people.
    var shown: String { index == 0 ? step : "\(step)[\(index)]" }
}
