import Core
import Gate
import JSON
import Store

/// The journals of runs in the store: what is appended is one durable transaction, together with the run's own row.
struct Journal: Sendable {
    let store: Store

    private static let overList = "('succeeded', 'failed', 'cancelled', 'undone')"
    private static let limits = JSON.Limits(bytes: 64 << 20, depth: 512, values: .max)

    /// A run that is to begin.
    struct NewRun: Sendable {
        var workflow: Workflow
        var start: RunStart
        var group: String?
    }

    enum Begun: Sendable {
        /// - replacing: runs of its group that are to end first.
        case begun(RunRecord, replacing: [String])
        /// It was begun before.
        case known(RunRecord)
        /// Not begun, because this one of its group runs.
        case skipped(String)
    }

    // MARK: Writing

    /// Keeps the definition and the run's first entry.
    /// - Parameter also: done in the same transaction, where the run begins.
    func begin(
        _ new: NewRun, at now: Timestamp, also: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> Begun {
        let text = new.workflow.kept.text()
        let definition = Digest.of(text.utf8)
        return try await store.write { tx in
            if let known = try Self.find(new.start.id, tx) { return .known(known) }
            var start = new.start
            var replaced: [String] = []
            if let group = new.group {
                let others = try Self.open(in: group, besides: start.parent?.run, tx)
                let policy = new.workflow.concurrency?.policy ?? .queue
                if let first = others.first, policy == .skip {
                    try also(tx)
                    return .skipped(first)
                }
                start.isQueued = !others.isEmpty
                if policy == .replace { replaced = others }
            }
            try also(tx)
            try tx.execute(
                """
                INSERT INTO flow_definition (id, workflow, version, text, kept) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
                [
                    .text(definition), .text(new.workflow.name), .text(new.workflow.version), .text(text), .time(now),
                ])
            let state: RunStatus = start.isQueued ? .queued : .running
            try tx.execute(
                """
                INSERT INTO flow_run (id, workflow, version, definition, state, principal_id, cause, parent, depth,
                    run_group, turn, entries, started, updated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    (SELECT COALESCE(MAX(turn), 0) + 1 FROM flow_run WHERE run_group = ?), 1, ?, ?)
                """,
                [
                    .text(start.id), .text(new.workflow.name), .text(new.workflow.version), .text(definition),
                    .text(state.rawValue), .text(start.principal.id), .text(start.trigger.rawValue),
                    Value(start.parent?.run), Value(start.depth), Value(new.group), Value(new.group), .time(now),
                    .time(now),
                ])
            try Self.insert([RunEvent(.started(start), at: now)], of: start.id, from: 0, tx)
            guard let record = try Self.find(start.id, tx) else { throw Self.unreadable("run \(start.id)") }
            return .begun(record, replacing: replaced)
        }
    }

    /// - Throws: `conflict` where somebody else has written to this journal.
    func append(_ events: [RunEvent], to state: RunState) async throws {
        guard let last = events.last else { return }
        let listens = state.listens
        let names = listens.isEmpty ? nil : "\n\(listens.sorted().joined(separator: "\n"))\n"
        try await store.write { tx in
            let written = try tx.execute(
                """
                UPDATE flow_run SET state = ?, entries = ?, listens = ?, error = ?, outputs = ?, updated = ?, finished = ?
                WHERE id = ? AND entries = ?
                """,
                [
                    .text(state.status.rawValue), Value(state.entries), Value(names), Value(state.error?.json.text()),
                    Value(state.end.map { JSON.object($0.outputs).text() }), .time(last.time),
                    Value(state.end == nil ? nil : last.time), .text(state.id), Value(state.entries - events.count),
                ])
            guard written == 1 else {
                throw GatehouseError("flow", .conflict, "the journal of \(state.id) was written by somebody else")
            }
            try Self.insert(events, of: state.id, from: state.entries - events.count, tx)
        }
    }

    private static func insert(_ events: [RunEvent], of run: String, from number: Int, _ tx: Transaction) throws {
        for (offset, event) in events.enumerated() {
            try tx.execute(
                "INSERT INTO flow_event (run_id, number, time, entry) VALUES (?, ?, ?, ?)",
                [.text(run), Value(number + offset), .time(event.time), .text(event.json.text())])
        }
    }

    // MARK: Tidying

    /// Deletes runs that ended before, the oldest first, and versions of workflows that no run is pinned to any more. A
    /// run below another stays as long as that one does. What runs did stays in the ledger.
    /// - Returns: how many runs there were, at most the limit.
    func forget(before: Timestamp, limit: Int) async throws -> Int {
        let over = RunStatus.allCases.filter(\.isOver)
        let states = over.map { _ in "?" }.joined(separator: ", ")
        let sql = """
            DELETE FROM flow_run WHERE id IN (
                SELECT r.id FROM flow_run r WHERE r.finished < ? AND r.state IN (\(states))
                    AND NOT EXISTS (SELECT 1 FROM flow_run p WHERE p.id = r.parent)
                ORDER BY r.finished LIMIT ?)
            """
        let arguments = [Value.time(before)] + over.map { .text($0.rawValue) } + [Value(limit)]
        return try await store.write { tx in
            let count = try tx.execute(sql, arguments)
            guard count > 0 else { return 0 }
            try tx.execute(
                "DELETE FROM flow_definition WHERE kept < ? AND id NOT IN (SELECT definition FROM flow_run)",
                [.time(before)])
            return count
        }
    }

    // MARK: Reading

    /// The workflow that a run is pinned to, and its journal folded.
    /// - Throws: `notFound`, `corrupt`.
    func load(_ run: String) async throws -> RunState {
        let (text, events) = try await store.read { tx -> (String, [RunEvent]) in
            guard
                let row = try tx.first(
                    "SELECT d.text AS text FROM flow_run r JOIN flow_definition d ON d.id = r.definition WHERE r.id = ?",
                    [.text(run)])
            else { throw Self.unknown(run) }
            var events: [RunEvent] = []
            try tx.forEach("SELECT time, entry FROM flow_event WHERE run_id = ? ORDER BY number", [.text(run)]) { row in
                events.append(try Self.event(row))
                return true
            }
            return (try row.text("text"), events)
        }
        return try RunState(try Workflow(kept: try Self.parse(text, "a workflow")), replaying: events)
    }

    /// - Throws: `notFound`.
    func record(_ run: String) async throws -> RunRecord {
        guard let found = try await store.read({ try Self.find(run, $0) }) else { throw Self.unknown(run) }
        return found
    }

    /// Newest first.
    func records(
        workflow: String?, status: RunStatus?, principal: String?, parent: String?, limit: Int, before: String?
    ) async throws -> [RunRecord] {
        var conditions = ["id < ?"]
        var arguments: [Value] = [.text(before ?? "~")]
        for (column, value) in [
            ("workflow", workflow), ("state", status?.rawValue), ("principal_id", principal), ("parent", parent),
        ] {
            guard let value else { continue }
            conditions.append("\(column) = ?")
            arguments.append(.text(value))
        }
        let sql = """
            SELECT \(RunRecord.columns) FROM flow_run WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id DESC LIMIT ?
            """
        let bound = arguments + [Value(limit)]
        return try await store.read { tx in try tx.query(sql, bound).map(RunRecord.init(row:)) }
    }

    /// In order, from this number on.
    func entries(of run: String, from number: Int, limit: Int) async throws -> [JournalEntry] {
        try await store.read { tx in
            guard try Self.find(run, tx) != nil else { throw Self.unknown(run) }
            return try tx.query(
                "SELECT number, time, entry FROM flow_event WHERE run_id = ? AND number >= ? ORDER BY number LIMIT ?",
                [.text(run), Value(number), Value(limit)]
            ).map { JournalEntry(number: try $0.int("number"), event: try Self.event($0)) }
        }
    }

    /// Those that are not over, oldest first, with those whom they act as.
    func open() async throws -> [(id: String, principalID: String)] {
        try await store.read { tx in
            try tx.query(
                "SELECT id, principal_id FROM flow_run WHERE state NOT IN \(Self.overList) ORDER BY id"
            ).map { (try $0.text("id"), try $0.text("principal_id")) }
        }
    }

    /// Those that wait for an event of this name.
    func listening(to name: String) async throws -> [String] {
        try await store.read { tx in
            try tx.query(
                "SELECT id, listens FROM flow_run WHERE listens IS NOT NULL AND state NOT IN \(Self.overList) ORDER BY id"
            ).filter { try $0.text("listens").utf8.split(separator: 0x0A).contains { $0.elementsEqual(name.utf8) } }
                .map { try $0.text("id") }
        }
    }

    /// The run of a group whose turn it is: the oldest that waits for none of the group but those it is part of.
    func nextQueued(in group: String) async throws -> String? {
        try await store.read { tx in
            let open = try tx.query(
                """
                SELECT id, state, parent FROM flow_run WHERE run_group = ? AND state NOT IN \(Self.overList)
                ORDER BY turn
                """,
                [.text(group)])
            let running = Set(try open.filter { try $0.text("state") != "queued" }.map { try $0.text("id") })
            return try open.first { row in
                guard try row.text("state") == "queued" else { return false }
                if running.isEmpty { return true }
                return running.isSubset(of: try Self.above(try row.optionalText("parent"), tx))
            }?.text("id")
        }
    }

    // MARK: Rows

    static func find(_ run: String, _ tx: Transaction) throws -> RunRecord? {
        try tx.first("SELECT \(RunRecord.columns) FROM flow_run WHERE id = ?", [.text(run)])
            .map(RunRecord.init(row:))
    }

    /// Runs of a group that are not over, but for those that the new one is part of: these wait for it.
    private static func open(in group: String, besides parent: String?, _ tx: Transaction) throws -> [String] {
        let above = try above(parent, tx)
        return try tx.query(
            "SELECT id FROM flow_run WHERE run_group = ? AND state NOT IN \(overList) ORDER BY id", [.text(group)]
        ).map { try $0.text("id") }.filter { !above.contains($0) }
    }

    /// A run and all that it is part of.
    private static func above(_ parent: String?, _ tx: Transaction) throws -> Set<String> {
        var above: Set<String> = []
        var next = parent
        while let id = next, above.insert(id).inserted { next = try find(id, tx)?.parent }
        return above
    }

    private static func event(_ row: Row) throws -> RunEvent {
        try RunEvent(try parse(try row.text("entry"), "an entry of a journal"), at: try row.time("time"))
    }

    static func json(_ row: Row, _ column: String) throws -> JSON? {
        try row.optionalText(column).map { try parse($0, column) }
    }

    private static func parse(_ text: String, _ what: String) throws -> JSON {
        guard let json = try? JSON.parse(text, limits: limits) else { throw unreadable(what) }
        return json
    }

    static func unreadable(_ what: String) -> GatehouseError {
        GatehouseError("flow", .corrupt, "\(what) cannot be read", hint: "check the database, or restore a backup")
    }

    static func unknown(_ run: String) -> GatehouseError {
        GatehouseError("flow", .notFound, "there is no run \"\(run.prefix(40))\"", hint: "list the runs that there are")
    }
}
