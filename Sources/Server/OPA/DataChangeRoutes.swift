import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Policy
import Rego

/// Changing data: the rest of OPA's Data API. Each change is an action through the gate.
struct DataChangeRoutes: Sendable {
    let rooms: Rooms
    let policy: HousePolicy

    var routes: [Route] {
        [
            .opa(.put, "/v1/data/{path...}", operation: putOperation, unhurried: true, handler: put),
            .opa(.patch, "/v1/data/{path...}", operation: patchOperation, unhurried: true, handler: patch),
            .opa(.delete, "/v1/data/{path...}", operation: deleteOperation, unhurried: true, handler: delete),
        ]
    }

    private func put(_ call: Call) async throws -> Response {
        guard let value = try call.document() else {
            throw GatehouseError("policy", .invalid, "the body is empty", hint: "send the document as JSON")
        }
        let isThere = policy.store.current.data.value(at: call.rest) != nil
        if call.headers[.ifNoneMatch] == "*", isThere { return Response(status: .notModified) }
        return try await submit(value, call)
    }

    private func submit(_ value: RegoValue, _ call: Call) async throws -> Response {
        let submission = try await rooms.administer(
            "policy.data.put", Self.target(call), ["path": DataArguments.json(call.rest), "value": value.json], call)
        return .changed(submission, call, done: .noContent)
    }

    /// RFC 6902, as far as OPA has it: add, remove, replace.
    private func patch(_ call: Call) async throws -> Response {
        guard let operations = try call.document(), case .array = operations else {
            throw GatehouseError("policy", .invalid, "the body is no JSON patch: a list of operations")
        }
        guard let before = policy.store.own.data.value(at: call.rest) else { throw DataArguments.missing(call.rest) }
        guard let after = try JSONPatching.apply(operations, to: before) else {
            throw GatehouseError(
                "policy", .invalid,
                "the JSON patch cannot be applied to what is at /\(call.rest.joined(separator: "/"))")
        }
        return try await submit(after, call)
    }

    private func delete(_ call: Call) async throws -> Response {
        let submission = try await rooms.administer(
            "policy.data.delete", Self.target(call), ["path": DataArguments.json(call.rest)], call)
        return .changed(submission, call, done: .noContent)
    }

    private static func target(_ call: Call) -> String { "policy-data:\(call.rest.joined(separator: "/"))" }

    private var putOperation: Operation {
        Operation(
            "putData", "policy",
            "Puts a document at a path below `data`. An action through the gate. As OPA's; 304 where If-None-Match: * is "
                + "sent and something is there.", request: Schema.anything,
            answers: [204: .none, 202: .json(Schema.ref("Submission")), 304: .none])
    }
    private var patchOperation: Operation {
        Operation(
            "patchData", "policy", "Changes a document by a JSON patch. An action through the gate. As OPA's.",
            request: Schema.list(of: Schema.anyObject), answers: [204: .none, 202: .json(Schema.ref("Submission"))])
    }
    private var deleteOperation: Operation {
        Operation(
            "deleteData", "policy", "Deletes a document that was put. An action through the gate. As OPA's.",
            answers: [204: .none, 202: .json(Schema.ref("Submission"))])
    }
}

/// JSON patches by the builtin that policies have for them.
enum JSONPatching {
    private static let query: PreparedQuery? = try? {
        let policy = try Compiler().compile([
            Compiler.Query(name: "patch", text: "result = json.patch(input.document, input.patches)")
        ])
        return try PreparedQuery(try Program(policy, builtins: .standard), entryPoint: "patch")
    }()

    /// Nil when it does not fit the document.
    static func apply(_ patches: RegoValue, to document: RegoValue) throws -> RegoValue? {
        guard let query else { throw GatehouseError("policy", .internal, "patches are not to be had") }
        return try query.evaluate(input: ["document": document, "patches": patches], data: [:]).value
    }
}
