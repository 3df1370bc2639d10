public import JSON

/// One message of JSON-RPC 2.0 as MCP uses it: `params` and `result` are objects, an id is never null, and there are
/// no batches (they were dropped in 2025-06-18).
public enum Message: Sendable, Hashable {
    case request(id: RequestID, method: String, params: JSON?)
    case notification(method: String, params: JSON?)
    case result(id: RequestID, JSON)
    /// `id` is nil where the request's could not be read.
    case error(id: RequestID?, RPCError)
}

extension Message {
    /// Throws ``RPCError/Code/parseError`` for what is no JSON, ``RPCError/Code/invalidRequest`` for what is no
    /// message.
    public init(parsing bytes: [UInt8], limits: MCPLimits = MCPLimits()) throws(RPCError) {
        try self.init(json: Self.read(bytes, limits), limits: limits)
    }

    private static func read(_ bytes: [UInt8], _ limits: MCPLimits) throws(RPCError) -> JSON {
        do {
            return try JSON.parse(bytes, limits: limits.json)
        } catch {
            throw error.code == .tooLarge
                ? .invalidRequest("the message passes a limit: \(error)") : .parseError("no JSON: \(error)")
        }
    }

    public init(json: JSON, limits: MCPLimits = MCPLimits()) throws(RPCError) {
        guard case .object(let object) = json else {
            throw .invalidRequest(
                json.kind == .array ? "a batch; this protocol has none: send each message by itself" : "not an object")
        }
        guard object["jsonrpc"]?.string == "2.0" else { throw .invalidRequest("jsonrpc must be \"2.0\"") }
        if let method = object["method"] {
            self = try Self.call(method, object, limits)
        } else {
            self = try Self.answer(object, limits)
        }
    }

    private static func call(
        _ method: JSON, _ object: JSONObject, _ limits: MCPLimits
    ) throws(RPCError) -> Message {
        guard let method = method.string, !method.isEmpty, method.utf8.count <= limits.nameBytes else {
            throw .invalidRequest("method must be a text of 1 to \(limits.nameBytes) bytes")
        }
        let params = object["params"]
        guard params?.kind ?? .object == .object else { throw .invalidRequest("params must be an object") }
        guard object["result"] == nil, object["error"] == nil else {
            throw .invalidRequest("a message is a request or an answer, not both")
        }
        guard let id = object["id"] else { return .notification(method: method, params: params) }
        return .request(id: try Self.id(id, limits), method: method, params: params)
    }

    private static func answer(_ object: JSONObject, _ limits: MCPLimits) throws(RPCError) -> Message {
        if let error = object["error"] {
            guard object["result"] == nil else { throw .invalidRequest("an answer has a result or an error, not both") }
            if let problem = RPCError.shape.problem(in: error) { throw .invalidRequest("error\(problem)") }
            let id = object["id"].flatMap { $0.isNull ? nil : $0 }
            return .error(id: try id.map { id throws(RPCError) in try Self.id(id, limits) }, RPCError(trusted: error))
        }
        guard let result = object["result"] else { throw .invalidRequest("neither method, result nor error") }
        guard result.kind == .object else { throw .invalidRequest("result must be an object") }
        guard let id = object["id"] else { throw .invalidRequest("a result without an id") }
        return .result(id: try Self.id(id, limits), result)
    }

    private static func id(_ json: JSON, _ limits: MCPLimits) throws(RPCError) -> RequestID {
        guard let id = RequestID(json) else { throw .invalidRequest("id must be a text or an integer of 64 bits") }
        if case .string(let text) = id, text.utf8.count > limits.idBytes {
            throw .invalidRequest("id is longer than \(limits.idBytes) bytes")
        }
        return id
    }

    /// The id of a request that is not well formed, for the answer that says so; nil when it cannot be told.
    static func id(inRefused bytes: [UInt8], _ limits: MCPLimits) -> RequestID? {
        guard let json = try? JSON.parse(bytes, limits: limits.json), json["method"] != nil, let id = json["id"] else {
            return nil
        }
        return try? Self.id(id, limits)
    }
}

extension Message {
    public var json: JSON {
        switch self {
        case .request(let id, let method, let params):
            .made(["jsonrpc": "2.0", "id": id.json, "method": JSON(method), "params": params])
        case .notification(let method, let params):
            .made(["jsonrpc": "2.0", "method": JSON(method), "params": params])
        case .result(let id, let result): ["jsonrpc": "2.0", "id": id.json, "result": result]
        case .error(let id, let error): .made(["jsonrpc": "2.0", "id": id?.json, "error": error.json])
        }
    }

    /// UTF-8 on one line, without the newline.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("jsonrpc")
        writer.string("2.0")
        switch self {
        case .request(let id, let method, let params):
            writer.member("id", id.json)
            writer.member("method", .string(method))
            if let params { writer.member("params", params) }
        case .notification(let method, let params):
            writer.member("method", .string(method))
            if let params { writer.member("params", params) }
        case .result(let id, let result):
            writer.member("id", id.json)
            writer.member("result", result)
        case .error(let id, let error):
            if let id { writer.member("id", id.json) }
            writer.member("error", error.json)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: String, _ value: JSON) {
        self.key(key)
        self.value(value)
    }
}
