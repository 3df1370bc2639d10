import Config
import Core
import JSON
public import MCP

/// Each who uses a server authorizes the gateway there themselves (`mcpServers.….oauth`).
public struct OAuthSettings: Sendable, Hashable {
    /// Where the gateway was registered beforehand; nil to be known by what it publishes, or to register.
    public var identity: OAuthIdentity?

    public init(identity: OAuthIdentity? = nil) { self.identity = identity }

    static let fields = [
        Field("client_id", .string, "As which the gateway was registered there beforehand."),
        Field("client_secret", .secret, "Its secret, where it has one."),
    ]

    init(_ node: ConfigNode) throws {
        let secret = try node.optionalSecret("client_secret")
        if let id = try node.optionalString("client_id") {
            identity = OAuthIdentity(clientID: id, clientSecret: secret)
        } else if secret != nil {
            throw node.error("a client_secret needs its client_id")
        }
    }
}
