import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// Submitting actions and looking at what became of them.
struct ActionRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/api/v1/tools", access: .principal, operation: listTools) { _ in
                .json(["tools": .array(rooms.gate.tools.descriptors.map(\.json))])
            },
            Route(
                .post, "/api/v1/actions", access: .principal, unhurried: true, operation: submitOperation,
                handler: submit),
            Route(.get, "/api/v1/actions", access: .principal, operation: listOperation, handler: list),
            Route(.get, "/api/v1/actions/{id}", access: .principal, operation: getOperation) { call in
                .json(try await visible(call.parameter("id"), call).json)
            },
            Route(.post, "/api/v1/actions/{id}/undo", access: .principal, unhurried: true, operation: undoOperation) {
                call in
                let caller = try rooms.caller(call)
                let reason = try call.json()["reason"]?.string
                return rooms.response(try await rooms.gate.undo(call.parameter("id"), as: caller, reason: reason))
            },
            Route(.post, "/api/v1/actions/{id}/collect", access: .principal, operation: collectOperation) { call in
                let caller = try rooms.caller(call)
                let answer = try await rooms.gate.collect(call.parameter("id"), as: caller)
                return .json(["action_id": .string(call.parameter("id")), "state": "done", "answer": answer.value])
            },
        ]
    }

    /// What the requester itself and those who watch over the house may see.
    private func visible(_ id: String, _ call: Call) async throws -> ActionRecord {
        let record = try await rooms.gate.action(id)
        guard try rooms.mayWatch(call) || record.principalID == call.principal().id else {
            throw GatehouseError("http", .notFound, "there is no action '\(id)'")
        }
        return record
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.number("limit", default: 100, in: 1...1000)
        let state = try call.choice("state", of: ActionRecord.State.self)
        var records = try await rooms.gate.actions(limit: limit, before: call.query["before"], state: state)
        let next = records.count == limit ? records.last?.action.id : nil
        if try !rooms.mayWatch(call) {
            let own = try call.principal().id
            records = records.filter { $0.principalID == own }
        }
        return .page("actions", records.map(\.json), next: next)
    }

    private func submit(_ call: Call) async throws -> Response {
        let body = try call.json()
        let request = ActionRequest(
            tool: try body.text("tool"), target: try body.text("target"), arguments: body["arguments"] ?? [:],
            idempotencyKey: body["idempotency_key"]?.string, reason: body["reason"]?.string)
        let caller = try rooms.caller(call, session: body["session"]?.string, class: body["class"]?.string)
        guard call.accepts.contains("text/event-stream") else {
            return rooms.response(try await rooms.gate.submit(request, as: caller))
        }
        return try stream(request, caller, call)
    }

    /// Progress as it comes, then `result` or `error`. The action goes on when the watcher leaves: what was begun is
    /// finished and recorded.
    private func stream(_ request: ActionRequest, _ caller: Caller, _ call: Call) throws -> Response {
        let gate = rooms.gate
        return try EventStream.response(
            level: rooms.metrics.streams, limit: rooms.limits.streams, endsOnShutdown: false
        ) { send in
            let events = gate.events.subscribe()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await batch in events {
                        for event in batch.events
                        where event.kind == .progress && event.principalID == caller.principal.id {
                            var shown = event.detail
                            shown["action"] = event.actionID.map { .string($0) }
                            send(EventStream.Message(name: "progress", data: shown))
                        }
                    }
                }
                do {
                    send(EventStream.Message(name: "result", data: try await gate.submit(request, as: caller).json))
                } catch {
                    let shown = GatehouseError.shown(error)
                    send(EventStream.Message(name: "error", data: ErrorBody.json(of: shown, requestID: call.id)))
                }
                group.cancelAll()
            }
        }
    }

    private var listTools: Operation {
        Operation(
            "listTools", "actions", "The tools that the gate can perform.",
            answers: [200: .json(Schema.object(["tools": Schema.list(of: Schema.ref("Tool"))]))])
    }

    private var submitOperation: Operation {
        Operation(
            "submitAction", "actions",
            "Submits an action. With Accept: text/event-stream, sends progress events and then one event 'result' or 'error'.",
            request: Schema.object(
                ["tool": Schema.string(), "target": Schema.string()],
                optional: [
                    "arguments": Schema.anyObject, "idempotency_key": Schema.string(),
                    "reason": Schema.string("shown to approvers"),
                    "session": Schema.string("an open session's id"),
                    "class": Schema.string("a session class, when no session is named"),
                ]),
            answers: [200: .jsonOrEvents(Schema.ref("Submission")), 202: .json(Schema.ref("Submission"))])
    }

    private var listOperation: Operation {
        Operation(
            "listActions", "actions", "Actions, newest first; those of others only for who watches over the house.",
            query: [
                Operation.limit, Operation.before,
                .init("state", Schema.choice(ActionRecord.State.allCases.map(\.rawValue)), "only those in this state"),
            ], answers: [200: .json(Schema.page("actions", of: Schema.ref("Action")))])
    }

    private var getOperation: Operation {
        Operation("getAction", "actions", "One action.", answers: [200: .json(Schema.ref("Action"))])
    }

    private var undoOperation: Operation {
        Operation(
            "undoAction", "actions", "Undoes an action by the plan made before it; itself an action.",
            request: Schema.object([:], optional: ["reason": Schema.string()]),
            answers: [200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission"))])
    }

    private var collectOperation: Operation {
        Operation(
            "collectAnswer", "actions", "The answer of an approved action that is not kept, once, for its requester.",
            answers: [200: .json(Schema.ref("Submission"))])
    }
}
