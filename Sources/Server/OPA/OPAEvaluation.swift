import Core
import Gate
import JSON
import Ledger
import Policy
import Rego
import Synchronization

/// What is asked of the policy in force.
struct OPAQuestion: Sendable {
    enum Subject: Sendable {
        /// Below `data`.
        case document([String])
        case query(String)
    }

    var subject: Subject
    var input: RegoValue?
    /// What it took to read the input, in nanoseconds.
    var parseTime = 0
}

/// A query of which not everything is known.
struct PartialQuestion: Sendable {
    var query: String
    var input: RegoValue?
    var unknowns = ["input"]
    var options = PartialOptions()
}

/// What became of it.
struct OPAOutcome: Sendable {
    let decisionID: String
    let snapshot: PolicySnapshot
    let results: ResultSet
    /// OPA's names, with nanoseconds.
    var metrics: [String: Int]
    /// Where it was asked for.
    var trace: Trace?
}

/// Evaluates what is asked over HTTP, bounded, away from the threads that serve others, and logs every decision.
struct OPAEvaluation: Sendable {
    let rooms: Rooms
    let policy: HousePolicy

    /// - Throws: `RegoErrors`, `EvaluationError`; `unavailable` when it cannot be recorded.
    func decide(_ question: OPAQuestion, _ parameters: OPAParameters, _ call: Call) async throws -> OPAOutcome {
        let begun = ContinuousClock.now
        let snapshot = policy.store.current
        let asked: DecisionEvent.Question =
            switch question.subject {
            case .document(let path): .path(path.joined(separator: "/"))
            case .query(let text): .query(text)
            }
        let event = makeEvent(asked, question.input, snapshot, call)
        return try await logging(event, snapshot) { event in
            let tracer = parameters.explain.map { Tracer($0, limits: Self.traceLimits) }
            var (results, metrics) = try await evaluate(question, parameters, snapshot, tracer)
            metrics["timer_rego_input_parse_ns"] = question.parseTime
            metrics["timer_server_handler_ns"] = question.parseTime + (ContinuousClock.now - begun).nanoseconds
            event.result = Self.result(of: results, question.subject)
            event.metrics = metrics
            return OPAOutcome(
                decisionID: event.decisionID, snapshot: snapshot, results: results, metrics: metrics,
                trace: tracer?.trace)
        }
    }

    /// What is left of a query, as OPA's syntax tree, and the time that took in nanoseconds.
    ///
    /// - Throws: as ``decide(_:_:_:)``.
    func compile(_ question: PartialQuestion, _ call: Call) async throws -> (left: RegoValue, time: Int) {
        let snapshot = policy.store.current
        var event = makeEvent(.query(question.query), question.input, snapshot, call)
        event.custom["api"] = "compile"
        event.custom["unknowns"] = question.unknowns.joined(separator: ", ")
        return try await logging(event, snapshot) { event in
            let begun = ContinuousClock.now
            let left = try await PolicyThreads.computing.run {
                try PartialEvaluator(snapshot.compiler).evaluate(
                    query: question.query, unknowns: question.unknowns, input: question.input, data: snapshot.data,
                    options: question.options
                ).syntaxTree
            }
            let time = (ContinuousClock.now - begun).nanoseconds
            event.result = left
            event.metrics = ["timer_rego_partial_eval_ns": time]
            return (left, time)
        }
    }

    // MARK: Evaluating

    private static let traceLimits: TraceLimits = {
        var limits = TraceLimits()
        limits.events = 10_000
        limits.bytes = 4 << 20
        return limits
    }()

    private func evaluate(
        _ question: OPAQuestion, _ parameters: OPAParameters, _ snapshot: PolicySnapshot, _ tracer: Tracer?
    ) async throws -> (ResultSet, [String: Int]) {
        var options = EvaluationOptions()
        options.limits = policy.settings.api.limits
        options.isStrict = parameters.isStrict
        let cancelled = CancelFlag()
        options.isCancelled = { cancelled.isSet }
        options.tracer = tracer
        options.http = policy.requests
        let ready = options
        return try await withTaskCancellationHandler {
            let (query, done) = try await PolicyThreads.computing.run {
                let query = try prepare(question, snapshot, ready)
                return (query, query.query.sendsRequests ? nil : try run(query, question, snapshot, ready))
            }
            if let done { return done }
            return try await policy.requests.run { try run(query, question, snapshot, ready) }
        } onCancel: {
            cancelled.set()
        }
    }

    /// A query, and what it took to compile it, in nanoseconds.
    private struct Prepared: Sendable {
        let query: PreparedQuery
        let time: Int
    }

    private func prepare(
        _ question: OPAQuestion, _ snapshot: PolicySnapshot, _ options: EvaluationOptions
    ) throws -> Prepared {
        let begun = ContinuousClock.now
        let query =
            switch (question.subject, options.tracer) {
            case (.document(let path), nil): try snapshot.prepare(path: path)
            case (.document(let path), _): try snapshot.prepareObserved(path: path)
            case (.query(let text), nil): try snapshot.prepare(query: text)
            case (.query(let text), _): try snapshot.prepareObserved(query: text)
            }
        return Prepared(query: query, time: (ContinuousClock.now - begun).nanoseconds)
    }

    private func run(
        _ prepared: Prepared, _ question: OPAQuestion, _ snapshot: PolicySnapshot, _ options: EvaluationOptions
    ) throws -> (ResultSet, [String: Int]) {
        let begun = ContinuousClock.now
        let results = try prepared.query.evaluate(input: question.input, data: snapshot.data, options: options)
        let time = (ContinuousClock.now - begun).nanoseconds
        policy.metrics.evaluation.observe(Double(time) / 1e9)
        return (
            results,
            ["timer_rego_query_compile_ns": prepared.time, "timer_rego_query_eval_ns": time]
        )
    }

    /// The document, or the bindings of a query.
    private static func result(of results: ResultSet, _ subject: OPAQuestion.Subject) -> RegoValue? {
        switch subject {
        case .document: results.value
        case .query: results.values.isEmpty ? nil : .array(RegoArray(results.values))
        }
    }

    // MARK: Recording

    private func makeEvent(
        _ asked: DecisionEvent.Question, _ input: RegoValue?, _ snapshot: PolicySnapshot, _ call: Call
    ) -> DecisionEvent {
        let time = rooms.clock.now()
        var event = DecisionEvent(decisionID: Identifier.make("dec", at: time), question: asked, timestamp: time)
        event.labels = policy.labels
        event.bundles = snapshot.revisions
        event.input = input
        if call.peer.isLocalUser { event.requestedBy = call.peer.name }
        event.requestID = policy.nextRequest()
        event.custom = ["request_id": call.id, "policy": snapshot.revision]
        event.custom["principal"] = call.identity?.principal.id
        return event
    }

    /// Does what the event tells of, which says in it what came out; an evaluation that fails is told as well.
    private func logging<Answer>(
        _ event: DecisionEvent, _ snapshot: PolicySnapshot, _ work: (inout DecisionEvent) async throws -> Answer
    ) async throws -> Answer {
        var event = event
        let answer: Answer
        do { answer = try await work(&event) } catch let error as EvaluationError {
            policy.metrics.decisions.add(1, ["error"])
            event.error = ["code": RegoValue(error.code.rawValue), "message": RegoValue(error.message)]
            try await record(event, snapshot)
            throw error
        }
        policy.metrics.decisions.add(1, [event.result == nil ? "undefined" : "defined"])
        try await record(event, snapshot)
        return answer
    }

    /// Nothing is answered that is not recorded.
    private func record(_ event: DecisionEvent, _ snapshot: PolicySnapshot) async throws {
        guard let masked = policy.log.masked(event, by: snapshot) else { return }
        let settings = policy.settings.api
        if settings.upload != nil { policy.log.add(masked) }
        guard settings.recordsQueries else { return }
        do {
            try await rooms.ledger.append(DecisionEntry.payload(of: masked), durability: .written)
        } catch {
            throw GatehouseError(
                "policy", .unavailable, "the ledger does not take the record, and nothing goes unrecorded", from: error,
                hint: "see what the ledger reports, then ask again")
        }
    }
}

/// A decision as an entry of the ledger.
enum DecisionEntry {
    /// Larger ones are entered without input and result.
    static let bytes = 64 << 10

    static func payload(of event: DecisionEvent) -> [UInt8] {
        let whole = payload(event.json)
        guard whole.count > bytes else { return whole }
        var event = event
        event.custom["left_out"] = "input and result: the event has \(whole.count) bytes"
        event.input = nil
        event.result = nil
        return payload(event.json)
    }

    private static func payload(_ event: JSON) -> [UInt8] {
        var writer = JSONWriter(reserving: 640)
        writer.beginObject()
        writer.key("v")
        writer.int(1)
        writer.key("type")
        writer.string("decision_log")
        writer.key("event")
        writer.value(event)
        writer.endObject()
        return writer.take()
    }
}

/// Set once, from any thread.
private final class CancelFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

extension Duration {
    var nanoseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1_000_000_000 &+ Int(clamping: attoseconds / 1_000_000_000)
    }
}
