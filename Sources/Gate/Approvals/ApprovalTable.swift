import Core
import JSON
import Store

/// The approvals in the store. Every change of state says in its condition from which state it goes, so that it
/// happens once.
extension Approvals {
    static let migrations = [
        Migration(
            id: "gate.002",
            steps: [
                .createTable(
                    "approvals",
                    columns: [
                        .text("id", .primaryKey),
                        .reference("action_id", to: "actions", .notNull, .unique, onDelete: .cascade),
                        .text("binding", .notNull), .text("policy", .notNull), .json("roles", .notNull),
                        .integer("quorum", .notNull),
                        .integer("expires_in", .notNull), .text("state", .notNull), .time("requested", .notNull),
                        .time("expires", .notNull),
                    ]),
                .createIndex(on: "approvals", columns: ["state", "expires"]),
                .createTable(
                    "votes",
                    columns: [
                        .reference("approval_id", to: "approvals", .notNull, onDelete: .cascade),
                        .text("principal_id", .notNull),
                        .bool("approves", .notNull), .text("reason", .notNull), .json("roles", .notNull),
                        .time("time", .notNull),
                        // A vote counts once it is in the ledger.
                        .bool("counted", .notNull),
                    ], primaryKey: ["approval_id", "principal_id"]),
            ])
    ]

    static let select = """
        SELECT p.id, p.action_id, p.binding, p.policy, p.roles, p.quorum, p.expires_in, p.state, p.requested, p.expires,
            a.principal_id, a.tool, a.target, a.effect, a.reason, a.preview
        FROM approvals p JOIN actions a ON a.id = p.action_id
        """

    static func find(_ id: String, _ tx: Transaction) throws -> KeptApproval? {
        try tx.first("\(select) WHERE p.id = ?", [.text(id)]).map {
            try KeptApproval(row: $0, votes: votes(on: id, tx))
        }
    }

    static func votes(on id: String, _ tx: Transaction) throws -> [KeptApproval.Vote] {
        try tx.query(
            "SELECT principal_id, approves, reason, roles, time FROM votes WHERE approval_id = ? AND counted = 1 ORDER BY time",
            [.text(id)]
        ).map { row in
            KeptApproval.Vote(
                vote: ApprovalVote(
                    principalID: try row.text("principal_id"), approves: try row.bool("approves"),
                    reason: try row.text("reason"),
                    time: try row.time("time")),
                roles: try KeptAction.json("roles", in: row, Set<String>.init(json:)))
        }
    }

    /// Keeps the action and the approval that it waits for.
    func open(_ approval: Approval, for passage: Passage) async throws {
        try await store.write { tx in
            try ActionTable.insert(passage, .waiting, nil, tx)
            try tx.execute(
                """
                INSERT INTO approvals (id, action_id, binding, policy, roles, quorum, expires_in, state, requested, expires)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)
                """,
                [
                    .text(approval.id), .text(approval.actionID), .text(approval.binding),
                    .text(approval.policyRevision),
                    .text(approval.rule.roles.json.text()), Value(approval.rule.quorum),
                    .integer(approval.rule.expires.microseconds),
                    .time(approval.requested), .time(approval.expires),
                ])
        }
    }

    /// Reserves the voter's place, while the vote is not yet in the ledger.
    /// - Throws: `conflict` for a second vote, or when the approval no longer waits.
    func cast(_ vote: ApprovalVote, roles: Set<String>, on id: String) async throws {
        try await store.write { tx in
            guard let found = try Self.find(id, tx) else { throw Self.settled(id, nil) }
            guard found.approval.state == .waiting else { throw Self.settled(id, found.approval.state) }
            do {
                try tx.execute(
                    "INSERT INTO votes (approval_id, principal_id, approves, reason, roles, time, counted) VALUES (?, ?, ?, ?, ?, ?, 0)",
                    [
                        .text(id), .text(vote.principalID), .bool(vote.approves), .text(vote.reason),
                        .text(roles.json.text()),
                        .time(vote.time),
                    ])
            } catch let error as GatehouseError where error.code == .conflict {
                throw GatehouseError(
                    "gate", .conflict, "\(vote.principalID) has voted on \(id) already",
                    hint: "each person has one vote")
            }
        }
    }

    /// Takes back a vote that did not get into the ledger.
    func withdraw(_ voter: String, on id: String) async throws {
        try await store.write { tx in
            try tx.execute(
                "DELETE FROM votes WHERE approval_id = ? AND principal_id = ? AND counted = 0",
                [.text(id), .text(voter)])
        }
    }

    /// Counts a vote that is in the ledger. A denial ends the approval; the vote that fulfils the quorum carries it.
    /// - Throws: `conflict` when others have settled it in the meantime.
    func count(_ voter: String, on id: String, _ isEligible: @escaping @Sendable (String) -> Bool) async throws
        -> KeptApproval
    {
        try await store.write { tx in
            try tx.execute(
                "UPDATE votes SET counted = 1 WHERE approval_id = ? AND principal_id = ?", [.text(id), .text(voter)])
            guard let found = try Self.find(id, tx) else { throw Self.settled(id, nil) }
            let isDenied = found.votes.contains { !$0.vote.approves }
            guard isDenied || found.satisfies(found.approval.rule, isEligible) else {
                guard found.approval.state == .waiting else { throw Self.settled(id, found.approval.state) }
                return found
            }
            guard try Self.move(id, from: .waiting, to: isDenied ? .denied : .approved, tx),
                let settled = try Self.find(id, tx)
            else {
                throw Self.settled(id, found.approval.state)
            }
            return settled
        }
    }

    /// Uses an approval up: it is good for performing its action once.
    /// - Throws: `conflict` when it has been used, or was never carried.
    func consume(_ id: String, for actionID: String) async throws {
        try await store.write { tx in
            guard try Self.move(id, from: .approved, to: .consumed, tx),
                try tx.execute(
                    "UPDATE actions SET state = 'performing' WHERE id = ? AND state = 'waiting'", [.text(actionID)])
                    == 1
            else { throw Self.settled(id, try Self.find(id, tx)?.approval.state) }
        }
    }

    /// Ends an approval that can no longer lead to anything.
    func void(_ id: String, from state: Approval.State, to end: Approval.State) async throws {
        _ = try await store.write { tx in try Self.move(id, from: state, to: end, tx) }
    }

    /// Ends what nobody settled in time, with the actions that waited for it.
    /// - Returns: the ids of those actions.
    func expire(at now: Timestamp) async throws -> [String] {
        try await store.write { tx in
            let expired = try tx.query(
                "UPDATE approvals SET state = 'expired' WHERE state = 'waiting' AND expires <= ? RETURNING action_id",
                [.time(now)])
            let ids = try expired.map { try $0.text("action_id") }
            for id in ids {
                try tx.execute(
                    """
                    UPDATE actions SET state = 'expired', idempotency_key = NULL, undo_slot = NULL, finished = ?
                    WHERE id = ? AND state = 'waiting'
                    """, [.time(now), .text(id)])
            }
            return ids
        }
    }

    /// What the last run left: votes that never got into the ledger go, approvals that were carried are still to be
    /// performed.
    /// - Returns: the ids of those.
    func recover() async throws -> [String] {
        try await store.write { tx in
            try tx.execute("DELETE FROM votes WHERE counted = 0")
            return try tx.query("SELECT id FROM approvals WHERE state = 'approved' ORDER BY id").map {
                try $0.text("id")
            }
        }
    }

    private static func move(_ id: String, from: Approval.State, to: Approval.State, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            "UPDATE approvals SET state = ? WHERE id = ? AND state = ?",
            [.text(to.rawValue), .text(id), .text(from.rawValue)]) == 1
    }

    /// Why an approval takes no more votes.
    static func settled(_ id: String, _ state: Approval.State?) -> GatehouseError {
        let what =
            switch state {
            case .consumed: "has been used: an approval is good for one performance of one action"
            case .approved: "has been agreed to already"
            case .denied: "was denied"
            case .expired: "has expired"
            case .waiting, nil: "is no longer there"
            }
        return GatehouseError(
            "gate", .conflict, "approval \(id.prefix(40)) \(what)", hint: "submit the action again to ask anew")
    }
}

extension KeptApproval {
    init(row: Row, votes: [Vote]) throws {
        let preview = try KeptAction.optionalJSON("preview", in: row).flatMap(Preview.init(json:))
        let rule = ApprovalRule(
            roles: try KeptAction.json("roles", in: row, Set<String>.init(json:)), quorum: try row.int("quorum"),
            expires: .microseconds(try row.integer("expires_in")))
        approval = Approval(
            id: try row.text("id"), actionID: try row.text("action_id"), requesterID: try row.text("principal_id"),
            tool: try row.text("tool"), target: try row.text("target"),
            effect: try KeptAction.value(of: "effect", in: row, Effect.init(rawValue:)),
            reason: try row.optionalText("reason"),
            preview: preview ?? Preview(summary: "", undo: nil), binding: try row.text("binding"),
            policyRevision: try row.text("policy"), rule: rule, votes: votes.map(\.vote),
            state: try KeptAction.value(of: "state", in: row, Approval.State.init(rawValue:)),
            requested: try row.time("requested"),
            expires: try row.time("expires"))
        self.votes = votes
    }
}

extension Set<String> {
    var json: JSON { .array(sorted().map { .string($0) }) }

    init?(json: JSON) {
        guard let texts = json.array else { return nil }
        self = Set(texts.compactMap(\.string))
    }
}
