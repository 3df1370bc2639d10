import Core
import Flow
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// The workflows that there are, the runs of them, and the form that starts one.
struct WorkflowPages: Sendable {
    let page: Page
    let rooms: Rooms
    let workflows: HouseWorkflows

    private static let listed = 100

    var routes: [Route] {
        [
            Route(.get, "/workflows", access: .console, handler: list),
            Route(.get, "/workflows/{name}", access: .console, handler: show),
            Route(.post, "/workflows/{name}/runs", access: .console, unhurried: true, handler: start),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let all = try rooms.mayWatch(call)
        let own = try call.principal().id
        let names = try await Names(rooms)
        let runs = try await workflows.engine.runs(principal: all ? nil : own, limit: Self.listed)
        let library = workflows.library
        let values: Shown.Values = [
            "workflows": library.workflows.map(Self.row), "any": !library.workflows.isEmpty,
            "broken": library.entries.filter { !$0.isRunnable }.map(Self.broken),
            "runs": ["any": !runs.isEmpty, "rows": runs.map { RunPages.row($0, names, now) }],
        ]
        return try page.response(
            "workflows", title: "Workflows", place: "/workflows", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func row(_ workflow: Workflow) -> Shown.Values {
        [
            "name": workflow.name, "title": workflow.title.isEmpty ? workflow.name : workflow.title,
            "summary": workflow.summary, "steps": Shown.number(workflow.steps.count),
            "starts": workflow.triggers.map(\.words), "phrases": workflow.phrases,
        ]
    }

    private static func broken(_ entry: WorkflowEntry) -> Shown.Values {
        let problem = entry.problems.first
        let place = problem.map { $0.place.line > 0 ? "line \($0.place.line), column \($0.place.column): " : "" } ?? ""
        return ["file": entry.name, "problem": place + (problem?.message ?? "")]
    }

    private func show(_ call: Call) async throws -> Response {
        let workflow = try workflows.library.workflow(named: call.parameter("name"))
        var values = Self.row(workflow)
        values["version"] = Shown.short(workflow.version)
        values["graph"] = WorkflowGraph(workflow).svg(styled: false)
        values["inputs"] = workflow.inputs.map(Self.field)
        return try page.response(
            "workflow", title: workflow.title, place: "/workflows", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func field(_ input: WorkflowInput) -> Shown.Values {
        var field: Shown.Values = [
            "name": input.name, "summary": input.summary, "kind": input.kind.rawValue, "required": input.isRequired,
            "value": input.fallback.map(Self.text) ?? "",
        ]
        let choices = input.choices.isEmpty && input.kind == .boolean ? [true, false] : input.choices
        field["isChoice"] = !choices.isEmpty
        field["choices"] = choices.map {
            ["value": Self.text($0), "chosen": $0 == input.fallback] as Shown.Values
        }
        return field
    }

    private static func text(_ value: JSON) -> String { value.string ?? value.text() }

    private func start(_ call: Call) async throws -> Response {
        let form = try page.form(call)
        let workflow = try workflows.library.workflow(named: call.parameter("name"))
        var inputs: JSONObject = [:]
        for input in workflow.inputs {
            guard let text = form["input.\(input.name)"] else { continue }
            inputs[input.name] = try Self.value(text, of: input)
        }
        let submission = try await rooms.administer(
            "workflow.run", "workflow:\(workflow.name)",
            ["workflow": .string(workflow.name), "inputs": .object(inputs)], call)
        switch submission {
        case .waiting(_, let approval): return .seeOther("/approvals/\(approval.id)?notice=waiting")
        case .answered(_, let answer, _):
            guard let run = answer.value["run"]?.string else { return .seeOther("/workflows") }
            return .seeOther("/runs/\(run)")
        }
    }

    /// What a field of a form says, in the kind that the input takes.
    private static func value(_ text: String, of input: WorkflowInput) throws -> JSON {
        if input.kind == .string { return .string(text) }
        do { return try JSON.parse(text) } catch {
            throw GatehouseError(
                "console", .invalid, "\(input.name) takes a value of kind \(input.kind.rawValue), written as JSON")
        }
    }
}

extension Trigger {
    /// In a few words.
    var words: String {
        switch self {
        case .schedule(let cron, let zone): "at \(cron) (\(zone))"
        case .webhook: "by webhook"
        case .push(let branches, _): branches.isEmpty ? "at a push" : "at a push to \(branches.joined(separator: ", "))"
        case .alert(let severity): severity.map { "at an alert of \($0) or worse" } ?? "at an alert"
        }
    }
}
