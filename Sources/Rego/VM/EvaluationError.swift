/// Why an evaluation ended without an answer. It counts as a denial.
public struct EvaluationError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A builtin failed and its errors are strict.
        case builtin = "eval_builtin_error"
        case type = "eval_type_error"
        /// A complete rule or function gave two values, or an object two for a key.
        case conflict = "eval_conflict_error"
        /// A `with` went through something that is no object.
        case withMerge = "eval_with_merge_error"
        case cancelled = "eval_cancel_error"
        /// One of the ``EvaluationLimits`` was passed.
        case limit = "eval_limit_error"
        case `internal` = "eval_internal_error"
    }

    public var code: Code
    public var message: String
    /// `policy.rego:12:3` where the policy says it.
    public var place: String?

    public init(_ code: Code, _ message: String, at place: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
    }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String { (place.map { "\($0): " } ?? "") + "\(code.rawValue): \(message)" }
}
