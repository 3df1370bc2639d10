import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Policy
import Rego

/// Any query: OPA's Query API.
struct QueryRoutes: Sendable {
    let rooms: Rooms
    let evaluation: OPAEvaluation

    var routes: [Route] {
        [
            .opa(.get, "/v1/query", operation: getOperation) { call in
                guard let text = call.query["q"] else {
                    throw GatehouseError("policy", .invalid, "missing parameter 'q'", hint: "give a query of Rego")
                }
                let input = try call.query["input"].map { try Call.value(Array($0.utf8), call.limits) }
                return try await answer(OPAQuestion(subject: .query(text), input: input), call)
            },
            .opa(.post, "/v1/query", operation: postOperation) { call in
                guard case .object(let body)? = try call.document(), let text = body["query"]?.text else {
                    throw GatehouseError("policy", .invalid, "missing required 'query' value in the body")
                }
                return try await answer(OPAQuestion(subject: .query(text), input: body["input"]), call)
            },
        ]
    }

    /// `result` is a list of what the query's variables can be; it is left out where nothing holds.
    private func answer(_ question: OPAQuestion, _ call: Call) async throws -> Response {
        let parameters = try OPAParameters(call)
        let outcome = try await evaluation.decide(question, parameters, call)
        var out = JSONObject()
        out["decision_id"] = .string(outcome.decisionID)
        if !outcome.results.values.isEmpty { out["result"] = .array(outcome.results.values.map(\.json)) }
        OPAExtras.add(to: &out, outcome, parameters, version: rooms.version)
        return .opa(.object(out), call, isPretty: parameters.isPretty)
    }

    private var getOperation: Operation {
        Operation(
            "getQuery", "policy", "Everything that makes a query hold. As OPA's.",
            query: [
                .init("q", Schema.string(), "the query: data.servers[i].ports[_] == \"p2\""),
                .init("input", Schema.string(), "the input, as JSON"),
            ] + OPAExtras.parameters, answers: [200: .json(OPAExtras.decision)])
    }

    private var postOperation: Operation {
        Operation(
            "askQuery", "policy", "Everything that makes a query hold, given an input. As OPA's.",
            query: OPAExtras.parameters,
            request: Schema.object(["query": Schema.string()], optional: ["input": Schema.anything]),
            answers: [200: .json(OPAExtras.decision)])
    }
}
