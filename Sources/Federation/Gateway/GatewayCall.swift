import Gate
import JSON
import MCP

/// A client's request as the gate gets it.
struct GatewayCall {
    /// What asks for it: the name of a tool or prompt, or an address.
    let name: String
    let request: ActionRequest
    /// What the name stands for now.
    let definition: String
    let kind: Kind
    /// Of the client's request: what it is given to carry is for this one.
    let digest: String
    /// Whether the client carries something for it already.
    let isLaterTry: Bool

    enum Kind {
        /// One of the house's own tools.
        case own
        case tool
        /// Resources, prompts and completions: their results have no place for an error.
        case other
    }
}
