import Core
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore

extension Response {
    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        bytes(JSONText.bytes(of: value), type: "application/json", status: status)
    }

    static func html(_ page: String, status: HTTPResponse.Status = .ok) -> Response {
        var response = bytes(Array(page.utf8), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] = SecurityHeaders.pagePolicy
        return response
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        bytes(Array(text.utf8), type: type)
    }

    static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// After a form: the browser fetches the page that shows what came of it.
    static func seeOther(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

    static let noContent = Response(status: .noContent)
}

/// The one shape of an error on the wire.
enum ErrorBody {
    static func json(of error: GatehouseError, requestID: String?) -> JSON {
        var fields: JSONObject = [
            "domain": .string(error.domain), "code": .string(error.code.rawValue), "message": .string(error.message),
        ]
        if let cause = error.cause { fields["cause"] = .string(cause) }
        if let hint = error.hint { fields["hint"] = .string(hint) }
        if let requestID { fields["request_id"] = .string(requestID) }
        return ["error": .object(fields)]
    }

    static func bytes(of error: GatehouseError, requestID: String?) -> [UInt8] {
        JSONText.bytes(of: json(of: error, requestID: requestID))
    }
}

extension GatehouseError.Code {
    /// The one place where an error becomes a status.
    var status: HTTPResponse.Status {
        switch self {
        case .invalid: .badRequest
        case .unauthenticated: .unauthorized
        case .denied: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .exhausted: .tooManyRequests
        case .tooLarge: .contentTooLarge
        case .cancelled: .init(code: 499, reasonPhrase: "Cancelled")
        case .timeout: .gatewayTimeout
        case .unavailable: .serviceUnavailable
        case .corrupt, .internal: .internalServerError
        case .unsupported: .unprocessableContent
        }
    }
}

extension GatehouseError {
    /// What a caller is told: an error of an unknown type is a fault of ours, and its words stay in the log.
    static func shown(_ error: any Error) -> GatehouseError {
        switch error {
        case let error as GatehouseError: error
        case is CancellationError:
            GatehouseError("http", .unavailable, "the server is stopping", hint: "try again shortly")
        default:
            GatehouseError(
                "http", .internal, "something went wrong here", hint: "look for the request id in the server's log")
        }
    }

    /// What `Retry-After` says. Nil where coming again is of no use, or nobody knows when.
    var retrySeconds: String? {
        switch code {
        case .exhausted: retryAfter.map { String($0.secondsToWait) }
        case .unavailable: String((retryAfter ?? .seconds(5)).secondsToWait)
        default: nil
        }
    }

    func response(requestID: String) -> Response {
        var response = Response.json(ErrorBody.json(of: self, requestID: requestID), status: code.status)
        if code == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer realm=\"gatehouse\"" }
        response.headers[.retryAfter] = retrySeconds
        return response
    }
}
