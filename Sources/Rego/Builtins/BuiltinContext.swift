internal import Core

/// What builtins share during one evaluation of a query. Belongs to that evaluation alone.
public final class BuiltinContext {
    /// Whether an error of a builtin ends the evaluation.
    public let isStrict: Bool
    /// The time that `time.now_ns` gives throughout the query, in nanoseconds since 1970.
    public private(set) lazy var nowNanoseconds = now ?? Int(SystemWallClock().now().microseconds) * 1000
    /// The start of everything that is random within the query.
    public private(set) lazy var seed = givenSeed ?? UInt64.random(in: 0...UInt64.max)
    private let now: Int?
    private let givenSeed: UInt64?
    public let limits: EvaluationLimits
    /// Asked now and then; the evaluation ends once it says true.
    public let isCancelled: @Sendable () -> Bool
    /// Receives the lines of `print`, with the place of the call where it is known.
    public let print: (@Sendable (_ line: String, _ place: String?) -> Void)?
    /// What `opa.runtime()` returns.
    public let runtime: RegoValue
    /// What `http.send` sends with; nil where it is off.
    public let http: (any HTTPSender)?

    /// For builtins' own use, keyed by their name: regular expressions compiled, random values drawn.
    public var cache: [String: any Sendable] = [:]
    /// The metadata of the rule being evaluated and of those above it, for `rego.metadata.*`.
    public var metadata: RegoValue?
    /// The place of the call, where the policy says it.
    public internal(set) var place: String?
    /// Hears what `trace()` says.
    var observation: Observation?

    /// When the evaluation has to have ended.
    public internal(set) lazy var deadline = ContinuousClock.now + limits.time

    /// Used so far; see ``EvaluationLimits``.
    public internal(set) var steps = 0
    public internal(set) var memory = 0

    public init(
        isStrict: Bool = false, nowNanoseconds: Int? = nil, seed: UInt64? = nil, limits: EvaluationLimits = .default,
        runtime: RegoValue = .object(RegoObject()), http: (any HTTPSender)? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false },
        print: (@Sendable (_ line: String, _ place: String?) -> Void)? = nil
    ) {
        self.isStrict = isStrict
        now = nowNanoseconds
        givenSeed = seed
        self.limits = limits
        self.runtime = runtime
        self.http = http
        self.isCancelled = isCancelled
        self.print = print
    }

    /// Counts work that grows with the arguments: call it from loops, a step being about a microsecond's tenth.
    public func charge(steps count: Int) throws(BuiltinError) {
        steps &+= count
        guard steps <= limits.steps else { throw .exhausted("it takes more than \(limits.steps) steps") }
    }

    /// Counts bytes before something large is built.
    public func charge(memory bytes: Int) throws(BuiltinError) {
        memory = Size.sum(memory, bytes)
        guard memory <= limits.memory else { throw .exhausted("it needs more than \(limits.memory) bytes") }
    }
}

extension BuiltinError {
    static func exhausted(_ what: String) -> BuiltinError {
        BuiltinError(.cancelled, "the evaluation was stopped: \(what)", isFatal: true)
    }
}
