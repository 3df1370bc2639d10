import Agents
import Channels
public import Core
import Dialects
import Federation
import Flow
public import Gate
import Hub
import Integrations
public import Ledger
public import Logging
import Matching
import Models
import NIOCore
import Observe
import Policy
import Privacy
import Scan
import ServiceLifecycle
public import Store
import Synchronization
import Web

/// A whole Gatehouse in one process: what it keeps, the gate, and the doors to it.
///
/// The command line either talks to one that runs over its unix socket, or opens one itself that listens there only.
public final class House: Sendable {
    public enum Listen: Sendable, Hashable {
        /// Beside the unix socket. A port of 0 takes any that is free.
        case tcp(host: String, port: Int)
    }

    /// Where a running house is reached.
    public struct Doors: Sendable, Hashable {
        /// `http://127.0.0.1:8700`; nil for a house that listens on its socket only.
        public let address: String?
        public let socket: String
    }

    public static let socketName = "gatehouse.sock"
    /// Holds the key that checkpoints verify with, for who verifies offline.
    public static let ledgerPublicKeyName = "ledger.pub"

    public let gate: Gate
    public let ledger: Ledger
    public let store: Store
    public let dataDirectory: String

    let folder: DataFolder
    let findings: FindingsStore
    let assessRoots: AssessRoots
    let assessRules: AssessRules
    let dependencies: SharedDependencySettings
    let levels: SharedServiceLevels
    let externalTools: ExternalTools
    let policy: HousePolicy
    let models: ModelGateway
    let telemetry: Telemetry
    let federation: Federation
    let integrations: Integrations
    let agents: Agents
    let listen: Listen?
    let logger: Logger
    let metrics: Metrics
    let clock: any WallClock
    let version: String
    let secretKey: [UInt8]
    let vaults: VaultTable
    let workflows: HouseWorkflows
    let hub: Hub
    let channels: Channels
    let transcriber: Transcriber
    let current: Mutex<HouseConfiguration>
    let reached: Mutex<Doors>

    /// Opens everything that is kept in the data folder, and makes what is missing: the keys, the store, the ledger.
    ///
    /// - Parameters:
    ///   - tools: beside the house's own.
    ///   - inspectors: beside the house's own.
    /// - Throws: `conflict` when another process holds the folder; what the store, the ledger and the gate report.
    public static func open(
        dataDirectory: String, configuration: HouseConfiguration = HouseConfiguration(), listen: Listen? = nil,
        tools: [any Tool] = [], inspectors: [any Inspector] = [], version: String = "dev",
        clock: any WallClock = SystemWallClock(), logger: Logger
    ) async throws -> House {
        try checkSocketPath("\(dataDirectory)/\(socketName)")
        let folder = try DataFolder(dataDirectory)
        PatternCache.shared.keep(in: folder.file("patterns"))
        let key = try SigningKey.load(path: folder.file("ledger.key"), creating: "gatehouse-\(randomName())")
        try PrivateFile.write(key.verifierKey.description + "\n", to: folder.file(ledgerPublicKeyName))
        var options = Ledger.Options()
        options.clock = clock
        let ledger = try Ledger.open(folder.file("ledger"), key: key, options: options)
        let store = try Store.open(path: folder.file("gatehouse.db"), migrations: HouseRooms.migrations, clock: clock)
        let secretKey = try PrivateFile.secretKey(folder.file("secret.key"))
        let rooms = try HouseRooms(
            configuration, folder: folder, store: store, secretKey: secretKey, ledger: ledger, version: version,
            clock: clock, logger: logger)
        let requests = PolicyRequests(configuration.gate.policy.httpHosts, on: .deciding, version: version)
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, clock: clock, logger: logger, settings: configuration.gate,
                inspectors: rooms.inspectors + inspectors, tools: rooms.tools + tools, secretKey: secretKey,
                keyFetcher: KeySetFetcher(), http: requests,
                listener: GateDecisionLog(policy: rooms.policy), actionListener: rooms.telemetry))
        rooms.gate.set(gate)
        let policy = try await HousePolicy(
            HousePolicy.Settings(configuration), store: gate.policies,
            table: PolicyTable(store: store, clock: clock), requests: requests.on(.asking),
            folder: folder.file("bundles"), labels: ["id": ledger.origin, "version": version], clock: clock,
            logger: logger)
        try requireEntryPoint(configuration, policy)
        rooms.policy.set(policy)
        rooms.assessRoots.folders = configuration.assess.roots
        rooms.assessRules.rules = configuration.assess.rules
        let workflows = try HouseWorkflows(
            configuration.workflows, folder: folder.file("workflows"), store: store, gate: gate, clock: clock,
            logger: logger)
        rooms.runs.set(workflows.engine)
        let hub = try Hub(
            store: store, gate: gate, library: workflows.library,
            inventory: HouseInventory(
                repositories: { [findings = rooms.findings] in try await findings.repositories() },
                destinations: { [integrations = rooms.integrations] in integrations.destinations }), clock: clock,
            logger: logger)
        let transcriber = Transcriber(
            gate: gate, models: rooms.models, model: TranscribingModel(configuration.conversation.transcribes))
        let channels = try Channels(
            configuration.channels, store: store, hub: hub, gate: gate, callers: ChannelCallers.of(gate),
            transcribe: { sound, mediaType, speaker in
                try await transcriber.text(of: Recording(sound, mediaType: mediaType), as: speaker)
            },
            console: configuration.server.publicAddress, clock: clock, logger: logger, version: version)
        rooms.channels.set(channels)
        let vaults = VaultTable(store, secretKey: secretKey)
        rooms.models.privacy.shared.resume(try vaults.read(isLive: gate.sessions.isLive, logger: logger))
        return House(
            folder: folder, rooms: rooms, policy: policy, gate: gate, workflows: workflows, hub: hub,
            channels: channels, transcriber: transcriber, ledger: ledger, store: store, listen: listen, logger: logger,
            clock: clock,
            version: version, secretKey: secretKey, configuration: configuration)
    }

    private init(
        folder: DataFolder, rooms: HouseRooms, policy: HousePolicy, gate: Gate, workflows: HouseWorkflows, hub: Hub,
        channels: Channels, transcriber: Transcriber, ledger: Ledger, store: Store, listen: Listen?, logger: Logger,
        clock: any WallClock,
        version: String, secretKey: [UInt8], configuration: HouseConfiguration
    ) {
        self.folder = folder
        findings = rooms.findings
        assessRoots = rooms.assessRoots
        assessRules = rooms.assessRules
        dependencies = rooms.dependencies
        levels = rooms.levels
        externalTools = rooms.externalTools
        models = rooms.models
        telemetry = rooms.telemetry
        federation = rooms.federation
        integrations = rooms.integrations
        agents = rooms.agents
        self.policy = policy
        self.gate = gate
        self.workflows = workflows
        self.hub = hub
        self.channels = channels
        self.transcriber = transcriber
        self.ledger = ledger
        self.store = store
        self.listen = listen
        self.logger = logger
        self.clock = clock
        self.version = version
        self.secretKey = secretKey
        vaults = VaultTable(store, secretKey: secretKey)
        dataDirectory = folder.path
        metrics = Metrics(models: rooms.figures)
        current = Mutex(configuration)
        reached = Mutex(Doors(address: nil, socket: folder.file(Self.socketName)))
    }

    /// Where it is reached now.
    public var doors: Doors { reached.withLock { $0 } }

    /// A one-time link that signs the user who runs this process in to the console.
    public func signInLink() async throws -> String {
        let principal = try await gate.identify(.localUser(uid: LocalUser.uid, name: LocalUser.name))
        let token = try await gate.signInLink(for: principal.id, from: LocalUser.peer.name)
        return "\(consoleAddress)/sign-in?token=\(Percent.encode(token.expose()))"
    }

    var consoleAddress: String {
        current.withLock { $0.server.publicAddress } ?? doors.address ?? "http://127.0.0.1:8700"
    }

    /// A bundle that could not be fetched yet may still bring it.
    private static func requireEntryPoint(_ configuration: HouseConfiguration, _ policy: HousePolicy) throws {
        do { try policy.store.require(configuration.gate.policy.required) } catch {
            guard let missing = policy.incomplete else { throw error }
            policy.logger.error(
                "everything is denied until the entry point is there",
                metadata: ["error": "\(error)", "policy": "\(missing)"])
        }
    }

    private static func randomName() -> String {
        var random = SystemRandomNumberGenerator()
        return Hex.encode((0..<6).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// `sun_path` of unix(7) takes 107 bytes and a zero.
    private static func checkSocketPath(_ path: String) throws {
        guard path.utf8.count <= 107 else {
            throw GatehouseError(
                "gatehouse", .invalid, "the data folder's path is too long for the socket in it: \(path)",
                hint: "choose a shorter one with --data")
        }
    }
}
