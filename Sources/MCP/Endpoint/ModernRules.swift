import HTTPTypes
import JSON

/// What 2026-07-28 wants of each request: what it says of itself in `_meta`, and over HTTP that the headers say the
/// same as the body ("Server Validation").
enum ModernRules {
    /// - Throws: ``RPCError/Code/invalidParams`` for a `_meta` that is not there or not whole,
    ///   ``RPCError/Code/unsupportedVersion``.
    static func meta(of params: JSON?) throws(RPCError) -> RequestMeta {
        guard let meta = params?["_meta"] else { throw .invalidParams("_meta: is missing") }
        // A version that is not spoken here may want another _meta: it is told first.
        if let version = meta[MetaKey.protocolVersion]?.string { try checkSpoken(version) }
        return try RequestMeta(meta)
    }

    /// The same over HTTP.
    static func meta(
        of method: String, _ params: JSON?, _ headers: HTTPFields
    ) throws(RPCError) -> RequestMeta {
        guard let version = headers[FieldName.protocolVersion] else {
            throw .headerMismatch("the header MCP-Protocol-Version is missing")
        }
        let stated = params?["_meta"]?[MetaKey.protocolVersion]?.string
        if let stated, stated != version {
            throw .headerMismatch("MCP-Protocol-Version does not say what _meta says")
        }
        try checkSpoken(version)
        let meta = try meta(of: params)
        try compare("Mcp-Method", headers[FieldName.method], with: method)
        if let name = name(method, params) {
            guard let spelled = headers[FieldName.name] else { throw .headerMismatch("the header Mcp-Name is missing") }
            try compare("Mcp-Name", HeaderText.decode(spelled), with: name)
        }
        return meta
    }

    /// The arguments that the tool's schema wants repeated in headers.
    static func checkMirrored(
        _ mirrored: MirroredParameters, _ call: CallToolParams, _ headers: HTTPFields
    ) throws(RPCError) {
        let arguments = JSON.object(call.arguments)
        for parameter in mirrored.parameters {
            let spelled = headers[HTTPField.Name(parameter.header)]
            let isStated = parameter.text(in: arguments) != nil
            guard let spelled else {
                if isStated { throw .headerMismatch("the header \(parameter.header) is missing") }
                continue
            }
            guard isStated, let value = HeaderText.decode(spelled), parameter.isSame(value, in: arguments) else {
                throw .headerMismatch("\(parameter.header) does not say what the arguments say")
            }
        }
    }

    /// What sessions had and 2026-07-28 has no more.
    static func isRemoved(_ method: String) -> Bool {
        [Method.initialize, Method.ping, Method.setLevel, Method.subscribe, Method.unsubscribe].contains(method)
    }

    private static func checkSpoken(_ version: String) throws(RPCError) {
        let version = ProtocolVersion(rawValue: version)
        guard version.isSupported, version.isStateless else { throw .unsupportedVersion(version.rawValue) }
    }

    private static func compare(_ header: String, _ value: String?, with stated: String) throws(RPCError) {
        guard value == stated else { throw .headerMismatch("\(header) does not say what the body says") }
    }

    private static func name(_ method: String, _ params: JSON?) -> String? {
        switch method {
        case Method.callTool, Method.getPrompt: params?["name"]?.string
        case Method.readResource: params?["uri"]?.string
        case TasksExtension.get, TasksExtension.update, TasksExtension.cancel: params?["taskId"]?.string
        default: nil
        }
    }
}
