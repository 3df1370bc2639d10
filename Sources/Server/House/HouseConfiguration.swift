public import Channels
public import Config
import Core
public import Federation
public import Gate
public import Integrations
import JSON
public import Models
public import Observe
import Policy

/// Everything that `gatehouse.yaml` can say. Each part is optional; without any file the embedded defaults hold.
public struct HouseConfiguration: Sendable {
    public var server = ServerSettings()
    public var gate = GateSettings.standard
    public var policyAPI = PolicyAPISettings()
    public var models = ModelsSettings()
    public var privacy = PrivacySettings()
    public var assess = AssessSettings()
    public var telemetry = TelemetrySettings()
    public var workflows = WorkflowSettings()
    public var conversation = ConversationSettings()
    /// Bundles of policy that are fetched or read, by name.
    var bundles: [String: ConfiguredBundle] = [:]
    /// The model map, by agent, as it stands: for the rooms that use it. Nil where there is none.
    public var agents: ConfigNode?
    public var federation = FederationSettings()
    public var integrations = IntegrationsSettings()
    public var channels = ChannelsSettings()
    /// Where it was read from; asked again on reload.
    public var path: String?
    /// What loads but should be changed.
    public var warnings: [ConfigProblem] = []

    public init() {}

    /// Reads and checks a file.
    /// - Throws: what ``ConfigFile/load(_:schema:options:)`` throws, and what a section's own checks say.
    public static func load(_ path: String) throws -> HouseConfiguration {
        let file = try ConfigFile.load(path, schema: schema)
        var configuration = HouseConfiguration()
        configuration.server = try ServerSettings(try file.root.object("server"))
        configuration.gate = try GateSettings(file.root)
        configuration.bundles = configuration.gate.policy.bundles.mapValues { ConfiguredBundle($0) }
        configuration.policyAPI = try PolicyAPISettings(try file.root.object("policy_api"))
        configuration.assess = try AssessSettings(try file.root.object("assess"))
        configuration.models = try ModelsSettings(file.root)
        configuration.privacy = try PrivacySettings(file.root)
        configuration.telemetry = try TelemetrySettings(file.root)
        configuration.workflows = try WorkflowSettings(try file.root.object("workflows"))
        configuration.conversation = try ConversationSettings(try file.root.object("conversation"))
        configuration.agents = file.root["agents"]
        configuration.nameAgentsModels()
        configuration.federation = try FederationSettings(file.root)
        configuration.integrations = try IntegrationsSettings(file.root)
        configuration.channels = try ChannelsSettings(file.root)
        configuration.path = path
        configuration.warnings = file.warnings
        return configuration
    }

    /// An agent's name stands for its model, unless a group of models has that name.
    private mutating func nameAgentsModels() {
        var groups = models.aliases.groups
        for (agent, node) in agents?.members ?? [] where groups[agent] == nil {
            if let text = node["model"]?.string, let model = try? ModelName(text) { groups[agent] = [model] }
        }
        models.aliases = ModelAliases(groups)
    }

    /// By the agent's name, in order of preference, as people write them.
    var agentsModels: [String: [String]] {
        var found: [String: [String]] = [:]
        for (agent, node) in agents?.members ?? [] {
            let several = (node["models"]?.elements ?? []).compactMap(\.string)
            found[agent] = (node["model"]?.string.map { [$0] } ?? []) + several
        }
        return found.filter { !$0.value.isEmpty }
    }

    /// Compiles the policy that is on this machine, as a house does when it starts.
    ///
    /// - Throws: what does not compile or go together; `invalid` when nothing defines the entry point, unless a bundle that
    ///   is fetched may.
    public func checkPolicy() throws {
        let store = try gate.policy.makeStore()
        let local = try HousePolicy.local(HousePolicy.Settings(self))
        try store.activate(local)
        if local.count == bundles.count { try store.require(gate.policy.required) }
    }

    /// All sections, of all rooms: what a file is checked by, and what its JSON Schema and reference page are made
    /// from.
    public static let schema = ConfigSchema(
        title: "gatehouse.yaml",
        sections: [ServerSettings.schema] + GateSettings.schema + [
            PolicyAPISettings.schema, AssessSettings.schema, ModelsSettings.field, PrivacySettings.field,
            TelemetrySettings.field, IntegrationsSettings.field, ChannelsSettings.field, WorkflowSettings.schema,
            ConversationSettings.schema,
            agentsField,
        ] + FederationSettings.fields)

    private static let agentsField = Field(
        "agents",
        .map(
            of: .object([
                Field("model", .string, "The model it thinks with: provider/name, with the effort in brackets."),
                Field("models", .list(of: .string), "For a council: its members' models."),
                Field("purpose", .string, "What it is for."),
            ])), "The models that agents use, by agent.",
        example: ["orchestrator": ["model": "openai/gpt-5.4", "purpose": "Plans and hands out work."]], allowsFile: true
    )
}
