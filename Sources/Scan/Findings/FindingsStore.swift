import Core
import JSON
public import Store

/// Keeps assessments and what became of their findings: each finding once a repository, with when it was first and
/// last seen.
public struct FindingsStore: Sendable {
    /// Whole reports are kept for so many assessments of one repository; older ones keep their numbers.
    public static let keptReports = 20

    let store: Store
    /// Of Gatehouse, for reports.
    let version: String

    public init(_ store: Store, version: String) {
        self.store = store
        self.version = version
    }

    /// Records an assessment. A finding that is known already keeps its id, the time it was first seen, and what people
    /// decided about it; one that has moved to another file is recognised by its content; one that is gone from a place
    /// that was checked becomes `fixed`, and open again when it is back.
    ///
    /// - Returns: the assessment with its findings as they now stand.
    public func record(_ assessment: Assessment) async throws -> Assessment {
        try await store.write { tx in
            var importing = FindingsImport(assessment, tx)
            return try importing.run()
        }
    }

    /// Records what people decided about a finding: it holds through later assessments. `open` takes a decision back.
    ///
    /// - Throws: `notFound`; `invalid` for `fixed`, which only an assessment can tell.
    public func triage(_ findingID: String, as state: Finding.State, reason: String) async throws {
        guard state != .fixed else {
            throw GatehouseError("scan", .invalid, "a finding is fixed when an assessment does not find it any more")
        }
        let decision: (Value, Value) = state == .open ? (.null, .null) : (.text(state.rawValue), .text(reason))
        let changed = try await store.write { tx in
            try tx.execute(
                """
                UPDATE scan_findings SET state = CASE WHEN state = 'fixed' THEN state ELSE ? END, triage = ?, triage_reason = ?
                WHERE id = ?
                """,
                [.text(state.rawValue), decision.0, decision.1, .text(findingID)])
        }
        guard changed > 0 else { throw Self.missing("finding", findingID) }
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
