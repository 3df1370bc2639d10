public import Core
import JSON
import Web

/// A failure as a client of a surface expects to be told it: HTTP status, headers and body, or the last event of a stream.
public struct DialectError: Sendable {
    public let error: GatehouseError
    public let surface: Surface

    public init(_ error: GatehouseError, surface: Surface) {
        self.error = error
        self.surface = surface
    }

    public var status: Int {
        switch error.code {
        case .invalid, .unsupported: 400
        case .unauthenticated: 401
        case .denied: 403
        case .notFound: 404
        case .conflict: 409
        case .tooLarge: 413
        case .exhausted: 429
        case .cancelled: 499
        case .timeout: 504
        case .unavailable: surface.isAnthropic ? 529 : 503
        case .corrupt, .internal: 500
        }
    }

    /// Both vendors' clients try again by themselves, after statuses that they know, unless this header forbids it.
    public var headers: [(name: String, value: String)] {
        [("content-type", "application/json"), ("x-should-retry", mayWorkLater ? "true" : "false")]
    }

    public var body: [UInt8] {
        var writer = JSONWriter()
        surface.isAnthropic ? writeAnthropic(&writer) : writeOpenAI(&writer)
        return writer.bytes
    }

    /// What ends a stream that has begun: one event, complete with its blank line.
    public var streamEvent: [UInt8] {
        if surface == .openAIResponses {
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("type")
            writer.string("error")
            writeFields(&writer)
            writer.key("sequence_number")
            writer.int(0)
            writer.endObject()
            return [UInt8]("event: error\ndata: ".utf8) + writer.bytes + [LineEnd.feed, LineEnd.feed]
        }
        let name = surface.isAnthropic ? "event: error\n" : ""
        return [UInt8]("\(name)data: ".utf8) + body + [LineEnd.feed, LineEnd.feed]
    }

    /// Clients wait a minute at most.
    private var mayWorkLater: Bool {
        switch error.code {
        case .timeout, .unavailable: true
        case .exhausted: error.retryAfter.map { $0 <= .seconds(60) } ?? false
        default: false
        }
    }

    private var message: String { error.hint.map { "\(error.message); \($0)" } ?? error.message }

    private func writeAnthropic(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string("error")
        writer.key("error")
        writer.beginObject()
        writer.key("type")
        writer.string(anthropicType)
        writer.key("message")
        writer.string(message)
        writer.endObject()
        writer.endObject()
    }

    private func writeOpenAI(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("type")
        writer.string(openAIType)
        writeFields(&writer)
        writer.endObject()
        writer.endObject()
    }

    private func writeFields(_ writer: inout JSONWriter) {
        writer.key("code")
        writer.string(openAICode)
        writer.key("message")
        writer.string(message)
        writer.key("param")
        writer.null()
    }

    private var anthropicType: String {
        switch error.code {
        case .invalid, .unsupported, .conflict: "invalid_request_error"
        case .unauthenticated: "authentication_error"
        case .denied: "permission_error"
        case .notFound: "not_found_error"
        case .tooLarge: "request_too_large"
        case .exhausted: "rate_limit_error"
        case .timeout: "timeout_error"
        case .unavailable: "overloaded_error"
        case .cancelled, .corrupt, .internal: "api_error"
        }
    }

    private var openAIType: String {
        switch error.code {
        case .invalid, .unsupported, .conflict, .notFound, .tooLarge, .unauthenticated, .denied: "invalid_request_error"
        case .exhausted: "rate_limit_error"
        case .cancelled, .timeout, .unavailable, .corrupt, .internal: "server_error"
        }
    }

    private var openAICode: String {
        switch error.code {
        case .unauthenticated: "invalid_api_key"
        case .notFound: "model_not_found"
        case .exhausted: "rate_limit_exceeded"
        default: error.code.rawValue
        }
    }
}
