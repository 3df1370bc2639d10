import Core
import Gate
import HTTPTypes
import JSON
import Logging

/// One request, read whole and checked, on its way to its handler.
struct Call: Sendable {
    let id: String
    let method: HTTPRequest.Method
    let path: String
    let headers: HTTPFields
    let query: FormValues
    let body: [UInt8]
    let peer: Peer
    let limits: HTTPLimits
    var logger: Logger
    /// What `{name}` in the route's path stood for.
    var parameters: [String: String] = [:]
    /// The segments, decoded, for which `{name...}` at its end stood.
    var rest: [String] = []
    var identity: CallIdentity?
    /// For an answer that begins before its handler has ended; nil where there is none.
    var wire: Wire?

    /// Who asks. Routes that ask for a principal are not called without one.
    /// - Throws: `unauthenticated`.
    func principal() throws -> Principal {
        guard let identity else { throw Self.unauthenticated }
        return identity.principal
    }

    static let unauthenticated = GatehouseError(
        "http", .unauthenticated, "this needs credentials",
        hint: "send Authorization: Bearer KEY, or use the unix socket in the data folder")

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as a JSON object; an empty body is an empty object.
    /// - Throws: `invalid`, `unsupported` when it is not declared as JSON.
    func json() throws -> JSON {
        if body.isEmpty { return [:] }
        guard mediaType == "application/json" else {
            throw GatehouseError(
                "http", .unsupported, "the body must be JSON", hint: "send Content-Type: application/json")
        }
        let value = try JSONText.parse(body, limits: limits)
        guard value.object != nil else { throw GatehouseError("http", .invalid, "the body must be a JSON object") }
        return value
    }

    /// The body as a form.
    func form() throws -> FormValues {
        guard mediaType == "application/x-www-form-urlencoded" || body.isEmpty else {
            throw GatehouseError("http", .unsupported, "the body must be a form")
        }
        guard let text = String(validating: body, as: UTF8.self), let form = FormValues(parsing: text) else {
            throw GatehouseError("http", .invalid, "the form cannot be read")
        }
        return form
    }

    /// A whole number from the query.
    func number(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = query[name] else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw GatehouseError(
                "http", .invalid,
                "query parameter '\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    var accepts: String { headers[.accept]?.lowercased() ?? "" }

    private var mediaType: String {
        let declared = headers[.contentType] ?? ""
        return declared.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    }
}

/// Who asks, and by what means: a cookie is sent by the browser unasked and needs a token besides.
struct CallIdentity: Sendable {
    enum Means: String, Sendable {
        case key, token
        case localUser = "local_user"
        case cookie
    }

    let principal: Principal
    let means: Means
    /// Of the console sign-in, when that is the means.
    var cookie: Secret?
}
