import Core
import JSON
import MCP

/// A server that is spoken to, whatever carries the messages.
protocol UpstreamConnection: Sendable {
    /// Owns the connection, and ends when it ends.
    func run() async throws

    /// What the server says it is: its name and version, and the revision of the protocol that is spoken.
    func describe() async throws -> (identity: JSON, version: String)

    /// All that it offers.
    func lists() async throws -> ServerLists

    /// - Returns: the result's object, which may be one that asks for input (2026-07-28).
    /// - Throws: `timeout`, `unavailable`, what the server answers.
    func send(_ request: UpstreamRequest, onProgress: @escaping @Sendable (JSON) -> Void) async throws -> JSON

    /// Has the server tell of changes of these resources, and of no others.
    func watch(_ uris: Set<String>)
}

/// One request to a server.
struct UpstreamRequest: Sendable {
    var method: String
    /// Without what carries input.
    var params: JSON
    /// For the server's answer.
    var time: Duration
    /// Who can be asked something meanwhile.
    var asker: Asker
    var input = CarriedInput.none
    /// In which it stands, for servers that are to take part in it.
    var trace: TraceMeta?

    /// With what carries input.
    var whole: JSON {
        var params = params
        if let responses = input.responses { params["inputResponses"] = responses }
        if let state = input.state { params["requestState"] = .string(state) }
        return params
    }
}
