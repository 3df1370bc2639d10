import Core
import Gate
import JSON
import MCP

/// What all requests to servers have in common that are actions of the gate's.
struct ServerActions: Sendable {
    let federation: Federation

    /// Members that any of them may have, in the schema of its arguments.
    static let carried: JSONObject = [
        "input": ["type": "object", "description": "What the server was answered that had asked for input."],
        "state": ["type": "string", "description": "What the server gave to carry until then."],
        "client": [
            "type": "array", "items": ["type": "string", "maxLength": 32], "maxItems": 16,
            "description": "What the client can be asked for meanwhile: form, url, sampling, sampling_tools, roots.",
        ],
    ]
    static let server: JSON = ["type": "string", "maxLength": 32]
    static let definition: JSON = ["type": "string", "description": "The SHA-256 of its definition.", "maxLength": 64]

    static func schema(required: [String], _ properties: JSONObject) -> JSON {
        var all: JSONObject = ["server": server, "definition": definition]
        for (name, schema) in properties { all[name] = schema }
        for (name, schema) in carried { all[name] = schema }
        return ToolDescriptor.object(all, required: ["server", "definition"] + required)
    }

    static func request(
        _ id: String, _ item: CatalogueItem, target: String? = nil, _ members: JSONObject, _ input: CarriedInput = .none
    ) -> ActionRequest {
        var all: JSONObject = ["server": .string(item.server), "definition": .string(item.definition.hash)]
        for (name, value) in members { all[name] = value }
        if let responses = input.responses { all["input"] = responses }
        if let state = input.state { all["state"] = .string(state) }
        if let client = input.client { all["client"] = client }
        return ActionRequest(tool: id, target: target ?? item.target, arguments: .object(all))
    }

    func clearance(for arguments: JSON) -> Set<Label>? {
        arguments["server"]?.string.flatMap { federation.settings(of: $0)?.clearance } ?? []
    }

    /// The item as it stands now, if it is still the one that the arguments mean.
    func item(_ kind: ItemKind, _ name: String, _ arguments: JSON) throws -> CatalogueItem {
        let key = Pin.Key(kind: kind, server: arguments["server"]?.string ?? "", name: name)
        let item = try federation.catalogue.usable(key)
        guard arguments["definition"]?.string == item.definition.hash else {
            throw GatehouseError(
                "mcp", .denied, "the definition of \(key.text) is not the one that was meant",
                hint: "list the \(kind == .resources ? "resources" : "\(kind.rawValue)s") again")
        }
        return item
    }

    /// Sends the request and looks at what the server answers.
    ///
    /// - Parameter facts: for the record, beside the server and the definition.
    func answer(
        _ item: CatalogueItem, _ method: String, _ params: JSON, _ action: Action, _ facts: JSONObject,
        in context: ActionContext
    ) async throws -> Answer {
        let upstream = try federation.upstream(item.server)
        if action.arguments["state"] == nil {
            federation.usage.count(item.definition.key, by: context.principal.id, at: federation.clock.now())
        }
        let result = try await upstream.send(method, params, action.arguments, in: context)
            .withPublicAddresses(of: item.server, in: method)
        let poison = upstream.settings.poisonedAnswers == .withhold ? try federation.screen.poison(in: result) : []
        var facts = facts
        facts["server"] = .string(item.server)
        facts["definition"] = .string(item.definition.hash)
        if method == Method.callTool { facts["failed"] = .bool(result["isError"]?.bool ?? false) }
        if !poison.isEmpty { facts["withheld"] = .array(poison.sorted().map { .string($0) }) }
        return Answer(
            poison.isEmpty ? result : AnswerScreen.withheld(poison), facts: .object(facts), labels: [.untrusted])
    }
}

/// What the client gives with a later try of its request.
struct CarriedInput: Sendable {
    var responses: JSON?
    /// The server's own, as it gave it.
    var state: String?
    /// What the client can be asked for.
    var client: JSON?

    static let none = CarriedInput()
}
