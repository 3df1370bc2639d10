import Core
import Gate
import Models
import Observe
import Privacy
import Scan
import Store

/// What the rooms of the house bring to the gate: their tables, tools and inspectors, in one list each.
struct HouseRooms: Sendable {
    let findings: FindingsStore
    let tools: [any Tool]
    let inspectors: [any Inspector]
    let policy = LatePolicy()
    let models: ModelGateway
    let figures = ModelFigures()
    let assessRoots = AssessRoots()
    let telemetry: Telemetry

    static var migrations: [Migration] { Gate.migrations + Scan.migrations + PolicyTable.migrations }

    /// - Parameter instance: the name of this house among others.
    init(
        _ configuration: HouseConfiguration, store: Store, version: String, instance: String, clock: any WallClock
    ) throws {
        telemetry = Telemetry(version: version, instance: instance, clock: clock)
        telemetry.adopt(configuration)
        findings = FindingsStore(store, version: version)
        let detector = try SecretDetector()
        let assessor = Assessor(scanners: [SecretScanner(detector)], clock: clock)
        models = ModelGateway(
            configuration.models, privacy: try ModelPrivacy(configuration.privacy), clock: clock,
            observe: figures.observe)
        tools =
            [AssessTool(assessor: assessor, findings: findings, roots: assessRoots)] + models.tools
            + PolicyTools.all(policy)
        inspectors = [SecretInspector(detector)]
    }
}
