import Core
import JSON
import Store

/// The approvals that were asked for. Votes go through ``Gate/approve(_:binding:by:reason:)`` and
/// ``Gate/deny(_:by:reason:)``.
public final class Approvals: Sendable {
    let store: Store

    init(store: Store) { self.store = store }

    /// - Throws: `notFound`.
    public func approval(_ id: String) async throws -> Approval { try await kept(id).approval }

    /// Newest first.
    /// - Parameters:
    ///   - limit: at most 1000.
    ///   - before: only those with an id before this one (the last of the page before).
    public func list(state: Approval.State? = nil, limit: Int = 100, before: String? = nil) async throws -> [Approval] {
        let limit = min(max(limit, 1), 1000)
        let (condition, arguments): (String, [Value]) =
            state.map { ("p.state = ? AND ", [.text($0.rawValue)]) } ?? ("", [])
        return try await store.read { tx in
            try tx.query(
                "\(Self.select) WHERE \(condition)p.id < ? ORDER BY p.id DESC LIMIT ?",
                arguments + [.text(before ?? "~"), Value(limit)]
            ).map { try KeptApproval(row: $0, votes: Self.votes(on: $0.text("id"), tx)).approval }
        }
    }

    package func approval(ofAction id: String) async throws -> Approval {
        let row = try await store.read { tx in try tx.first("SELECT id FROM approvals WHERE action_id = ?", [.text(id)])
        }
        guard let row else { throw GatehouseError("gate", .notFound, "action \(id) waits for no approval") }
        return try await approval(try row.text("id"))
    }

    func kept(_ id: String) async throws -> KeptApproval {
        guard let found = try await store.read({ tx in try Self.find(id, tx) }) else {
            throw GatehouseError(
                "gate", .notFound, "there is no approval \"\(id.prefix(40))\"",
                hint: "list the approvals that are waiting")
        }
        return found
    }
}

/// An approval with the roles that its voters had when they voted.
struct KeptApproval: Sendable {
    struct Vote: Sendable {
        let vote: ApprovalVote
        let roles: Set<String>
    }

    var approval: Approval
    var votes: [Vote]

    /// Whether enough of those who agreed fulfil a rule.
    func satisfies(_ rule: ApprovalRule, _ isEligible: (String) -> Bool) -> Bool {
        votes.count { $0.vote.approves && !rule.roles.isDisjoint(with: $0.roles) && isEligible($0.vote.principalID) }
            >= rule.quorum
    }
}
