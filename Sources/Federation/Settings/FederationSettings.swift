public import Config
import Core
import Gate
import Privacy

/// The sections `mcpServers` and `mcp` of the configuration.
public struct FederationSettings: Sendable, Hashable {
    public var servers: [UpstreamSettings] = []
    /// The house's own tools that are offered over MCP.
    public var offer = Self.usualOffer
    /// Whether clients see `search_tools` and `call_tool` in the place of the servers' tools.
    public var search = false
    /// Answers servers that may ask for a model's answer; nil leaves that to clients.
    public var samplingModel: String?

    static let usualOffer = [
        "scan.assess", "findings.list", "ledger.prove", "gate.policy.explain", "gate.approvals.list",
        "gate.session.budget",
    ].map { NamePattern($0) }

    public init() {}

    /// - Parameter root: of a file that was read with ``fields`` among its sections.
    /// - Throws: `invalid`, with the place.
    public init(_ root: ConfigNode) throws {
        let node = try root.object("mcp")
        var limits = ProcessLimits()
        if let usual = node["limits"] { try limits.take(usual) }
        servers = try root.map("mcpServers").map { try UpstreamSettings($0.key, $0.node, limits: limits) }
        try refuseLookAlikes(root)
        if node["offer"] != nil { offer = try node.strings("offer").map { NamePattern($0) } }
        search = try node.bool("search")
        samplingModel = try node.optionalString("sampling_model")
    }

    var byName: [String: UpstreamSettings] {
        Dictionary(servers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func refuseLookAlikes(_ root: ConfigNode) throws {
        var names: [String: String] = [:]
        for server in servers {
            guard let other = names.updateValue(server.name, forKey: Skeleton.of(server.name)) else { continue }
            throw (root["mcpServers"]?[server.name] ?? root).error(
                "the servers \"\(other)\" and \"\(server.name)\" can be taken for each other", hint: "rename one")
        }
    }
}
