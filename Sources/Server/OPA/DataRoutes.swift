import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Policy
import Rego

/// Asking for documents: OPA's Data API.
struct DataRoutes: Sendable {
    let rooms: Rooms
    let policy: HousePolicy
    let evaluation: OPAEvaluation

    static let defaultDecision = ["system", "main"]

    var routes: [Route] {
        [
            Route.opa(.get, "/v1/data", operation: getOperation("getData")) { try await get($0) },
            Route.opa(.get, "/v1/data/{path...}", operation: getOperation("getDataAt")) { try await get($0) },
            Route.opa(.post, "/v1/data", operation: askOperation("askData")) { try await ask($0) },
            Route.opa(.post, "/v1/data/{path...}", operation: askOperation("askDataAt")) { try await ask($0) },
            Route.opa(.post, "/v0/data", operation: bareOperation("askBare")) { try await bare($0, $0.rest) },
            Route.opa(.post, "/v0/data/{path...}", operation: bareOperation("askBareAt")) {
                try await bare($0, $0.rest)
            },
            Route.opa(.post, "/", operation: bareOperation("askDefault")) { try await bare($0, Self.defaultDecision) },
        ]
    }

    /// The input comes in the query string.
    private func get(_ call: Call) async throws -> Response {
        let begun = ContinuousClock.now
        var question = OPAQuestion(subject: .document(call.rest))
        question.input = try call.query["input"].map { try Call.value(Array($0.utf8), call.limits) }
        question.parseTime = (ContinuousClock.now - begun).nanoseconds
        return try await answer(question, call, warning: nil)
    }

    /// The input is the body's member `input`.
    private func ask(_ call: Call) async throws -> Response {
        let begun = ContinuousClock.now
        var question = OPAQuestion(subject: .document(call.rest))
        if let body = try call.document() {
            guard case .object(let object) = body else {
                throw GatehouseError("policy", .invalid, "body contains malformed input document: it is no object")
            }
            question.input = object["input"]
        }
        question.parseTime = (ContinuousClock.now - begun).nanoseconds
        let warning: JSON? =
            question.input == nil
            ? ["code": "api_usage_warning", "message": "'input' key missing from the request"] : nil
        return try await answer(question, call, warning: warning)
    }

    private func answer(_ question: OPAQuestion, _ call: Call, warning: JSON?) async throws -> Response {
        let parameters = try OPAParameters(call)
        let outcome = try await evaluation.decide(question, parameters, call)
        var out = JSONObject()
        out["decision_id"] = .string(outcome.decisionID)
        if let value = outcome.results.value { out["result"] = value.json }
        OPAExtras.add(to: &out, outcome, parameters, version: rooms.version)
        if let warning { out["warning"] = warning }
        return .opa(.object(out), call, isPretty: parameters.isPretty)
    }

    /// The body is the input, the answer the bare document.
    private func bare(_ call: Call, _ path: [String]) async throws -> Response {
        let begun = ContinuousClock.now
        var question = OPAQuestion(subject: .document(path))
        question.input = try call.document()
        question.parseTime = (ContinuousClock.now - begun).nanoseconds
        let parameters = try OPAParameters(call)
        let outcome = try await evaluation.decide(question, parameters, call)
        guard let value = outcome.results.value else { throw OPAUndefined(path: path) }
        return .opa(value.json, call, isPretty: parameters.isPretty)
    }

    private func getOperation(_ id: String) -> Operation {
        Operation(
            id, "policy", "The document at a path below `data`: rules and data alike. As OPA's.",
            query: [.init("input", Schema.string(), "the input, as JSON")] + OPAExtras.parameters,
            answers: [200: .json(OPAExtras.decision)])
    }

    private func askOperation(_ id: String) -> Operation {
        Operation(
            id, "policy", "The document at a path below `data`, given an input. As OPA's.",
            query: OPAExtras.parameters, request: Schema.object([:], optional: ["input": Schema.anything]),
            answers: [200: .json(OPAExtras.decision)])
    }

    private func bareOperation(_ id: String) -> Operation {
        Operation(
            id, "policy", "The bare document for the input that the body is; 404 where it is undefined. As OPA's.",
            query: [OPAExtras.pretty], request: Schema.anything, answers: [200: .json(Schema.anything)])
    }
}

/// What answers carry beside the result, where it is asked for.
enum OPAExtras {
    static func add(
        to out: inout JSONObject, _ outcome: OPAOutcome, _ parameters: OPAParameters, version: String
    ) {
        if parameters.wantsProvenance { out["provenance"] = provenance(outcome.snapshot, version: version) }
        if let trace = outcome.trace {
            out["explanation"] =
                parameters.isPretty ? .array(trace.lines().map { .string($0) }) : trace.json
        }
        if parameters.wantsMetrics {
            out["metrics"] = .object(
                JSONObject(outcome.metrics.sorted { $0.key < $1.key }.map { ($0.key, .number(JSONNumber($0.value))) }))
        }
    }

    private static func provenance(_ snapshot: PolicySnapshot, version: String) -> JSON {
        let bundles = snapshot.revisions.sorted { $0.key < $1.key }.map { name, revision in
            (name, ["revision": .string(revision)] as JSON)
        }
        return [
            "version": .string(version), "revision": .string(snapshot.revision),
            "bundles": .object(JSONObject(bundles)),
        ]
    }

    static let pretty = Operation.Parameter("pretty", Schema.string(), "whether the answer is indented")
    static let parameters = [
        pretty, Operation.Parameter("provenance", Schema.string(), "whether to say which policy decided"),
        Operation.Parameter(
            "explain", Schema.choice(TraceDetail.allCases.map(\.rawValue)),
            "how much to tell of the evaluation; in lines of text where the answer is pretty"),
        Operation.Parameter("metrics", Schema.string(), "whether to say what it took"),
        Operation.Parameter("instrument", Schema.string(), "as metrics"),
        Operation.Parameter("strict-builtin-errors", Schema.string(), "whether a builtin's error is an error"),
    ]

    static let decision = Schema.object(
        ["decision_id": Schema.string("finds it in the decision log")],
        optional: [
            "result": Schema.anything, "metrics": Schema.anyObject, "provenance": Schema.anyObject,
            "explanation": Schema.anything, "warning": Schema.anyObject,
        ])
}

extension Route {
    /// A route of OPA's API: for any principal, with errors in OPA's shape.
    static func opa(
        _ method: HTTPRequest.Method, _ path: String, operation: Operation, access: Access = .principal,
        unhurried: Bool = false, handler: @escaping @Sendable (Call) async throws -> Response
    ) -> Route {
        var operation = operation
        operation.errors = "PolicyError"
        return Route(method, path, access: access, unhurried: unhurried, operation: operation) { call in
            do {
                if case .principal = access { try demandRole(of: call) }
                return try await handler(call)
            } catch {
                return OPAError.response(to: error, call)
            }
        }
    }

    private static func demandRole(of call: Call) throws {
        guard try !call.principal().roles.isEmpty else {
            throw GatehouseError(
                "policy", .denied, "policy is asked by principals with a role", hint: "ask an admin to give you one")
        }
    }
}
