import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// Who there is and what keys they hold. Whatever changes that passes the gate as an action.
struct PrincipalRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/api/v1/principals", access: .principal, operation: listOperation) { call in
                try rooms.demand(Rooms.watchers, of: call, to: "list principals")
                return .page("principals", try await principals())
            },
            Route(.post, "/api/v1/principals", access: .principal, operation: addOperation) { call in
                let body = try call.json()
                let name = try body.text("name")
                let arguments: JSON = [
                    "name": .string(name), "kind": body["kind"] ?? "service", "roles": body["roles"] ?? ["viewer"],
                ]
                return rooms.response(
                    try await rooms.administer("gate.principal.add", "principal:\(name)", arguments, call))
            },
            Route(.post, "/api/v1/principals/{id}/kill", access: .principal, operation: killOperation) { call in
                let id = call.parameter("id")
                let arguments: JSON = ["principal": .string(id), "reason": .string(try call.json().text("reason"))]
                return rooms.response(
                    try await rooms.administer("gate.principal.kill", "principal:\(id)", arguments, call))
            },
            Route(.post, "/api/v1/principals/{id}/revive", access: .principal, operation: reviveOperation) { call in
                let id = call.parameter("id")
                return rooms.response(
                    try await rooms.administer(
                        "gate.principal.revive", "principal:\(id)", ["principal": .string(id)], call))
            },
            Route(.get, "/api/v1/keys", access: .principal, operation: keysOperation) { call in
                let own = try call.principal().id
                let all = try rooms.mayWatch(call)
                let now = rooms.clock.now()
                let keys = try await rooms.gate.identity.keys().filter { all || $0.principalID == own }
                return .page("keys", keys.map { $0.json(at: now) })
            },
            Route(.post, "/api/v1/keys", access: .principal, operation: createKeyOperation, handler: createKey),
            Route(.delete, "/api/v1/keys/{id}", access: .principal, operation: revokeKeyOperation) { call in
                let id = call.parameter("id")
                return rooms.response(
                    try await rooms.administer("gate.key.revoke", "key:\(id)", ["key": .string(id)], call))
            },
        ]
    }

    private func principals() async throws -> [JSON] {
        let stopped = try await rooms.gate.identity.stopped()
        let reasons = Dictionary(stopped.map { ($0.principalID, $0.reason) }) { first, _ in first }
        return try await rooms.gate.identity.principals().map { principal in
            var out = principal.json
            out["stopped"] = reasons[principal.id].map { .string($0) }
            return out
        }
    }

    private func createKey(_ call: Call) async throws -> Response {
        let body = try call.json()
        let principal = try body["principal"]?.string ?? call.principal().id
        var arguments: JSON = ["principal": .string(principal), "name": .string(try body.text("name"))]
        if let expires = body["expires_in"] { arguments["expires_in"] = expires }
        let submission = try await rooms.administer("gate.key.create", "principal:\(principal)", arguments, call)
        guard case .answered(_, let answer, _) = submission else { return rooms.response(submission) }
        let out: JSON = [
            "action_id": .string(submission.actionID), "state": "done", "id": answer.value["id"] ?? .null,
            "secret": answer.value["key"] ?? .null,
        ]
        return .json(out, status: .created)
    }

    private let submitted: [Int: Operation.Body] = [
        200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission")),
    ]

    private var listOperation: Operation {
        Operation(
            "listPrincipals", "identity", "Who there is.",
            answers: [200: .json(Schema.page("principals", of: Schema.ref("Principal")))])
    }
    private var addOperation: Operation {
        Operation(
            "addPrincipal", "identity", "Adds a principal; an action that asks for approval.",
            request: Schema.object(
                ["name": Schema.string()],
                optional: [
                    "kind": Schema.choice(Principal.Kind.allCases.map(\.rawValue)),
                    "roles": Schema.list(of: Schema.string()),
                    "reason": Schema.string(),
                ]), answers: submitted)
    }
    private var killOperation: Operation {
        Operation(
            "killPrincipal", "identity", "Ends a principal's keys, sessions and sign-ins at once.",
            request: Schema.object(["reason": Schema.string()]), answers: submitted)
    }
    private var reviveOperation: Operation {
        Operation(
            "revivePrincipal", "identity", "Lets a stopped principal act again. What was ended stays ended.",
            answers: submitted)
    }
    private var keysOperation: Operation {
        Operation(
            "listKeys", "identity", "API keys, without their secrets.",
            answers: [200: .json(Schema.page("keys", of: Schema.ref("Key")))])
    }
    private var createKeyOperation: Operation {
        Operation(
            "createKey", "identity", "Makes an API key; an action. The secret is shown once.",
            request: Schema.object(
                ["name": Schema.string("what it is for")],
                optional: [
                    "principal": Schema.string("whose; the caller's own when not given"),
                    "expires_in": Schema.integer("seconds", least: 1),
                ]),
            answers: [
                201: .json(
                    Schema.object(
                        [
                            "action_id": Schema.string(), "state": Schema.string(), "id": Schema.string(),
                            "secret": Schema.string(),
                        ])),
                202: .json(Schema.ref("Submission")),
            ])
    }
    private var revokeKeyOperation: Operation {
        Operation("revokeKey", "identity", "Revokes an API key; an action.", answers: submitted)
    }
}
