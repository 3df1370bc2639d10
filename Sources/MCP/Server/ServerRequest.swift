import Core
import Crypto
import JSON

extension ServerRequest {
    /// Throws ``RPCError/Code/invalidParams`` for parameters that are not of the method's shape or pass a limit.
    init(method: String, params: JSON?, limits: MCPLimits) throws(RPCError) {
        let object = params ?? [:]
        switch method {
        case Method.callTool: self = .callTool(try Self.params(object, limits, \.name))
        case Method.listTools: self = .listTools(cursor: try Self.cursor(object, limits))
        case Method.listResources: self = .listResources(cursor: try Self.cursor(object, limits))
        case Method.listResourceTemplates: self = .listResourceTemplates(cursor: try Self.cursor(object, limits))
        case Method.listPrompts: self = .listPrompts(cursor: try Self.cursor(object, limits))
        case Method.readResource: self = .readResource(try Self.params(object, limits, \.uri))
        case Method.getPrompt: self = .getPrompt(try Self.params(object, limits, \.name))
        case Method.complete: self = .complete(try CompleteParams(object))
        default: self = .other(method: method, params: params)
        }
    }

    private static func params<Params: CallParams>(
        _ json: JSON, _ limits: MCPLimits, _ name: KeyPath<Params, String>
    ) throws(RPCError) -> Params {
        let params = try Params(json)
        guard params[keyPath: name].utf8.count <= limits.nameBytes else {
            throw .invalidParams("the name is longer than \(limits.nameBytes) bytes")
        }
        guard (params.requestState?.utf8.count ?? 0) <= limits.stateBytes else {
            throw .invalidParams("requestState is longer than \(limits.stateBytes) bytes")
        }
        guard (params.inputResponses?.count ?? 0) <= limits.inputRequests else {
            throw .invalidParams("inputResponses has more than \(limits.inputRequests) answers")
        }
        return params
    }

    private static func cursor(_ json: JSON, _ limits: MCPLimits) throws(RPCError) -> String? {
        guard let cursor = json["cursor"], !cursor.isNull else { return nil }
        guard let text = cursor.string, text.utf8.count <= limits.nameBytes else {
            throw .invalidParams("cursor must be a text of at most \(limits.nameBytes) bytes")
        }
        return text
    }

    public var method: String {
        switch self {
        case .listTools: Method.listTools
        case .callTool: Method.callTool
        case .listResources: Method.listResources
        case .listResourceTemplates: Method.listResourceTemplates
        case .readResource: Method.readResource
        case .listPrompts: Method.listPrompts
        case .getPrompt: Method.getPrompt
        case .complete: Method.complete
        case .other(let method, _): method
        }
    }

    /// The parameters of a request that may ask for input; nil for any other.
    var callParams: (any CallParams)? {
        switch self {
        case .callTool(let params): params
        case .getPrompt(let params): params
        case .readResource(let params): params
        default: nil
        }
    }

    /// The same request as its client would send it again. Nil for one that cannot ask for input.
    func retried(_ responses: InputResponses, requestState: String?) -> ServerRequest? {
        guard var json = callParams?.json else { return nil }
        json["inputResponses"] = responses.json
        json["requestState"] = requestState.map(JSON.string)
        return switch self {
        case .callTool: .callTool(CallToolParams(trusted: json))
        case .getPrompt: .getPrompt(GetPromptParams(trusted: json))
        case .readResource: .readResource(ReadResourceParams(trusted: json))
        default: nil
        }
    }

    /// What a request and its later tries have in common, as SHA-256 in hex: the method and the parameters without
    /// `_meta`, `inputResponses` and `requestState`. For ``StateSealer``.
    public var digest: String {
        var params: JSON = callParams?.json ?? [:]
        for key in ["_meta", "inputResponses", "requestState"] { params[key] = nil }
        let bytes = (try? params.canonicalBytes()) ?? params.bytes()
        var hash = SHA256()
        hash.update(data: Array(method.utf8) + [0])
        hash.update(data: bytes)
        return Hex.encode(hash.finalize())
    }
}
