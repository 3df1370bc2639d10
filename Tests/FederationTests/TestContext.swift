@testable import MCP

extension RequestContext {
    /// Of a client of the newest protocol.
    static func test(_ peer: any Sendable, _ identity: String, _ capabilities: ClientCapabilities) -> RequestContext {
        RequestContext(
            version: .v2026_07_28, client: nil, capabilities: capabilities,
            caller: Caller(peer: peer, identity: identity))
    }
}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}
