import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// What waits for people, and their word on it.
struct ApprovalRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/api/v1/approvals", access: .principal, operation: listOperation, handler: list),
            Route(.get, "/api/v1/approvals/{id}", access: .principal, operation: getOperation) { call in
                .json(try await visible(call).json)
            },
            Route(
                .post, "/api/v1/approvals/{id}/approve", access: .principal, unhurried: true,
                operation: approveOperation
            ) { call in
                let body = try call.json()
                let outcome = try await rooms.gate.approve(
                    call.parameter("id"), binding: body["binding"]?.string, by: try rooms.caller(call),
                    reason: try body.text("reason"))
                return .json(try await Self.json(of: outcome, rooms: rooms, id: call.parameter("id")))
            },
            Route(.post, "/api/v1/approvals/{id}/deny", access: .principal, operation: denyOperation) { call in
                let denied = try await rooms.gate.deny(
                    call.parameter("id"), by: try rooms.caller(call), reason: try call.json().text("reason"))
                return .json(["approval": denied.json])
            },
        ]
    }

    private func visible(_ call: Call) async throws -> Approval {
        let approval = try await rooms.gate.approvals.approval(call.parameter("id"))
        guard try maySee(approval, call) else {
            throw GatehouseError("http", .notFound, "there is no approval '\(call.parameter("id"))'")
        }
        return approval
    }

    /// Its requester, those who may vote on it, and those who watch over the house.
    private func maySee(_ approval: Approval, _ call: Call) throws -> Bool {
        let principal = try call.principal()
        return try rooms.mayWatch(call) || approval.requesterID == principal.id
            || !principal.roles.isDisjoint(with: approval.rule.roles)
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.number("limit", default: 100, in: 1...1000)
        let state = try call.choice("state", of: Approval.State.self)
        let found = try await rooms.gate.approvals.list(state: state, limit: limit, before: call.query["before"])
        let next = found.count == limit ? found.last?.id : nil
        return .page("approvals", try found.filter { try maySee($0, call) }.map(\.json), next: next)
    }

    static func json(of outcome: ApprovalOutcome, rooms: Rooms, id: String) async throws -> JSON {
        switch outcome {
        case .recorded(let approval): return ["approval": approval.json]
        case .performed(let submission):
            let approval = try await rooms.gate.approvals.approval(id)
            return ["approval": approval.json, "submission": submission.json]
        }
    }

    private var listOperation: Operation {
        Operation(
            "listApprovals", "approvals", "Requests for approval, newest first.",
            query: [
                Operation.limit, Operation.before,
                .init("state", Schema.choice(Approval.State.allCases.map(\.rawValue)), "only those in this state"),
            ], answers: [200: .json(Schema.page("approvals", of: Schema.ref("Approval")))])
    }

    private var getOperation: Operation {
        Operation(
            "getApproval", "approvals", "One request for approval.", answers: [200: .json(Schema.ref("Approval"))])
    }

    private var approveOperation: Operation {
        Operation(
            "approve", "approvals", "Agrees. The last one needed performs the action.",
            request: Schema.object(
                ["reason": Schema.string()],
                optional: ["binding": Schema.string("what the approver was shown; refused when it has changed")]),
            answers: [
                200: .json(
                    Schema.object(
                        ["approval": Schema.ref("Approval")], optional: ["submission": Schema.ref("Submission")]))
            ])
    }

    private var denyOperation: Operation {
        Operation(
            "deny", "approvals", "Refuses, which ends the request.",
            request: Schema.object(["reason": Schema.string()]),
            answers: [200: .json(Schema.object(["approval": Schema.ref("Approval")]))])
    }
}
