public import HTTPTypes
import JSON

/// How the endpoint answers one HTTP request, for whatever HTTP library carries it.
public struct EndpointAnswer: Sendable {
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// To be written piece by piece as they come, each at once. Whoever stops reading before its end lets go of it.
        case stream(EventBody)
    }

    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: Body

    static func json(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> EndpointAnswer {
        var headers = headers
        headers[.contentType] = "application/json"
        return EndpointAnswer(status: status, headers: headers, body: .bytes(bytes))
    }

    static func message(_ message: Message, status: HTTPResponse.Status = .ok) -> EndpointAnswer {
        json(message.encoded(), status: status)
    }

    static func refusal(
        _ status: HTTPResponse.Status, _ error: RPCError, id: RequestID? = nil, headers: HTTPFields = [:]
    ) -> EndpointAnswer {
        json(Message.error(id: id, error).encoded(), status: status, headers: headers)
    }

    static func events(_ body: EventBody) -> EndpointAnswer {
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-cache"]
        // Proxies that gather answers before they pass them on are told not to.
        headers[FieldName.accelBuffering] = "no"
        return EndpointAnswer(status: .ok, headers: headers, body: .stream(body))
    }

    static let accepted = EndpointAnswer(status: .accepted, headers: [:], body: .none)
}

/// The protocol's own header fields.
enum FieldName {
    static let protocolVersion = HTTPField.Name("MCP-Protocol-Version")
    static let sessionID = HTTPField.Name("Mcp-Session-Id")
    static let method = HTTPField.Name("Mcp-Method")
    static let name = HTTPField.Name("Mcp-Name")
    static let lastEventID = HTTPField.Name("Last-Event-ID")
    static let accelBuffering = HTTPField.Name("X-Accel-Buffering")
}

extension HTTPFields {
    /// The value without white space around it (RFC 9110 section 5.5).
    subscript(_ name: HTTPField.Name?) -> String? {
        get {
            guard let name, let value = self[name] else { return nil }
            func isSpace(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
            guard isSpace(value.utf8.first) || isSpace(value.utf8.last) else { return value }
            var trimmed = Substring(value)
            while isSpace(trimmed.utf8.first) { trimmed.removeFirst() }
            while isSpace(trimmed.utf8.last) { trimmed.removeLast() }
            return String(trimmed)
        }
        set {
            guard let name else { return }
            self[name] = newValue
        }
    }
}
