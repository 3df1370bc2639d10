import Core
import JSON
import Store

/// The actions that are kept, in the store: all but the reads that were answered at once.
struct ActionTable: Sendable {
    let store: Store

    /// Bytes of arguments and previews, and of an answer that is kept to be looked at again.
    static let greatestText = 4 << 20
    static let greatestAnswer = 1 << 20

    static let migrations = [
        Migration(
            id: "gate.001",
            steps: [
                .createTable(
                    "actions",
                    columns: [
                        .text("id", .primaryKey), .text("tool", .notNull), .text("target", .notNull),
                        .json("arguments", .notNull),
                        .text("effect", .notNull), .text("state", .notNull), .text("reason"), .json("preview"),
                        .json("principal", .notNull), .text("principal_id", .notNull), .text("session_id", .notNull),
                        .json("labels", .notNull), .text("idempotency_key"), .text("fingerprint"), .text("undoes"),
                        // What is undone right now or for good; empty again when the undoing came to nothing.
                        .text("undo_slot", .unique), .text("undone_by"), .json("answer"), .json("error"),
                        .integer("leaf"),
                        .time("submitted", .notNull), .time("finished"), .time("keep_until", .notNull),
                    ], unique: [["principal_id", "idempotency_key"]]),
                .createIndex(on: "actions", columns: ["state", "id"]),
                .createIndex(on: "actions", columns: ["keep_until"]),
            ])
    ]

    /// After those of the approvals.
    static let laterMigrations = [
        Migration(id: "gate.003", steps: [.addColumn(.bool("is_local"), to: "actions")])
    ]

    /// - Throws: `conflict` when another action undoes the same one, or has the same idempotency key.
    func insert(_ passage: Passage, state: ActionRecord.State, error: GatehouseError? = nil) async throws {
        try await store.write { tx in try Self.insert(passage, state, error, tx) }
    }

    static func insert(_ passage: Passage, _ state: ActionRecord.State, _ error: GatehouseError?, _ tx: Transaction)
        throws
    {
        let action = passage.action
        let arguments = try kept(action.arguments, "the arguments of \(action.tool)")
        let preview = try passage.preview.map { try kept($0.json, "the preview of \(action.tool)") }
        let isLive = state != .denied
        let until = passage.submitted + passage.session.sessionClass.retention
        do {
            try tx.execute(
                """
                INSERT INTO actions (id, tool, target, arguments, effect, state, reason, preview, principal, principal_id, session_id,
                    labels, idempotency_key, fingerprint, undoes, undo_slot, error, submitted, finished, keep_until,
                    class, retention, is_local)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(action.id), .text(action.tool), .text(action.target), .text(arguments),
                    .text(passage.effect.rawValue), .text(state.rawValue), Value(passage.reason),
                    Value(preview),
                    .text(passage.principal.json.text()), .text(passage.principal.id), .text(passage.session.id),
                    .text(passage.labels.json.text()), Value(isLive ? action.idempotencyKey : nil),
                    Value(passage.fingerprint),
                    Value(action.undoes), Value(isLive ? action.undoes : nil), Value(error?.json.text()),
                    .time(passage.submitted),
                    Value(isLive ? nil : passage.submitted), .time(until),
                    .text(passage.session.sessionClass.name),
                    .integer(passage.session.sessionClass.retention.microseconds), .bool(passage.isLocal),
                ])
        } catch let error as GatehouseError where error.code == .conflict && action.undoes != nil {
            throw GatehouseError(
                "gate", .conflict, "action \(action.undoes ?? "") is undone already, or is being undone", from: error)
        }
    }

    private static func kept(_ value: JSON, _ what: String) throws -> String {
        let text = value.text()
        guard text.utf8.count <= greatestText else {
            throw GatehouseError(
                "gate", .tooLarge, "\(what) would take \(text.utf8.count) bytes; at most \(greatestText) are kept")
        }
        return text
    }

    /// Keeps a refusal. An action that was waiting is found again; a read that was refused at once is in the ledger
    /// only.
    func refuse(_ passage: Passage, _ error: GatehouseError, at now: Timestamp) async throws {
        guard passage.isKept, passage.isInspected else { return }
        try await store.write { tx in
            let found = try tx.execute(
                """
                UPDATE actions SET state = 'denied', error = ?, idempotency_key = NULL, undo_slot = NULL, finished = ?
                WHERE id = ? AND state IN ('waiting', 'performing')
                """, [.text(error.json.text()), .time(now), .text(passage.id)])
            if found == 0, try tx.first("SELECT 1 AS one FROM actions WHERE id = ?", [.text(passage.id)]) == nil {
                try Self.insert(passage, .denied, error, tx)
            }
        }
    }

    /// Keeps how an action ended, if it is in the state that is expected.
    func finish(_ passage: Passage, _ conclusion: Gate.Conclusion, from state: ActionRecord.State, at time: Timestamp)
        async throws
    {
        // A secret that was revealed is given once and never kept.
        let keepsAnswer = conclusion.state == .done && conclusion.error == nil && passage.effect != .reveal
        let text = keepsAnswer ? conclusion.answer.value.text() : nil
        let answer = text.flatMap { $0.utf8.count <= Self.greatestAnswer ? $0 : nil }
        let holdsSlot = conclusion.state != .failed
        try await store.write { tx in
            let changed = try tx.execute(
                """
                UPDATE actions SET state = ?, answer = ?, error = ?, labels = ?, leaf = ?, finished = ?,
                    undo_slot = CASE WHEN ? = 1 THEN undo_slot ELSE NULL END
                WHERE id = ? AND state = ?
                """,
                [
                    .text(conclusion.state.rawValue), Value(answer),
                    Value(conclusion.error?.json.text()), .text(conclusion.labels.json.text()),
                    Value(conclusion.leaf.map { Int64(clamping: $0) }),
                    Value(conclusion.state == .unknown ? nil : time),
                    .bool(holdsSlot), .text(passage.id), .text(state.rawValue),
                ])
            guard changed == 1 else {
                throw GatehouseError("gate", .conflict, "action \(passage.id) is no longer \(state.rawValue)")
            }
            if conclusion.state == .done, let undone = passage.action.undoes {
                try tx.execute("UPDATE actions SET undone_by = ? WHERE id = ?", [.text(passage.id), .text(undone)])
            }
        }
    }

    /// - Returns: whether it was in the first state.
    @discardableResult
    func move(_ id: String, from: ActionRecord.State, to: ActionRecord.State) async throws -> Bool {
        try await store.write { tx in
            try tx.execute(
                "UPDATE actions SET state = ? WHERE id = ? AND state = ?",
                [.text(to.rawValue), .text(id), .text(from.rawValue)]) == 1
        }
    }

    // MARK: - Reading

    private static let columns = """
        id, tool, target, arguments, effect, state, reason, preview, principal, session_id, labels, idempotency_key, fingerprint, undoes,
        undone_by, answer, error, leaf, submitted, finished, class, retention, is_local
        """

    /// - Throws: `notFound`.
    func find(_ id: String) async throws -> KeptAction {
        guard let found = try await store.read({ tx in try Self.find(id, tx) }) else {
            throw GatehouseError(
                "gate", .notFound, "there is no action \"\(id.prefix(40))\"",
                hint: "reads that were answered at once are in the ledger only")
        }
        return found
    }

    static func find(_ id: String, _ tx: Transaction) throws -> KeptAction? {
        try tx.first("SELECT \(columns) FROM actions WHERE id = ?", [.text(id)]).map(KeptAction.init(row:))
    }

    func find(principal: String, idempotencyKey: String) async throws -> KeptAction? {
        try await store.read { tx in
            try tx.first(
                "SELECT \(Self.columns) FROM actions WHERE principal_id = ? AND idempotency_key = ?",
                [.text(principal), .text(idempotencyKey)]
            ).map(KeptAction.init(row:))
        }
    }

    /// Newest first.
    func list(limit: Int, before: String?, state: ActionRecord.State?) async throws -> [KeptAction] {
        let state = state?.rawValue
        return try await store.read { tx in
            let rows =
                if let state {
                    try tx.query(
                        "SELECT \(Self.columns) FROM actions WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?",
                        [.text(state), .text(before ?? "~"), Value(limit)])
                } else {
                    try tx.query(
                        "SELECT \(Self.columns) FROM actions WHERE id < ? ORDER BY id DESC LIMIT ?",
                        [.text(before ?? "~"), Value(limit)])
                }
            return try rows.map(KeptAction.init(row:))
        }
    }

    /// Forgets what has ended and is older than its session's class keeps it.
    /// - Returns: how many.
    func sweep(at time: Timestamp) async throws -> Int {
        try await store.write { tx in
            try tx.execute(
                "DELETE FROM actions WHERE keep_until < ? AND state IN ('done', 'failed', 'denied', 'expired')",
                [.time(time)])
        }
    }
}
