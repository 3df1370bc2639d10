import Core
import Flow
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// One run: how far it is, drawn; what happened in it, step by step; and the ways to end it or take it back.
struct RunPages: Sendable {
    let page: Page
    let rooms: Rooms
    let workflows: HouseWorkflows

    /// Entries of a journal on one page.
    private static let listed = 500

    var routes: [Route] {
        [Route(.get, "/runs/{id}", access: .console, handler: show)]
            + ["cancel", "undo"].map { deed in
                Route(.post, "/runs/{id}/\(deed)", access: .console, unhurried: true) { call in
                    try await intervene(deed, call)
                }
            }
    }

    static func row(_ run: RunRecord, _ names: Names, _ now: Timestamp) -> Shown.Values {
        var row: Shown.Values = [
            "id": run.id, "workflow": run.workflow, "who": names[run.principalID], "by": run.trigger.rawValue,
            "state": chip(run.status), "when": Shown.time(run.started, at: now),
        ]
        row["took"] = run.finished.map { span($0 - run.started) }
        return row
    }

    private func show(_ call: Call) async throws -> Response {
        let id = call.parameter("id")
        let run = try await workflows.engine.run(id)
        guard try rooms.mayWatch(call) || run.principalID == call.principal().id else {
            throw GatehouseError("console", .notFound, "there is no run \"\(id.prefix(40))\"")
        }
        let now = rooms.clock.now()
        let names = try await Names(rooms)
        let state = try await workflows.engine.state(of: id)
        let entries = try await workflows.engine.journal(of: id, limit: Self.listed)
        let states = Dictionary(
            uniqueKeysWithValues: state.workflow.steps.map { ($0.id, state.state(of: $0.id).rawValue) })
        var values = Self.row(run, names, now)
        values["title"] = state.workflow.title.isEmpty ? run.workflow : state.workflow.title
        values["version"] = Shown.short(run.version)
        values["graph"] = WorkflowGraph(state.workflow).svg(states: states, styled: false)
        values["inputs"] = Shown.pretty(.object(state.start.inputs))
        values["outputs"] = Shown.pretty(run.outputs)
        values["error"] = run.error?.message
        values["entries"] = entries.map { Self.entry($0, now) }
        values["cut"] = run.entries > entries.count ? Shown.number(run.entries - entries.count) : nil
        values["canCancel"] = !run.status.isOver
        values["canUndo"] = run.status.isOver && run.status != .undone
        if let parent = run.parent { values["parent"] = parent }
        return try page.response(
            "run", title: run.workflow, place: "/workflows", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    /// An entry of the journal with what it leads to.
    private static func entry(_ entry: JournalEntry, _ now: Timestamp) -> Shown.Values {
        let json = entry.json
        var row: Shown.Values = [
            "number": entry.number, "when": Shown.time(entry.event.time, at: now),
            "step": json["step"]?.string.map { step in
                json["index"].map { "\(step)[\($0.text())]" } ?? step
            } ?? "", "kind": json["kind"]?.string ?? "",
        ]
        row["isUndo"] = json["is_undo"]?.bool == true
        row["action"] = json["action"]?.string
        row["approval"] = json["approval"]?.string
        if json["kind"] == "child" { row["run"] = json["run"]?.string }
        row["error"] = json["error"]?["message"]?.string
        row["detail"] = detail(json)
        return row
    }

    private static let toldElsewhere: Set<String> = [
        "kind", "step", "index", "is_undo", "number", "time", "action", "approval", "error",
    ]

    private static func detail(_ json: JSON) -> String? {
        guard let members = json.object else { return nil }
        let rest = JSONObject(members.filter { !toldElsewhere.contains($0.key) }.map { ($0.key, $0.value) })
        return Shown.pretty(.object(rest))
    }

    private func intervene(_ deed: String, _ call: Call) async throws -> Response {
        let form = try page.form(call)
        let id = call.parameter("id")
        let submission = try await rooms.administer(
            "workflow.\(deed)", "run:\(id)",
            ["run": .string(id), "reason": .string(form["reason"] ?? "from the console")], call)
        if case .waiting(_, let approval) = submission {
            return .seeOther("/approvals/\(approval.id)?notice=waiting")
        }
        return .seeOther("/runs/\(id)")
    }

    private static func chip(_ status: RunStatus) -> Shown.Values {
        let shape =
            switch status {
            case .succeeded: "s-yes"
            case .failed: "s-no"
            case .waiting, .queued: "s-wait"
            case .running, .undoing: "s-run"
            case .stuck: "s-unknown"
            case .cancelled, .undone: "s-info"
            }
        let kind =
            switch status {
            case .succeeded: "done"
            case .running, .undoing: "performing"
            case .queued: "waiting"
            case .stuck: "unknown"
            default: status.rawValue
            }
        return Shown.chip(kind, shape, status.rawValue)
    }

    private static func span(_ time: Duration) -> String {
        let milliseconds = time.microseconds / 1000
        return switch milliseconds {
        case 3_600_000...: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
        case 60_000...: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
        default: "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        }
    }
}
