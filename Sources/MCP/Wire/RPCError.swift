public import JSON

/// The `error` member of a JSON-RPC answer, and what the parts of this room throw at each other: it says to the peer
/// what is wrong with what it sent, and holds nothing that the peer must not see.
public struct RPCError: Error, Sendable, Hashable {
    public var code: Int
    public var message: String
    public var data: JSON?

    public init(code: Int, message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The codes of JSON-RPC 2.0 (section 5.1) and those that MCP 2026-07-28 reserves.
    public enum Code {
        public static let parseError = -32700
        public static let invalidRequest = -32600
        public static let methodNotFound = -32601
        public static let invalidParams = -32602
        public static let internalError = -32603
        public static let headerMismatch = -32020
        public static let missingCapability = -32021
        public static let unsupportedVersion = -32022
        /// Before 2026-07-28 only; since then it is ``invalidParams``.
        public static let resourceNotFound = -32002
        /// 2025-11-25 only.
        public static let urlElicitationRequired = -32042
        /// Of the range that implementations took for themselves before MCP had codes: no such session.
        public static let sessionNotFound = -32001
        /// Of the same range: what the transport refuses before it looks at the message.
        public static let refused = -32000
    }
}

extension RPCError {
    public static func parseError(_ message: String) -> RPCError { RPCError(code: Code.parseError, message: message) }

    public static func invalidRequest(_ message: String) -> RPCError {
        RPCError(code: Code.invalidRequest, message: message)
    }

    public static func methodNotFound(_ method: String) -> RPCError {
        RPCError(code: Code.methodNotFound, message: "there is no method \(quoted(method)) here")
    }

    public static func invalidParams(_ message: String, data: JSON? = nil) -> RPCError {
        RPCError(code: Code.invalidParams, message: message, data: data)
    }

    /// - Parameter message: for the peer's eyes; what happened inside belongs in a log.
    public static func internalError(_ message: String = "the server failed on this request") -> RPCError {
        RPCError(code: Code.internalError, message: message)
    }

    public static func headerMismatch(_ message: String) -> RPCError {
        RPCError(code: Code.headerMismatch, message: message)
    }

    /// The request cannot be served without something that the client has not declared that it can do.
    public static func missingCapability(_ required: ClientCapabilities, _ message: String) -> RPCError {
        RPCError(
            code: Code.missingCapability, message: message, data: ["requiredCapabilities": required.json])
    }

    public static func unsupportedVersion(_ requested: String) -> RPCError {
        let supported = ProtocolVersion.supported.map { JSON($0.rawValue) }
        return RPCError(
            code: Code.unsupportedVersion, message: "protocol version \(quoted(requested)) is not spoken here",
            data: ["requested": JSON(String(requested.prefix(64))), "supported": .array(supported)])
    }

    /// - Parameter version: decides the code, which has changed.
    public static func resourceNotFound(_ uri: String, _ version: ProtocolVersion) -> RPCError {
        RPCError(
            code: version.isStateless ? Code.invalidParams : Code.resourceNotFound,
            message: "there is no resource \(quoted(uri))", data: ["uri": JSON(uri)])
    }

    /// A text of the peer's as part of a message: no longer than one wants to read.
    static func quoted(_ text: String) -> String {
        "\"\(text.prefix(100))\(text.utf8.count > 400 || text.count > 100 ? "…" : "")\""
    }
}

extension RPCError: CustomStringConvertible {
    public var description: String { "\(message) (\(code))" }
}

extension RPCError: MCPObject {
    public static let shape = Shape(
        "Error", .required("code", .integer), .required("message", .text), .optional("data", .any))

    public init(trusted json: JSON) {
        self.init(code: json["code"]?.int ?? 0, message: json["message"]?.string ?? "", data: json["data"])
    }

    public var json: JSON { .made(["code": JSON(code), "message": JSON(message), "data": data]) }
}
