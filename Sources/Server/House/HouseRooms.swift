import Core
import Gate
import Privacy
import Scan
import Store

/// What the rooms of the house bring to the gate: their tables, tools and inspectors, in one list each.
struct HouseRooms: Sendable {
    let findings: FindingsStore
    let tools: [any Tool]
    let inspectors: [any Inspector]
    let policy = LatePolicy()
    let assessRoots = AssessRoots()

    static var migrations: [Migration] { Gate.migrations + Scan.migrations + PolicyTable.migrations }

    init(store: Store, version: String, clock: any WallClock) throws {
        findings = FindingsStore(store, version: version)
        let detector = try SecretDetector()
        let assessor = Assessor(scanners: [SecretScanner(detector)], clock: clock)
        tools = [AssessTool(assessor: assessor, findings: findings, roots: assessRoots)] + PolicyTools.all(policy)
        inspectors = [SecretInspector(detector)]
    }
}
