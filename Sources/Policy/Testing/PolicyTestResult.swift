public import Rego

/// What became of a test.
public struct PolicyTestResult: Sendable {
    public enum Outcome: Sendable, Hashable {
        case passed
        /// Undefined, or false.
        case failed
        case error(EvaluationError)
        case skipped
    }

    /// A value of what stands in brackets after a test's name, with whether it holds for that value.
    public struct Case: Sendable, Hashable {
        public var key: RegoValue
        public var hasPassed: Bool
        /// For further brackets.
        public var cases: [Case]
    }

    /// The expression at which a test ended that failed.
    public struct Failure: Sendable, Hashable {
        public var text: String
        public var file: String
        public var row: Int
        public var column: Int
        /// The variables of the expression, with their values as Rego spells them.
        public var variables: [String]
    }

    public var test: PolicyTest
    public var outcome: Outcome
    public var duration: Duration = .zero
    /// What `print` said, a line each.
    public var output: [String] = []
    public var cases: [Case] = []
    /// Of a test that failed, where it can be told.
    public var failure: Failure?
    /// Of a test that failed or ended with an error, where it was asked for.
    public var trace: Trace?

    public var hasPassed: Bool { outcome == .passed }
    public var hasFailed: Bool { outcome != .passed && outcome != .skipped }
}

/// What became of all tests, in the order of files and rows.
public struct PolicyTestReport: Sendable {
    public var results: [PolicyTestResult] = []
    /// Where it was asked for: of the modules that are not tests themselves.
    public var coverage: Coverage?

    public var passed: Int { results.count { $0.hasPassed } }
    public var failed: Int { results.count { $0.outcome == .failed } }
    public var errors: Int { results.count { if case .error = $0.outcome { true } else { false } } }
    public var skipped: Int { results.count { $0.outcome == .skipped } }
    /// Whether every test that was run passed.
    public var isGood: Bool { failed == 0 && errors == 0 }
}
