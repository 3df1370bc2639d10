public import JSON

/// What a client can do for a server that asks.
public struct ClientCapabilities: MCPObject {
    public static let shape = Shape(
        "ClientCapabilities", .optional("elicitation", .object), .optional("sampling", .object),
        .optional("roots", .object), .optional("extensions", .map(.object)),
        .optional("experimental", .map(.object)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public static let none = ClientCapabilities(trusted: [:])

    public init(
        elicitationForm: Bool = false, elicitationURL: Bool = false, sampling: Bool = false,
        samplingTools: Bool = false, roots: Bool = false, extensions: JSONObject? = nil
    ) {
        let elicitation = JSON.made(["form": elicitationForm ? [:] : nil, "url": elicitationURL ? [:] : nil])
        json = .made([
            "elicitation": elicitationForm || elicitationURL ? elicitation : nil,
            "sampling": sampling || samplingTools ? .made(["tools": samplingTools ? [:] : nil]) : nil,
            "roots": roots ? [:] : nil,
            "extensions": extensions.map(JSON.object),
        ])
    }

    /// An empty `elicitation` means forms: the word `form` came with 2025-11-25.
    public var hasElicitationForm: Bool {
        guard let elicitation = json["elicitation"], !elicitation.isNull else { return false }
        return elicitation["form"] != nil || elicitation["url"] == nil
    }
    public var hasElicitationURL: Bool { json["elicitation"]?["url"] != nil }
    public var hasSampling: Bool { json["sampling"]?.object != nil }
    public var hasSamplingTools: Bool { json["sampling"]?["tools"] != nil }
    public var hasRoots: Bool { json["roots"]?.object != nil }
    /// The settings of an extension that the client speaks, by its name; nil when it does not.
    public func `extension`(_ name: String) -> JSON? { json["extensions"]?[name] }
}

/// What a server offers.
public struct ServerCapabilities: MCPObject {
    public static let shape = Shape(
        "ServerCapabilities", .optional("tools", .object), .optional("resources", .object),
        .optional("prompts", .object), .optional("completions", .object), .optional("logging", .object),
        .optional("extensions", .map(.object)), .optional("experimental", .map(.object)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    /// A kind of thing that can be listed, and whether changes of the list are told.
    public struct Listing: Sendable, Hashable {
        public var tellsChanges: Bool
        public init(tellsChanges: Bool = false) { self.tellsChanges = tellsChanges }
        var members: JSON { .made(["listChanged": tellsChanges ? true : nil]) }
    }

    /// - Parameter watchesResources: whether a client may subscribe to a resource.
    public init(
        tools: Listing? = nil, resources: Listing? = nil, watchesResources: Bool = false, prompts: Listing? = nil,
        completions: Bool = false, logging: Bool = false, extensions: JSONObject? = nil
    ) {
        var resourceMembers = resources?.members
        if watchesResources { resourceMembers?["subscribe"] = true }
        json = .made([
            "tools": tools?.members, "resources": resourceMembers, "prompts": prompts?.members,
            "completions": completions ? [:] : nil, "logging": logging ? [:] : nil,
            "extensions": extensions.map(JSON.object),
        ])
    }

    public var hasTools: Bool { json["tools"]?.object != nil }
    public var hasResources: Bool { json["resources"]?.object != nil }
    public var hasPrompts: Bool { json["prompts"]?.object != nil }
    public var hasLogging: Bool { json["logging"]?.object != nil }
    public var tellsToolChanges: Bool { json["tools"]?["listChanged"]?.bool ?? false }
    public var tellsPromptChanges: Bool { json["prompts"]?["listChanged"]?.bool ?? false }
    public var tellsResourceChanges: Bool { json["resources"]?["listChanged"]?.bool ?? false }
    public var watchesResources: Bool { json["resources"]?["subscribe"]?.bool ?? false }
    public func `extension`(_ name: String) -> JSON? { json["extensions"]?[name] }
}
