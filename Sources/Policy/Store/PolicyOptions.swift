public import Rego

/// How a store compiles, and how its policy is evaluated.
public struct PolicyOptions: Sendable {
    public var compiler: CompilerOptions
    /// Paths below `data`, with slashes, that some rule or plan must define: `gatehouse/gate/decision`.
    public var requiredEntryPoints: [String]
    public var limits: EvaluationLimits
    /// Compiled queries that a snapshot keeps.
    public var preparedQueries = 256
    /// Of all modules together, in bytes.
    public var moduleBytes = 64 << 20
    /// Of all data together, in bytes of JSON, estimated.
    public var dataBytes = 512 << 20

    public init(
        compiler: CompilerOptions = CompilerOptions(), requiredEntryPoints: [String] = [],
        limits: EvaluationLimits = .default
    ) {
        self.compiler = compiler
        self.requiredEntryPoints = requiredEntryPoints
        self.limits = limits
    }
}
