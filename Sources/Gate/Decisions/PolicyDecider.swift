import Core
public import Policy
public import Rego
import Synchronization

/// Decides by Rego: asks the policy in force for its decision, and denies where there is none.
///
/// Whatever goes wrong in the policy (an error, also of a builtin; a limit; an answer of another shape) is a denial
/// that says so.
public final class PolicyDecider: Decider {
    /// Of one evaluation. A decision takes some thousand steps.
    public static let limits = EvaluationLimits(
        steps: 2_000_000, memory: 64 << 20, valueSize: 8 << 20, callDepth: 500, time: .seconds(1))

    /// Rules that speak where no rule of the policy could.
    enum Failure {
        static let undefined = "policy.undefined"
        static let malformed = "policy.malformed"
        static let error = "policy.error"
    }

    public let store: PolicyStore
    public let entryPoint: String
    let path: [String]
    private let http: (any HTTPAccess)?
    private let listener: (any DecisionListener)?
    private let prepared = Mutex<(snapshot: PolicySnapshot, query: PreparedQuery)?>(nil)
    let readers = PolicyReaderCache()
    private let settled = SettledDecisions()

    /// - Parameters:
    ///   - entryPoint: below `data`, with slashes.
    ///   - http: what policy asks servers with; nil where it asks none.
    ///   - listener: is told of each decision, not of explanations.
    public init(
        store: PolicyStore, entryPoint: String = BuiltInPolicy.entryPoint, http: (any HTTPAccess)? = nil,
        listener: (any DecisionListener)? = nil
    ) {
        self.store = store
        self.entryPoint = entryPoint
        self.http = http
        self.listener = listener
        path = entryPoint.split(separator: "/").map(String.init)
    }

    public var revision: String { store.current.revision }

    public func decide(_ input: DecisionInput) async throws -> Decision {
        let begun = ContinuousClock.now
        let (document, snapshot) = (input.document, store.current)
        let answer = try await waiting(with: snapshot) { self.answer(to: document, at: input.time, snapshot) }
        listener?.heard(
            HeardDecision(
                action: input.action.id, principal: input.principal.id, session: input.session.id, time: input.time,
                entryPoint: entryPoint, snapshot: snapshot, input: document, answer: answer,
                duration: ContinuousClock.now - begun))
        return decision(answer, snapshot)
    }

    public func foresee(_ input: DecisionInput) async throws -> Decision {
        let (document, snapshot) = (input.document, store.current)
        return try await waiting(with: snapshot) { self.decision(on: document, at: input.time, snapshot) }
    }

    @concurrent
    public func settled(_ input: DecisionInput) async -> Decision? {
        let snapshot = store.current
        // Where policy asks servers, what they say is not settled.
        guard (try? query(of: snapshot))?.sendsRequests == false else { return nil }
        let outline = input.outline.document
        return settled.decision(on: outline, snapshot) {
            var options = PartialOptions()
            options.evaluation = self.options(at: input.time)
            options.limits.time = .milliseconds(250)
            guard
                let value = snapshot.settled(
                    path: path, input: outline, unknowns: DecisionInput.unsettled, options: options),
                let decision = try? PolicyAnswer.decision(value, snapshot.revision)
            else { return nil }
            return decision
        }
    }

    /// Does work at once, or, where the policy may ask servers, on a thread that may wait for them.
    func waiting<Result: Sendable>(
        with snapshot: PolicySnapshot, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let http, (try? query(of: snapshot))?.sendsRequests == true else { return try work() }
        return try await http.run(work)
    }

    func decision(on document: RegoValue, at time: Timestamp, _ snapshot: PolicySnapshot) -> Decision {
        decision(answer(to: document, at: time, snapshot), snapshot)
    }

    private func answer(
        to document: RegoValue, at time: Timestamp, _ snapshot: PolicySnapshot
    ) -> Result<RegoValue?, any Error> {
        Result {
            try query(of: snapshot).evaluate(input: document, data: snapshot.data, options: options(at: time)).value
        }
    }

    private func decision(_ answer: Result<RegoValue?, any Error>, _ snapshot: PolicySnapshot) -> Decision {
        func denied(_ rule: String, _ reason: String) -> Decision {
            Decision(.deny, reason: reason, rule: rule, policyRevision: snapshot.revision)
        }
        do {
            guard let value = try answer.get() else {
                return denied(Failure.undefined, "the policy gives no decision at \(entryPoint)")
            }
            return try PolicyAnswer.decision(value, snapshot.revision)
        } catch let error as PolicyAnswer.Malformed {
            return denied(Failure.malformed, "what the policy answers is no decision: \(error.what)")
        } catch {
            return denied(Failure.error, "the policy failed: \(error)")
        }
    }

    /// Errors of builtins count: a rule that forbids must not fall silent because it failed.
    func options(at time: Timestamp) -> EvaluationOptions {
        var options = EvaluationOptions()
        options.isStrict = true
        options.limits = Self.limits
        options.http = http
        options.nowNanoseconds = Int(clamping: time.microseconds.multipliedReportingOverflow(by: 1000).partialValue)
        return options
    }

    private func query(of snapshot: PolicySnapshot) throws -> PreparedQuery {
        if let known = prepared.withLock({ $0 }), known.snapshot === snapshot { return known.query }
        let query = try snapshot.prepare(path: path)
        prepared.withLock { $0 = (snapshot, query) }
        return query
    }
}
