public import JSON

/// What a request of 2026-07-28 says of itself in `_meta`.
public struct RequestMeta: MCPObject {
    public static let shape = Shape(
        "RequestMetaObject", .required(MetaKey.protocolVersion, .text),
        .required(MetaKey.clientCapabilities, .of(ClientCapabilities.self)),
        .optional(MetaKey.clientInfo, .of(Implementation.self)), .optional(MetaKey.logLevel, .word(LoggingLevel.words)),
        .optional(MetaKey.progressToken, .id))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        _ version: ProtocolVersion = .latest, client: Implementation, capabilities: ClientCapabilities,
        logLevel: LoggingLevel? = nil, progressToken: ProgressToken? = nil
    ) {
        json = .made([
            MetaKey.protocolVersion: JSON(version.rawValue), MetaKey.clientInfo: client.json,
            MetaKey.clientCapabilities: capabilities.json, MetaKey.logLevel: logLevel.map { JSON($0.rawValue) },
            MetaKey.progressToken: progressToken?.json,
        ])
    }

    public var version: ProtocolVersion { ProtocolVersion(rawValue: text(MetaKey.protocolVersion)) }
    public var client: Implementation? { view(MetaKey.clientInfo) }
    public var capabilities: ClientCapabilities { view(MetaKey.clientCapabilities) ?? .none }
    public var logLevel: LoggingLevel? { json[MetaKey.logLevel]?.string.flatMap(LoggingLevel.init(rawValue:)) }
    public var progressToken: ProgressToken? { json[MetaKey.progressToken].flatMap { ProgressToken($0) } }
}
