import Gate
import JSON
import MCP

/// A client's request as the gate gets it.
struct GatewayCall {
    /// What asks for it: the name of a tool or prompt, or an address.
    let name: String
    private(set) var request: ActionRequest
    /// What the name stands for now.
    let definition: String
    let kind: Kind
    /// Of the client's request: what it is given to carry is for this one.
    let digest: String
    /// Whether the client carries something for it already.
    let isLaterTry: Bool

    init(
        name: String, request: ActionRequest, definition: String, kind: Kind, digest: String, isLaterTry: Bool
    ) {
        self.name = name
        self.request = request
        self.definition = definition
        self.kind = kind
        self.digest = digest
        self.isLaterTry = isLaterTry
    }

    /// The same with what the server asked for.
    func going(on responses: InputResponses, state: String?) -> GatewayCall {
        var call = self
        call.request.arguments["input"] = responses.json
        call.request.arguments["state"] = state.map { .string($0) }
        return call
    }

    enum Kind {
        /// One of the house's own tools.
        case own
        case tool
        /// Resources, prompts and completions: their results have no place for an error.
        case other
    }
}
