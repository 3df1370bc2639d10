import HTTPTypes

/// What must be right about a `POST` before its body is looked at.
enum PostRules {
    static func refusal(_ head: HTTPRequest, bodyBytes: Int, _ limits: MCPLimits) -> EndpointAnswer? {
        guard bodyBytes <= limits.messageBytes else {
            return refused(.contentTooLarge, "a message has at most \(limits.messageBytes) bytes")
        }
        if let type = head.headerFields[.contentType],
            !mediaType(Substring(type).utf8).elementsEqual("application/json".utf8)
        {
            return refused(.unsupportedMediaType, "send the message as application/json")
        }
        guard accepts(head, "application/json"), accepts(head, "text/event-stream") else {
            return refused(.notAcceptable, "Accept must have application/json and text/event-stream")
        }
        return nil
    }

    static func accepts(_ head: HTTPRequest, _ type: String) -> Bool {
        guard let accept = head.headerFields[.accept] else { return true }
        return accept.utf8.split(separator: UInt8(ascii: ",")).contains { range in
            let range = mediaType(range)
            return range.elementsEqual(type.utf8) || range.elementsEqual("*/*".utf8)
                || range.suffix(2).elementsEqual("/*".utf8) && type.utf8.starts(with: range.dropLast())
        }
    }

    /// Without its parameters.
    private static func mediaType(_ value: Substring.UTF8View) -> Substring.UTF8View {
        var type = value.prefix { $0 != UInt8(ascii: ";") }.drop { $0 == UInt8(ascii: " ") }
        while type.last == UInt8(ascii: " ") { type.removeLast() }
        return type
    }

    static func refused(_ status: HTTPResponse.Status, _ message: String) -> EndpointAnswer {
        .refusal(status, RPCError(code: RPCError.Code.refused, message: message))
    }
}
