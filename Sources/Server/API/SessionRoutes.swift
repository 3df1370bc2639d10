import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// Sessions, breaking the glass, and the reviews that follow; budgets.
struct SessionRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/api/v1/sessions", access: .principal, operation: listOperation) { call in
                let own = try call.principal().id
                let all = try rooms.mayWatch(call)
                let sessions = try await rooms.gate.sessions.list().filter { all || $0.principalID == own }
                return .page("sessions", sessions.map(\.json))
            },
            Route(.post, "/api/v1/sessions", access: .principal, operation: openOperation) { call in
                let session = try rooms.gate.sessions.begin(call.principal(), class: try call.json()["class"]?.string)
                return .json(session.json, status: .created)
            },
            Route(.delete, "/api/v1/sessions/{id}", access: .principal, operation: endOperation) { call in
                let id = call.parameter("id")
                return rooms.response(
                    try await rooms.administer("gate.session.end", "session:\(id)", ["session": .string(id)], call))
            },
            Route(.post, "/api/v1/sessions/{id}/break-glass", access: .principal, operation: breakOperation) { call in
                let id = call.parameter("id")
                let reason = try call.json().text("reason")
                return rooms.response(
                    try await rooms.administer(
                        "gate.session.break_glass", "session:\(id)", ["reason": .string(reason)], call, session: id))
            },
            Route(.get, "/api/v1/reviews", access: .principal, operation: reviewsOperation) { call in
                try rooms.demand(Rooms.watchers, of: call, to: "see reviews")
                return .page("reviews", try await rooms.gate.sessions.reviews().map(\.json))
            },
            Route(.post, "/api/v1/reviews/{id}/close", access: .principal, operation: closeOperation) { call in
                let id = call.parameter("id")
                let arguments: JSON = ["review": .string(id), "note": .string(try call.json().text("note"))]
                return rooms.response(try await rooms.administer("gate.review.close", "review:\(id)", arguments, call))
            },
            Route(.get, "/api/v1/budgets", access: .principal, operation: budgetsOperation) { call in
                let own = try call.principal().id
                let all = try rooms.mayWatch(call)
                let standing = rooms.gate.budgets.standing().filter { all || $0.holder == nil || $0.holder == own }
                return .page("budgets", standing.map(\.json))
            },
        ]
    }

    private let submitted: [Int: Operation.Body] = [
        200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission")),
    ]

    private var listOperation: Operation {
        Operation(
            "listSessions", "sessions", "Open sessions; those of others only for who watches over the house.",
            answers: [200: .json(Schema.page("sessions", of: Schema.ref("Session")))])
    }
    private var openOperation: Operation {
        Operation(
            "openSession", "sessions", "Opens a session of a class.",
            request: Schema.object([:], optional: ["class": Schema.string()]),
            answers: [201: .json(Schema.ref("Session"))])
    }
    private var endOperation: Operation {
        Operation("endSession", "sessions", "Ends a session; an action.", answers: submitted)
    }
    private var breakOperation: Operation {
        Operation(
            "breakGlass", "sessions",
            "Lets changes through that would have to wait; recorded, and reviewed by somebody else.",
            request: Schema.object(["reason": Schema.string()]), answers: submitted)
    }
    private var reviewsOperation: Operation {
        Operation(
            "listReviews", "sessions", "Break-glass reviews.",
            answers: [200: .json(Schema.page("reviews", of: Schema.ref("Review")))])
    }
    private var closeOperation: Operation {
        Operation(
            "closeReview", "sessions", "Closes a review; an action, never of whoever broke the glass.",
            request: Schema.object(["note": Schema.string()]), answers: submitted)
    }
    private var budgetsOperation: Operation {
        Operation(
            "listBudgets", "sessions", "Where budgets stand.",
            answers: [200: .json(Schema.page("budgets", of: Schema.ref("Budget")))])
    }
}
