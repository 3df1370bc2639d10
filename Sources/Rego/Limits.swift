/// Bounds on one evaluation. Passing one ends it with ``EvaluationError/Code/limit``, which counts as a denial.
public struct EvaluationLimits: Sendable, Hashable {
    /// Instructions, and work of builtins counted as such.
    public var steps: Int
    /// Estimated bytes of all that is built, whether or not it is released meanwhile.
    public var memory: Int
    /// Estimated bytes of any one value, the result included, written as JSON.
    public var valueSize: Int
    /// Rules and functions called from within each other.
    public var callDepth: Int
    /// From start to end; looked at every few thousand steps.
    public var time: Duration

    /// Containers within each other, held to this because values are compared and released recursively.
    static let depth = 512

    public init(
        steps: Int = 20_000_000, memory: Int = 512 << 20, valueSize: Int = 64 << 20, callDepth: Int = 2000,
        time: Duration = .seconds(5)
    ) {
        self.steps = steps
        self.memory = memory
        self.valueSize = valueSize
        self.callDepth = callDepth
        self.time = time
    }

    public static let `default` = EvaluationLimits()
}
