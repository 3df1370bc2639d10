import HTTPTypes
import Web

/// What must be right about a `POST` before its body is looked at.
enum PostRules {
    static func refusal(_ head: HTTPRequest, bodyBytes: Int, _ limits: MCPLimits) -> EndpointAnswer? {
        guard bodyBytes <= limits.messageBytes else {
            return refused(.contentTooLarge, "a message has at most \(limits.messageBytes) bytes")
        }
        if let type = head.headerFields[.contentType], mediaType(type) != "application/json" {
            return refused(.unsupportedMediaType, "send the message as application/json")
        }
        guard accepts(head, "application/json"), accepts(head, "text/event-stream") else {
            return refused(.notAcceptable, "Accept must have application/json and text/event-stream")
        }
        return nil
    }

    static func accepts(_ head: HTTPRequest, _ type: String) -> Bool {
        guard let accept = head.headerFields[.accept] else { return true }
        return accept.split(separator: ",").contains { range in
            let range = mediaType(String(range))
            return range == type || range == "*/*" || range.hasSuffix("/*") && type.hasPrefix(range.dropLast())
        }
    }

    /// Without its parameters.
    private static func mediaType(_ value: String) -> String {
        let type = value.prefix { $0 != ";" }.lowercased()
        return String(type.drop { $0 == " " }.prefix { $0 != " " })
    }

    static func refused(_ status: HTTPResponse.Status, _ message: String) -> EndpointAnswer {
        .refusal(status, RPCError(code: RPCError.Code.refused, message: message))
    }
}
