public import JSON

/// What a server is and offers, whichever revision of the protocol told it.
public struct ServerDescription: Sendable, Hashable {
    public var info: Implementation
    public var capabilities: ServerCapabilities
    /// For the model: how the server is to be used.
    public var instructions: String?
    public var versions: [ProtocolVersion]
    /// How long the description holds, and for whom.
    public var caching: Caching

    public init(
        info: Implementation, capabilities: ServerCapabilities, instructions: String? = nil,
        versions: [ProtocolVersion] = ProtocolVersion.supported, caching: Caching = .none
    ) {
        self.info = info
        self.capabilities = capabilities
        self.instructions = instructions
        self.versions = versions
        self.caching = caching
    }
}

/// The answer to `server/discover` (2026-07-28).
public struct DiscoverResult: MCPObject {
    public static let shape = Shape(
        "DiscoverResult", .required("supportedVersions", .list(.text)),
        .required("capabilities", .of(ServerCapabilities.self)), .optional("instructions", .text),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ description: ServerDescription) {
        json = Caching.stating(
            description.caching,
            in: .made([
                "supportedVersions": .texts(description.versions.map(\.rawValue)),
                "capabilities": description.capabilities.json,
                "instructions": description.instructions.map(JSON.string),
            ]))
    }

    public var supportedVersions: [ProtocolVersion] {
        (json["supportedVersions"]?.array ?? []).compactMap { $0.string.map(ProtocolVersion.init(rawValue:)) }
    }
    public var capabilities: ServerCapabilities { view("capabilities") ?? ServerCapabilities() }
    public var instructions: String? { json["instructions"]?.string }
    /// Nil where the server does not name itself.
    public var serverInfo: Implementation? { meta?[MetaKey.serverInfo].flatMap { try? Implementation($0) } }
    public var caching: Caching? { Caching(json) }
}

/// What opens a session before 2026-07-28.
public struct InitializeParams: MCPObject {
    public static let shape = Shape(
        "InitializeRequestParams", .required("protocolVersion", .text),
        .required("capabilities", .of(ClientCapabilities.self)), .required("clientInfo", .of(Implementation.self)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ version: ProtocolVersion, capabilities: ClientCapabilities, clientInfo: Implementation) {
        json = [
            "protocolVersion": JSON(version.rawValue), "capabilities": capabilities.json,
            "clientInfo": clientInfo.json,
        ]
    }

    public var version: ProtocolVersion { ProtocolVersion(rawValue: text("protocolVersion")) }
    public var capabilities: ClientCapabilities { view("capabilities") ?? .none }
    public var clientInfo: Implementation { Implementation(trusted: json["clientInfo"] ?? [:]) }
}

public struct InitializeResult: MCPObject {
    public static let shape = Shape(
        "InitializeResult", .required("protocolVersion", .text),
        .required("capabilities", .of(ServerCapabilities.self)), .required("serverInfo", .of(Implementation.self)),
        .optional("instructions", .text))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ version: ProtocolVersion, _ description: ServerDescription) {
        json = .made([
            "protocolVersion": JSON(version.rawValue), "capabilities": description.capabilities.json,
            "serverInfo": description.info.json, "instructions": description.instructions.map(JSON.string),
        ])
    }

    public var version: ProtocolVersion { ProtocolVersion(rawValue: text("protocolVersion")) }
    public var capabilities: ServerCapabilities { view("capabilities") ?? ServerCapabilities() }
    public var serverInfo: Implementation { Implementation(trusted: json["serverInfo"] ?? [:]) }
    public var instructions: String? { json["instructions"]?.string }
}
