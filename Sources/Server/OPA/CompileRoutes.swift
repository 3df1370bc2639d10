import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Policy
import Rego

/// What is left of a query when not everything is known: OPA's Compile API.
struct CompileRoutes: Sendable {
    let rooms: Rooms
    let policy: HousePolicy
    let evaluation: OPAEvaluation

    var routes: [Route] { [.opa(.post, "/v1/compile", operation: operation, handler: compile)] }

    private func compile(_ call: Call) async throws -> Response {
        let parameters = try OPAParameters(call)
        let (left, time) = try await evaluation.compile(try read(call), call)
        var out: JSONObject = ["result": left.json]
        if parameters.wantsMetrics { out["metrics"] = ["timer_rego_partial_eval_ns": .number(JSONNumber(time))] }
        return .opa(.object(out), call, isPretty: parameters.isPretty)
    }

    private func read(_ call: Call) throws -> PartialQuestion {
        guard case .object(let body)? = try call.document(), let query = body["query"]?.text else {
            throw GatehouseError("policy", .invalid, "missing required 'query' value in the body")
        }
        var request = PartialQuestion(query: query, input: body["input"])
        if let unknowns = body["unknowns"] { request.unknowns = try Self.texts(unknowns, "unknowns") }
        if let options = body["options"]?.object {
            if let names = options["disableInlining"] {
                request.options.disableInlining = try Self.texts(names, "options.disableInlining")
            }
            if case .bool(let flag)? = options["nondeterminsticBuiltins"] {
                request.options.evaluatesNondeterministic = flag
            }
        }
        request.options.limits.time = policy.settings.api.limits.time
        request.options.evaluation.limits = policy.settings.api.limits
        return request
    }

    private static func texts(_ value: RegoValue, _ name: String) throws -> [String] {
        let texts = value.array?.compactMap(\.text) ?? []
        guard let array = value.array, texts.count == array.count else {
            throw GatehouseError("policy", .invalid, "'\(name)' must be a list of texts")
        }
        return texts
    }

    private var operation: Operation {
        Operation(
            "compileQuery", "policy",
            "What is left of a query when `unknowns` are not known: queries, and rules that these use. As OPA's.",
            query: [OPAExtras.pretty, .init("metrics", Schema.string(), "whether to say what it took")],
            request: Schema.object(
                ["query": Schema.string()],
                optional: [
                    "input": Schema.anything, "unknowns": Schema.list(of: Schema.string()),
                    "options": Schema.anyObject,
                ]),
            answers: [200: .json(Schema.object(["result": Schema.anyObject], optional: ["metrics": Schema.anyObject]))])
    }
}
