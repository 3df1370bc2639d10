import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// What waits for people: the list, one request with its preview, and the forms to decide.
struct ApprovalPages: Sendable {
    let page: Page
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/approvals", access: .console, handler: list),
            Route(.get, "/approvals/{id}", access: .console, handler: show),
            Route(.post, "/approvals/{id}/approve", access: .console, unhurried: true) { call in
                let form = try page.form(call)
                let outcome = try await rooms.gate.approve(
                    call.parameter("id"), binding: form["binding"], by: try rooms.caller(call),
                    reason: try Self.reason(form))
                if case .recorded = outcome { return .seeOther("/approvals/\(call.parameter("id"))?notice=recorded") }
                return .seeOther("/approvals/\(call.parameter("id"))?notice=approved")
            },
            Route(.post, "/approvals/{id}/deny", access: .console) { call in
                let form = try page.form(call)
                _ = try await rooms.gate.deny(
                    call.parameter("id"), by: try rooms.caller(call), reason: try Self.reason(form))
                return .seeOther("/approvals/\(call.parameter("id"))?notice=denied")
            },
        ]
    }

    private static func reason(_ form: FormValues) throws -> String {
        guard let reason = form["reason"], reason.utf8.count <= 4000 else {
            throw GatehouseError("console", .invalid, "a reason is needed", hint: "go back and say why")
        }
        return reason
    }

    private func list(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let state: Approval.State? =
            call.query["state"] == "any" ? nil : try call.choice("state", of: Approval.State.self) ?? .waiting
        let found = try await rooms.gate.approvals.list(state: state, limit: 100, before: call.query["before"])
        let visible = try found.filter { try maySee($0, call) }
        let names = try await Names(rooms)
        let word = state?.rawValue ?? "any"
        var values: Shown.Values = [
            "any": !visible.isEmpty, "rows": visible.map { Self.row($0, names, now) },
            "emptyTitle": state == .waiting ? "Nothing waits for a person" : "Nothing here",
            "tabs": ["waiting", "approved", "denied", "expired", "consumed", "any"].map { tab -> Shown.Values in
                let name = ["consumed": "Performed", "any": "All"][tab] ?? tab.prefix(1).uppercased() + tab.dropFirst()
                return ["name": name, "path": "/approvals?state=\(tab)", "current": tab == word]
            },
        ]
        if found.count == 100, let last = found.last { values["next"] = "/approvals?state=\(word)&before=\(last.id)" }
        let waiting = try await rooms.waitingCount()
        return try page.response(
            "approvals", title: "Approvals", place: "/approvals", call: call, waiting: waiting, values: values)
    }

    private static func row(_ approval: Approval, _ names: Names, _ now: Timestamp) -> Shown.Values {
        let agreed = approval.votes.filter(\.approves).count
        return [
            "id": approval.id, "summary": approval.preview.summary, "tool": approval.tool, "target": approval.target,
            "requester": names[approval.requesterID], "effect": Shown.chip(approval.effect),
            "state": Shown.chip(approval.state),
            "votes": "\(agreed) of \(approval.rule.quorum)", "expiry": Shown.time(approval.expires, at: now),
            "when": Shown.time(approval.requested, at: now),
        ]
    }

    private func maySee(_ approval: Approval, _ call: Call) throws -> Bool {
        let principal = try call.principal()
        return try rooms.mayWatch(call) || approval.requesterID == principal.id
            || !principal.roles.isDisjoint(with: approval.rule.roles)
    }

    private func show(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let approval = try await rooms.gate.approvals.approval(call.parameter("id"))
        guard try maySee(approval, call) else {
            throw GatehouseError("console", .notFound, "there is no such approval")
        }
        let names = try await Names(rooms)
        var values = Self.row(approval, names, now).merging(Self.details(approval, names, now)) { _, new in new }
        let refusal = Self.whyNot(approval, try call.principal(), now)
        values["canVote"] = refusal == nil
        if let refusal { values["whyNot"] = refusal }
        if let record = try? await rooms.gate.action(approval.actionID),
            let text = Shown.pretty(record.action.arguments)
        {
            values["arguments"] = text
            values["argumentsOpen"] = approval.preview.diff.isEmpty
        }
        let waiting = try await rooms.waitingCount()
        return try page.response(
            "approval", title: approval.preview.summary, place: "/approvals", call: call, waiting: waiting,
            values: values)
    }

    private static func details(_ approval: Approval, _ names: Names, _ now: Timestamp) -> Shown.Values {
        var values: Shown.Values = [
            "diff": Shown.diff(approval.preview.diff), "binding": approval.binding, "policy": approval.policyRevision,
            "actionID": approval.actionID, "roles": approval.rule.roles.sorted().joined(separator: " or "),
            "quorum": approval.rule.quorum == 1 ? "one person decides" : "\(approval.rule.quorum) people must agree",
            "votes": [
                "any": !approval.votes.isEmpty,
                "rows": approval.votes.map { vote -> Shown.Values in
                    [
                        "vote": Shown.stateChip(vote.approves ? "approved" : "denied"), "by": names[vote.principalID],
                        "reason": vote.reason, "when": Shown.time(vote.time, at: now),
                    ]
                },
            ] as Shown.Values,
        ]
        if let reason = approval.reason { values["reason"] = reason }
        if let facts = Shown.pretty(approval.preview.facts) { values["facts"] = facts }
        if let undo = approval.preview.undo {
            values["undo"] = ["summary": undo.summary, "tool": undo.tool, "target": undo.target]
        }
        return values
    }

    /// Why the form is not shown. The gate decides again when a vote arrives.
    private static func whyNot(_ approval: Approval, _ principal: Principal, _ now: Timestamp) -> String? {
        if approval.state != .waiting {
            return "This has been decided: \(approval.state == .consumed ? "performed" : approval.state.rawValue)."
        }
        if approval.expires <= now { return "This has expired. Whoever asked may ask again." }
        if approval.requesterID == principal.id { return "You asked for this yourself: somebody else must decide." }
        if approval.votes.contains(where: { $0.principalID == principal.id }) { return "You have voted on this." }
        if principal.roles.isDisjoint(with: approval.rule.roles) {
            return "It takes the role \(approval.rule.roles.sorted().joined(separator: " or ")) to decide."
        }
        return nil
    }
}
