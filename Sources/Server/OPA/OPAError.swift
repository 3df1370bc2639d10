import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import Rego

/// Errors in the shape that clients of OPA know: `code`, `message`, `errors` with places.
enum OPAError {
    /// Whether what is called is of OPA's API, whose errors look like this.
    static func speaks(to call: Call) -> Bool {
        call.path.hasPrefix("/v1/") && call.path != CouncilRoutes.path || call.path.hasPrefix("/v0/")
            || call.path == "/health" || call.path == "/" && call.method == .post
    }

    static func response(to error: any Error, _ call: Call) -> Response {
        switch error {
        case let errors as RegoErrors: return response(compiling: errors)
        case let error as EvaluationError: return response(evaluating: error)
        case let undefined as OPAUndefined: return undefined.response
        default: return response(for: GatehouseError.shown(error), call)
        }
    }

    static func response(compiling errors: RegoErrors) -> Response {
        let isParse = errors.errors.allSatisfy { $0.code == .parse }
        let isQuery = errors.errors.allSatisfy { $0.file.hasPrefix("<query") }
        let what = isParse ? "parsing" : "compiling"
        return body(
            "invalid_parameter", "error(s) occurred while \(what) \(isQuery ? "query" : "module(s)")",
            .badRequest, errors.errors.map(Self.json))
    }

    static func response(evaluating error: EvaluationError) -> Response {
        let status: HTTPResponse.Status = error.code == .cancelled ? .gatewayTimeout : .internalServerError
        return body("internal_error", "error(s) occurred while evaluating query", status, [json(of: error)])
    }

    static func json(of error: EvaluationError) -> JSON {
        var out: JSONObject = ["code": .string(error.code.rawValue), "message": .string(error.message)]
        if let place = error.place { out["location"] = location(place) }
        return .object(out)
    }

    private static func response(for error: GatehouseError, _ call: Call) -> Response {
        if error.code == .internal || error.code == .corrupt {
            call.logger.error("request failed", metadata: ["path": .string(call.path), "error": "\(error)"])
        }
        var message = error.message
        if let cause = error.cause { message += ": \(cause)" }
        if let hint = error.hint { message += " (\(hint))" }
        var response = body(code(of: error.code), message, status(of: error.code), [])
        if error.code == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer realm=\"gatehouse\"" }
        response.headers[.retryAfter] = error.retrySeconds
        return response
    }

    private static func code(of code: GatehouseError.Code) -> String {
        switch code {
        case .invalid, .conflict, .tooLarge, .unsupported: "invalid_parameter"
        case .unauthenticated, .denied: "unauthorized"
        case .notFound: "resource_not_found"
        case .exhausted: "too_many_requests"
        case .cancelled, .timeout, .unavailable, .corrupt, .internal: "internal_error"
        }
    }

    /// Policy or data that does not go together with what is there is a bad request, as OPA has it.
    private static func status(of code: GatehouseError.Code) -> HTTPResponse.Status {
        code == .conflict || code == .unsupported ? .badRequest : code.status
    }

    private static func body(_ code: String, _ message: String, _ status: HTTPResponse.Status, _ errors: [JSON])
        -> Response
    {
        var out: JSONObject = ["code": .string(code), "message": .string(message)]
        if !errors.isEmpty { out["errors"] = .array(errors) }
        return .json(.object(out), status: status)
    }

    static func json(_ error: RegoError) -> JSON {
        [
            "code": .string(error.code.rawValue), "message": .string(error.message),
            "location": [
                "file": .string(error.file), "row": .number(JSONNumber(error.row)),
                "col": .number(JSONNumber(error.column)),
            ], "details": ["line": .string(error.line)],
        ]
    }

    /// From `policy.rego:12:3`.
    private static func location(_ place: String) -> JSON {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3, let row = Int(parts[parts.count - 2]), let column = Int(parts[parts.count - 1]) else {
            return ["file": .string(place)]
        }
        return [
            "file": .string(parts.dropLast(2).joined(separator: ":")), "row": .number(JSONNumber(row)),
            "col": .number(JSONNumber(column)),
        ]
    }
}

/// A document that must be there and is not: 404, where the answer has no place for saying so otherwise.
struct OPAUndefined: Error {
    let path: [String]

    var response: Response {
        let name = (["data"] + path).joined(separator: ".")
        return .json(
            ["code": "undefined_document", "message": .string("document missing or undefined: \(name)")],
            status: .notFound)
    }
}
