import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// Open sessions, what they carry, and the reviews that broken glass is owed.
struct SessionPages: Sendable {
    let page: Page
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/sessions", access: .console, handler: list),
            Route(.post, "/sessions/{id}/end", access: .console) { call in
                _ = try page.form(call)
                let id = call.parameter("id")
                _ = try await rooms.administer("gate.session.end", "session:\(id)", ["session": .string(id)], call)
                return .seeOther("/sessions?notice=ended")
            },
            Route(.post, "/reviews/{id}/close", access: .console) { call in
                guard let note = try page.form(call)["note"] else {
                    throw GatehouseError("console", .invalid, "say what you found")
                }
                let id = call.parameter("id")
                let arguments: JSON = ["review": .string(id), "note": .string(note)]
                _ = try await rooms.administer("gate.review.close", "review:\(id)", arguments, call)
                return .seeOther("/sessions?notice=closed")
            },
        ]
    }

    private func mayEnd(_ session: Session, _ call: Call) throws -> Bool {
        let principal = try call.principal()
        return session.principalID == principal.id || !principal.roles.isDisjoint(with: Rooms.operators)
    }

    private func list(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let all = try rooms.mayWatch(call)
        let own = try call.principal().id
        let names = try await Names(rooms)
        let sessions = try await rooms.gate.sessions.list().filter { all || $0.principalID == own }
        let reviews = all ? try await rooms.gate.sessions.reviews() : []
        let token = page.token(call)
        let values: Shown.Values = [
            "any": !sessions.isEmpty, "count": Shown.count(sessions.count, "session", "sessions"),
            "rows": try sessions.map { try row($0, call, names, now, token) },
            "openReviews": reviews.isEmpty ? "" : "\(reviews.filter(\.isOpen).count) open",
            "reviews": try reviews.map { try review($0, call, names, now) },
            "budgets": Shown.budgets(
                rooms.gate.budgets.standing().filter { all || $0.holder == nil || $0.holder == own }, at: now),
        ]
        return try page.response(
            "sessions", title: "Sessions", place: "/sessions", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private func row(_ session: Session, _ call: Call, _ names: Names, _ now: Timestamp, _ token: String) throws
        -> Shown.Values
    {
        let days = session.sessionClass.retention.components.seconds / 86_400
        var row: Shown.Values = [
            "id": session.id, "who": names[session.principalID], "class": session.sessionClass.name,
            "classNote": "kept \(days) days · approval \(session.sessionClass.approval.text)",
            "labels": session.labels.map(\.rawValue).sorted(), "when": Shown.time(session.started, at: now),
            "expiry": Shown.time(session.expires, at: now), "canEnd": try mayEnd(session, call), "csrf": token,
        ]
        if session.breakGlass != nil { row["broken"] = Shown.chip("high", "s-high", "break-glass") }
        return row
    }

    private func review(_ review: BreakGlassReview, _ call: Call, _ names: Names, _ now: Timestamp) throws
        -> Shown.Values
    {
        let principal = try call.principal()
        let mayClose =
            review.isOpen && review.principalID != principal.id && !principal.roles.isDisjoint(with: Rooms.auditors)
        var values: Shown.Values = [
            "id": review.id, "who": names[review.principalID], "reason": review.reason,
            "when": Shown.time(review.opened, at: now),
            "state": Shown.stateChip(review.isOpen ? "waiting" : "done"), "canClose": mayClose,
        ]
        if let closing = review.closing { values["closing"] = ["by": names[closing.by], "note": closing.note] }
        return values
    }
}
