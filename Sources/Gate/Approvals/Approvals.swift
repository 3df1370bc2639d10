public import Core
import Store

/// The approvals that were asked for. Votes go through ``Gate/approve(_:binding:by:reason:)`` and ``Gate/deny(_:by:reason:)``.
public final class Approvals: Sendable {
    /// - Throws: `notFound`.
    public func approval(_ id: String) async throws -> Approval { throw GatehouseError("gate", .unsupported, "not yet") }

    /// Newest first.
    /// - Parameters:
    ///   - limit: at most 1000.
    ///   - before: only those with an id before this one (the last of the page before).
    public func list(state: Approval.State? = nil, limit: Int = 100, before: String? = nil) async throws -> [Approval] { [] }
}
