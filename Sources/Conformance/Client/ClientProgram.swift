import AsyncHTTPClient
import Core
import JSON
import MCP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `conformance mcp-client URL [SCENARIO]`: uses all that a server over HTTP offers, as the client scenarios of the
/// official conformance suite expect. The scenario's name, the revision to speak and what the scenario gives its client
/// come from the environment (`MCP_CONFORMANCE_SCENARIO`, `…_PROTOCOL_VERSION`, `…_CONTEXT`).
enum ClientProgram {
    static let name = "mcp-client"

    struct Failure: Error, CustomStringConvertible { var description: String }

    static func run(_ arguments: [String]) async throws {
        guard let address = arguments.first, let server = ResourceIdentifier(address) else {
            throw Failure(description: "usage: conformance mcp-client URL [SCENARIO]")
        }
        let scenario = try Scenario(arguments.dropFirst().first)
        let http = HTTPTransport.makeClient()
        do {
            try await use(server, http, scenario)
            try await http.shutdown()
        } catch {
            try await http.shutdown()
            throw error
        }
    }

    private static func use(_ server: ResourceIdentifier, _ http: HTTPClient, _ scenario: Scenario) async throws {
        let transport = HTTPTransport(
            server.text, client: http, authorizer: try SelfGranting.authorizer(for: server, http, scenario))
        let extensions = SelfGranting.way(scenario).map { [$0.extensionName: [:]] as JSONObject }
        let client = MCPClient(
            transport: transport, info: Implementation(name: "gatehouse-conformance", version: "1"),
            capabilities: ClientCapabilities(elicitationForm: true, extensions: extensions),
            versions: scenario.versions, onInput: { request, _ in FormFiller.answer(to: request) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await client.run() } catch is CancellationError {} }
            group.addTask {
                try await ServerTour(client: client, scenario: scenario).run()
                await client.close()
            }
            // The first failure ends the others.
            for try await _ in group {}
        }
    }
}

/// What the suite wants of its client, as the environment says it.
struct Scenario: Sendable {
    /// Empty for none: everything is used then.
    let name: String
    /// Of the protocol; nil for any.
    let version: String?
    /// What is given for this scenario: credentials, calls to make.
    let context: JSON

    /// - Parameter name: of the command line; it goes before that of the environment.
    init(_ name: String?) throws {
        self.name = name ?? Self.variable("SCENARIO") ?? ""
        version = Self.variable("PROTOCOL_VERSION")
        context = try Self.variable("CONTEXT").map { try JSON.parse($0) } ?? [:]
    }

    private static func variable(_ name: String) -> String? {
        getenv("MCP_CONFORMANCE_\(name)").map { String(cString: $0) }
    }

    subscript(member: String) -> String? { context[member]?.string }

    /// That the client may speak: with a session's only that one, since the suite's servers have no other.
    var versions: [ProtocolVersion] {
        guard let wanted = version.map(ProtocolVersion.init(rawValue:)), wanted.isSupported, !wanted.isStateless
        else { return ProtocolVersion.supported }
        return [wanted]
    }
}

/// Uses everything that a server lists, once.
struct ServerTour {
    let client: MCPClient
    let scenario: Scenario

    /// The tool that this one lists cannot be called.
    private static let listsOnly = "json-schema-ref-no-deref"

    func run() async throws {
        let capabilities = try await client.discover().capabilities
        if scenario.name == Self.listsOnly {
            _ = try await client.listTools()
            return
        }
        try await callTools()
        if capabilities.hasResources {
            for resource in try await client.list(Resource.self).items {
                _ = try await client.send(Method.readResource, ReadResourceParams(uri: resource.uri).json)
            }
        }
        if capabilities.hasPrompts {
            for prompt in try await client.list(Prompt.self).items {
                let names = prompt.json["arguments"]?.array?.compactMap { $0["name"]?.string } ?? []
                let arguments = JSONObject(names.map { ($0, "text") })
                _ = try await client.send(
                    Method.getPrompt, GetPromptParams(name: prompt.name, arguments: arguments).json)
            }
        }
    }

    private func callTools() async throws {
        let tools = try await client.listTools()
        if let calls = scenario.context["toolCalls"]?.array {
            for call in calls {
                _ = try await client.callTool(call["name"]?.string ?? "", call["arguments"]?.object ?? [:])
            }
            return
        }
        for tool in tools {
            var arguments = FormFiller.values(for: tool.inputSchema)
            // The scenario wants to see what is left of the first tool's schema.
            if tool.name == "json_schema_echo" { arguments["schema"] = tools[0].inputSchema }
            _ = try await client.callTool(tool.name, arguments)
        }
    }
}

/// Fills in forms: what is preset, else anything of the right type.
enum FormFiller {
    static func answer(to request: InputRequest) -> JSON {
        guard request.kind == .form, let schema = request.params?["requestedSchema"] else {
            return ElicitResult(.decline).json
        }
        return ElicitResult(.accept, content: values(for: schema)).json
    }

    static func values(for schema: JSON) -> JSONObject {
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        var values = JSONObject()
        for (name, property) in schema["properties"]?.object ?? [:] {
            if let preset = property["default"] {
                values[name] = preset
            } else if required.contains(name) || property["type"]?.string == "boolean" {
                values[name] = value(for: property)
            }
        }
        return values
    }

    private static func value(for property: JSON) -> JSON {
        if let first = property["enum"]?[0] { return first }
        return switch property["type"]?.string {
        case "integer", "number": 1
        case "boolean": true
        case "array": []
        case "object": .object(values(for: property))
        default: "text"
        }
    }
}
