import Agents
import Channels
import Core
import Federation
import Fixes
import Flow
import Gate
import Hub
import Integrations
import Ledger
import Logging
import Models
import Observe
import Privacy
import Risk
import Scan
import Store
import Threats

/// What the rooms of the house bring to the gate: their tables, tools and inspectors, in one list each.
struct HouseRooms: Sendable {
    let findings: FindingsStore
    let tools: [any Tool]
    let inspectors: [any Inspector]
    let policy = LatePolicy()
    let models: ModelGateway
    let figures = ModelFigures()
    let federation: Federation
    let integrations: Integrations
    let agents: Agents
    let assessRoots = AssessRoots()
    let assessRules = AssessRules()
    let dependencies: SharedDependencySettings
    let levels: SharedServiceLevels
    let externalTools: ExternalTools
    let telemetry: Telemetry
    let gate = GateReference()
    let runs = FlowReference()
    let channels = ChannelsReference()

    static var migrations: [Migration] {
        Gate.migrations + Scan.migrations + PolicyTable.migrations + Federation.migrations + VaultTable.migrations
            + Integrations.migrations + FlowEngine.migrations + HookTable.migrations
            + Hub.migrations + Channels.migrations
    }

    init(
        _ configuration: HouseConfiguration, folder: DataFolder, store: Store, secretKey: [UInt8], ledger: Ledger,
        version: String, clock: any WallClock, logger: Logger
    ) throws {
        telemetry = Telemetry(version: version, instance: ledger.origin, clock: clock)
        telemetry.adopt(configuration)
        levels = SharedServiceLevels(configuration.assess.levels)
        findings = FindingsStore(store, version: version, levels: levels, clock: clock)
        let detector = try SecretDetector()
        dependencies = SharedDependencySettings(configuration.assess.dependencies)
        externalTools = ExternalTools(configuration.assess.tools)
        let advisories = AdvisoryDatabase(path: folder.file("advisories.db"), clock: clock)
        let threats = ThreatDatabase(path: folder.file("threats.db"), clock: clock)
        let packages = DependencyScanner(advisories: advisories, threats: threats, settings: dependencies)
        let assessor = Assessor(
            scanners: [SecretScanner(detector)], trees: [packages, InfrastructureScanner()], rules: assessRules,
            code: CodeScanner(), tools: externalTools, clock: clock)
        let privacy = try SharedPrivacy(configuration.privacy.makeSetup())
        models = ModelGateway(
            configuration.models, privacy: ModelPrivacy(privacy), clock: clock, observe: figures.observe)
        federation = try Federation(
            configuration.federation, store: store, secretKey: secretKey, scanner: privacy.injections, version: version,
            clock: clock,
            logger: logger)
        integrations = Integrations(
            configuration.integrations, store: store, version: version, clock: clock, logger: logger)
        agents = Agents(
            library: try AgentLibrary(folder: folder.file("agents")),
            models: AgentModels(
                models, isThere: !configuration.models.providers.isEmpty, preferred: configuration.agentsModels),
            gate: gate)
        tools =
            [
                AssessTool(assessor: assessor, findings: findings, roots: assessRoots),
                TriageTool(findings: findings, approvers: Self.approvers(gate)), AttestTool(findings: findings),
            ] + models.tools
            + FixWorkshop(assessor: assessor, findings: findings, advisories: advisories, roots: assessRoots).tools
            + [ThreatsTool(assessor: assessor, roots: assessRoots)]
            + AdvisoryTools(advisories: advisories, threats: threats, settings: dependencies).all
            + PolicyTools.all(policy) + ReadingTools.all(gate, ledger, findings) + federation.tools
            + integrations.tools + Channels.tools(store: store, channels)
            + WorkflowTools.all(runs) { !$0.roles.isDisjoint(with: Rooms.watchers) }
            + agents.tools
        inspectors = [PrivacyInspector(privacy)]
    }

    /// The names of who agreed to an action; none where nobody was asked.
    private static func approvers(_ reference: GateReference) -> @Sendable (String) async throws -> [String] {
        { id in
            let gate = try reference.value()
            guard let approval = try? await gate.approvals.approval(ofAction: id) else { return [] }
            var names: [String] = []
            for vote in approval.votes where vote.approves {
                names.append((try? await gate.identity.principal(vote.principalID))?.name ?? vote.principalID)
            }
            return names
        }
    }
}
