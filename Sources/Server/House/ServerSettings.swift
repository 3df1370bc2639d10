/// What the `server` section of the configuration says.
public struct ServerSettings: Sendable, Hashable {
    /// Further names under which people and agents reach this server, without port.
    public var hostNames: [String] = []
    /// Where people reach the console when that is not the address it listens on, as behind a proxy: `https://gate.example.org`.
    public var publicAddress: String?
    public var limits = HTTPLimits()

    public init() {}

    var rules: HostRules {
        let own = publicAddress?.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init)
        return HostRules(configured: hostNames + [own].compactMap { $0.map(HostRules.name(of:)) })
    }

    var isReachedOverTLS: Bool { publicAddress?.hasPrefix("https://") ?? false }
}
