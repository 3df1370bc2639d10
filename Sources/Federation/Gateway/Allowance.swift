public import Core
public import Gate
import JSON

/// What somebody may call of the servers behind the gate, and what of it they do not.
public struct Allowance: Sendable {
    public let principal: Principal
    /// Tools that policy does not keep from them.
    public let permitted: Int
    /// Those of them that they have not called since; in the order of their names.
    public let unused: [CatalogueItem]
}

extension Federation {
    /// Who may call more than they do, those with most first.
    ///
    /// - Parameter time: what was last called before it counts as unused.
    public func allowances(
        of principals: [Principal], by gate: Gate, since time: Timestamp
    ) async throws -> [Allowance] {
        let (tools, clearances, uses) = (catalogue.tools.filter { $0.standing == .approved }, clearances, usage.all)
        var allowances: [Allowance] = []
        for principal in principals {
            let permitted = try await Foresight(gate: gate, principal: principal).permitted(
                tools, clearances: clearances
            ) { CallTool.request($0, [:]) }
            let unused = permitted.filter { tool in
                uses[UsageMeter.Key(item: tool.definition.key, principal: principal.id)].map { $0.last < time } ?? true
            }
            guard !unused.isEmpty else { continue }
            allowances.append(Allowance(principal: principal, permitted: permitted.count, unused: unused))
        }
        return allowances.sorted { ($1.unused.count, $0.principal.name) < ($0.unused.count, $1.principal.name) }
    }
}
