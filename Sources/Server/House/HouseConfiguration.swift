public import Gate
public import JSON

/// Everything that `gatehouse.yaml` can say. Each part is optional; without any file the embedded defaults hold.
public struct HouseConfiguration: Sendable {
    public var server = ServerSettings()
    public var gate = GateSettings.standard
    /// The model map, by agent: kept as it stands for the rooms that use it.
    public var agents: JSON = [:]
    /// The MCP server map, kept as it stands. Values may hold secrets: never shown.
    public var mcpServers: JSON = [:]
    /// Where it was read from; asked again on reload.
    public var path: String?

    public init() {}
}
