import JSON
public import Rego

/// The policy and data of a moment. Immutable: what began with it ends with it, whatever is activated meanwhile.
public final class PolicySnapshot: Sendable {
    /// SHA-256, in hex, over all modules, data, plans and revisions: equal if and only if the policy is.
    public let revision: String
    /// What the active bundles say of themselves, by their names.
    public let revisions: [String: String]
    /// All data together.
    public let data: RegoValue
    public let limits: EvaluationLimits
    let policy: CompiledPolicy

    init(
        revision: String, revisions: [String: String], data: RegoValue, limits: EvaluationLimits, policy: CompiledPolicy
    ) {
        self.revision = revision
        self.revisions = revisions
        self.data = data
        self.limits = limits
        self.policy = policy
    }

    /// By id: `BUNDLE/PATH` for a bundle's, else the id that it was put under. Errors name modules so.
    public var modules: [String: PolicyModule] { policy.modules }
    /// With all modules added.
    public var compiler: Compiler { policy.compiler }

    /// The document at a path below `data`, rules and data alike, as `result`.
    ///
    /// - Throws: ``RegoErrors``, or a `GatehouseError` of domain `rego`.
    public func prepare(path: [String]) throws -> PreparedQuery { try policy.prepare(path: path) }

    /// Any query, `data.x[i] == input.y`: an answer is an object of its variables.
    ///
    /// - Throws: ``RegoErrors``, or a `GatehouseError` of domain `rego`.
    public func prepare(query: String) throws -> PreparedQuery { try policy.prepare(query: query) }

    /// The document at a path below `data`, where it is the same whatever the unknown parts of the input are, and whenever it
    /// is asked for. Nil where it depends on them or on builtins that answer differently each time, where it comes from a
    /// plan, and where none of that could be found out.
    ///
    /// - Parameter unknowns: paths such as `input.action.target`.
    public func settled(
        path: [String], input: RegoValue, unknowns: [String], options: PartialOptions = PartialOptions()
    ) -> RegoValue? {
        guard !policy.planned(path) else { return nil }
        let steps = path.map { "[\(JSON.string($0).text())]" }
        return try? PartialEvaluator(compiler).evaluate(
            query: "x := data\(steps.joined())", unknowns: unknowns, input: input, data: data, options: options
        ).settledValue
    }

    /// The document at a path below `data`; nil where it is undefined. Held to the store's limits.
    ///
    /// - Throws: as ``prepare(path:)``, and `EvaluationError`.
    public func evaluate(path: [String], input: RegoValue?) throws -> RegoValue? {
        var options = EvaluationOptions()
        options.limits = limits
        return try prepare(path: path).evaluate(input: input, data: data, options: options).value
    }
}
