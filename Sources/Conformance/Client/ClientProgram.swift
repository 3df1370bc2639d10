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
        let http = HTTPTransport.makeClient()
        do {
            try await use(server, http, context: try context())
            try await http.shutdown()
        } catch {
            try await http.shutdown()
            throw error
        }
    }

    private static func variable(_ name: String) -> String? {
        getenv("MCP_CONFORMANCE_\(name)").map { String(cString: $0) }
    }

    private static func context() throws -> JSON { try variable("CONTEXT").map { try JSON.parse($0) } ?? [:] }

    private static func versions() -> [ProtocolVersion] {
        guard let wanted = variable("PROTOCOL_VERSION").map(ProtocolVersion.init(rawValue:)), wanted.isSupported,
            !wanted.isStateless
        else { return ProtocolVersion.supported }
        return [wanted]
    }

    private static func use(_ server: ResourceIdentifier, _ http: HTTPClient, context: JSON) async throws {
        let transport = HTTPTransport(
            server.text, client: http, authorizer: SelfGranting.authorizer(for: server, http, context: context))
        let client = MCPClient(
            transport: transport, info: Implementation(name: "gatehouse-conformance", version: "1"),
            capabilities: ClientCapabilities(elicitationForm: true), versions: versions(),
            onInput: { request, _ in FormFiller.answer(to: request) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await client.run() } catch is CancellationError {} }
            group.addTask {
                try await ServerTour(client: client, context: context).run()
                await client.close()
            }
            // The first failure ends the others.
            for try await _ in group {}
        }
    }
}

/// Uses everything that a server lists, once.
struct ServerTour {
    let client: MCPClient
    let context: JSON

    func run() async throws {
        let capabilities = try await client.discover().capabilities
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
        if let calls = context["toolCalls"]?.array {
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
