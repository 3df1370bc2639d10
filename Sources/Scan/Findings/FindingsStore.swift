public import Core
import JSON
public import Store

/// Keeps assessments and what became of their findings: each finding once a repository, with when it was first and
/// last seen, what people decided about it, and its history.
public struct FindingsStore: Sendable {
    /// Whole reports are kept for so many assessments of one repository; older ones keep their numbers.
    public static let keptReports = 20

    let store: Store
    /// Of Gatehouse, for reports.
    let version: String
    let levels: SharedServiceLevels
    let clock: any WallClock

    /// - Parameter levels: by when findings are due.
    public init(
        _ store: Store, version: String, levels: SharedServiceLevels = SharedServiceLevels(),
        clock: any WallClock = SystemWallClock()
    ) {
        self.store = store
        self.version = version
        self.levels = levels
        self.clock = clock
    }

    /// Records an assessment. A finding that is known already keeps its id, the time it was first seen, and what people
    /// decided about it; one that has moved to another file is recognised by its content; one that is gone from a place
    /// that was checked becomes `fixed`, and open again when it is back.
    ///
    /// - Returns: the assessment with its findings as they now stand.
    public func record(_ assessment: Assessment) async throws -> Assessment {
        try await settle()
        let levels = levels.current
        return try await store.write { tx in
            var importing = FindingsImport(assessment, levels, tx)
            return try importing.run()
        }
    }

    static func missing(_ kind: String, _ id: String) -> GatehouseError {
        GatehouseError(
            "scan", .notFound, "there is no \(kind) \(id.prefix(64))",
            hint: "list them first; ids begin with \(kind == "finding" ? "fnd_" : "asm_")")
    }
}

extension Severity {
    /// As the store orders it.
    var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}
