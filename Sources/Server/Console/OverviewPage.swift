import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger

/// The first page, and one action's.
struct OverviewPage: Sendable {
    let page: Page
    let rooms: Rooms
    let findings: FindingPages

    var routes: [Route] {
        [
            Route(.get, "/", access: .console, handler: overview),
            Route(.get, "/actions/{id}", access: .console, handler: action),
            Route(.post, "/actions/{id}/undo", access: .console, unhurried: true) { call in
                _ = try page.form(call)
                let submission = try await rooms.gate.undo(
                    call.parameter("id"), as: try rooms.caller(call), reason: "from the console")
                if case .waiting(_, let approval) = submission {
                    return .seeOther("/approvals/\(approval.id)?notice=waiting")
                }
                return .seeOther("/actions/\(call.parameter("id"))?notice=undone")
            },
        ]
    }

    private func overview(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let all = try rooms.mayWatch(call)
        let own = try call.principal().id
        let names = try await Names(rooms)
        let waiting = try await rooms.gate.approvals.list(state: .waiting, limit: 1000).filter {
            all || $0.requesterID == own
        }
        let actions = try await rooms.gate.actions(limit: 12).filter { all || $0.principalID == own }
        let sessions = try await rooms.gate.sessions.list().filter { all || $0.principalID == own }
        let counts = try await findings.openCounts()
        let overdue = try await findings.overdueCount()
        let values: Shown.Values = [
            "waiting": Self.tile(waiting, now), "sessions": Self.tile(sessions), "findings": Self.tile(counts, overdue),
            "ledger": ledgerHead(), "bars": Self.bars(counts),
            "approvals": waiting.prefix(5).map { one -> Shown.Values in
                [
                    "id": one.id, "summary": one.preview.summary, "requester": names[one.requesterID], "tool": one.tool,
                    "expiry": Shown.time(one.expires, at: now),
                ]
            },
            "actions": ["any": !actions.isEmpty, "rows": actions.map { Self.row($0, names, now) }],
            "budgets": Shown.budgets(
                rooms.gate.budgets.standing().filter { all || $0.holder == nil || $0.holder == own }, at: now),
        ]
        return try page.response(
            "overview", title: "Overview", place: "/", call: call, waiting: waiting.count, values: values)
    }

    private static func tile(_ waiting: [Approval], _ now: Timestamp) -> Shown.Values {
        let oldest = waiting.map(\.requested).min()
        return [
            "count": Shown.number(waiting.count), "any": !waiting.isEmpty,
            "note": oldest.map { "oldest asked \(Shown.age(of: $0, at: now))" } ?? "nothing waits",
        ]
    }

    private static func tile(_ sessions: [Session]) -> Shown.Values {
        let broken = sessions.filter { $0.breakGlass != nil }.count
        let labelled = sessions.filter { !$0.labels.isEmpty }.count
        return [
            "count": Shown.number(sessions.count),
            "note": broken > 0 ? "\(broken) with broken glass" : "\(labelled) with labels",
        ]
    }

    private static func tile(_ counts: [Severity: Int], _ overdue: Int) -> Shown.Values {
        let urgent = (counts[.critical] ?? 0) + (counts[.high] ?? 0)
        let late = overdue == 0 ? "" : ", \(Shown.number(overdue)) overdue"
        return [
            "count": Shown.number(counts.values.reduce(0, +)),
            "note": "\(Shown.number(urgent)) critical or high\(late)",
        ]
    }

    private static func bars(_ counts: [Severity: Int]) -> [Shown.Values] {
        let most = max(1, counts.values.max() ?? 0)
        return Severity.allCases.reversed().map { severity in
            let count = counts[severity] ?? 0
            var bar = Shown.chip(severity)
            bar["count"] = Shown.number(count)
            bar["share"] = count == 0 ? 0 : max(1.5, Double(count) / Double(most) * 100)
            return bar
        }
    }

    private func ledgerHead() -> Shown.Values {
        let root = Hex.encode(rooms.ledger.root.bytes)
        let signed = try? Checkpoint(parsing: rooms.ledger.latestCheckpoint.text)
        return [
            "size": Shown.number(rooms.ledger.size), "root": Shown.short(root), "rootWhole": root,
            "signed": signed.flatMap {
                $0.size > 0 ? "over \(Shown.count(Int(clamping: $0.size), "entry", "entries"))" : nil
            } ?? "not yet",
        ]
    }

    static func row(_ record: ActionRecord, _ names: Names, _ now: Timestamp) -> Shown.Values {
        [
            "id": record.action.id, "tool": record.action.tool, "target": record.action.target,
            "by": names[record.principalID],
            "effect": Shown.chip(record.effect), "state": Shown.chip(record.state),
            "when": Shown.time(record.submitted, at: now),
        ]
    }

    private func action(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let record: ActionRecord
        do {
            record = try await rooms.gate.action(call.parameter("id"))
        } catch let error as GatehouseError where error.code == .notFound { return try await recorded(call, error) }
        guard try rooms.mayWatch(call) || record.principalID == call.principal().id else {
            throw GatehouseError("console", .notFound, "there is no such action")
        }
        let names = try await Names(rooms)
        var values = Self.row(record, names, now)
        values["session"] = record.sessionID
        values["arguments"] = Shown.pretty(record.action.arguments) ?? "{}"
        values["diff"] = Shown.diff(record.preview?.diff ?? "")
        values["summary"] = record.preview?.summary ?? ""
        values["canUndo"] = record.state == .done && record.preview?.undo != nil && record.undoneBy == nil
        if let error = record.error { values["error"] = error }
        if let answer = Shown.pretty(record.answer) { values["answer"] = answer }
        if let reason = record.reason { values["reason"] = reason }
        if let undoneBy = record.undoneBy { values["undoneBy"] = undoneBy }
        if let undoes = record.action.undoes { values["undoes"] = undoes }
        let waiting = try await rooms.waitingCount()
        return try page.response(
            "action", title: record.action.tool, place: "/", call: call, waiting: waiting, values: values)
    }
}

extension OverviewPage {
    /// - Throws: `missing` where nothing is on the record either.
    private func recorded(_ call: Call, _ missing: GatehouseError) async throws -> Response {
        guard let action = try RecordedAction(call.parameter("id"), in: rooms.ledger),
            try rooms.mayWatch(call) || action.principalID == call.principal().id
        else { throw missing }
        let names = try await Names(rooms)
        return try page.response(
            "action", title: action.tool, place: "/", call: call, waiting: try await rooms.waitingCount(),
            values: action.values(names, rooms.clock.now()))
    }
}

/// Names of principals, for people: a page shows who, not which id.
struct Names: Sendable {
    private let names: [String: String]

    init(_ rooms: Rooms) async throws {
        let all = try await rooms.gate.identity.principals()
        names = Dictionary(all.map { ($0.id, $0.name) }) { first, _ in first }
    }

    subscript(id: String) -> String { names[id] ?? id }
}

extension Rooms {
    func waitingCount() async throws -> Int { try await gate.approvals.list(state: .waiting, limit: 1000).count }
}
