import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Policy
import Rego

/// Modules: OPA's Policy API. What changes one is an action through the gate.
struct ModuleRoutes: Sendable {
    let rooms: Rooms
    let policy: HousePolicy

    var routes: [Route] {
        [
            .opa(.get, "/v1/policies", operation: listOperation) { call in
                let modules = policy.store.current.modules.sorted { $0.key < $1.key }
                return .opa(
                    ["result": .array(modules.map { Self.json($0.key, $0.value) })], call,
                    isPretty: OPAParameters.flag("pretty", call))
            },
            .opa(.get, "/v1/policies/{id...}", operation: getOperation) { call in
                let id = call.rest.joined(separator: "/")
                guard let module = policy.store.current.modules[id] else { throw Self.missing(id) }
                return .opa(
                    ["result": Self.json(id, module)], call, isPretty: OPAParameters.flag("pretty", call))
            },
            .opa(.put, "/v1/policies/{id...}", operation: putOperation, unhurried: true, handler: put),
            .opa(.delete, "/v1/policies/{id...}", operation: deleteOperation, unhurried: true, handler: delete),
        ]
    }

    private func put(_ call: Call) async throws -> Response {
        let id = call.rest.joined(separator: "/")
        let bytes = try call.text()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw GatehouseError("policy", .invalid, "the module is not UTF-8")
        }
        do {
            let submission = try await rooms.administer(
                "policy.module.put", "policy:\(id)", ["id": .string(id), "text": .string(text)], call)
            return .changed(submission, call, done: .ok)
        } catch let error as GatehouseError where error.code == .invalid && error.cause != nil {
            // With the places, where it is the module that is wrong.
            var compiler = Compiler()
            try compiler.add(module: bytes, name: id)
            try policy.store.check(module: bytes, id: id)
            throw error
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        let id = call.rest.joined(separator: "/")
        do {
            let submission = try await rooms.administer(
                "policy.module.delete", "policy:\(id)", ["id": .string(id)], call)
            return .changed(submission, call, done: .ok)
        } catch let error as GatehouseError where error.code == .invalid && error.cause != nil {
            try policy.store.check(deleting: id)
            throw error
        }
    }

    private static func json(_ id: String, _ module: PolicyModule) -> JSON {
        ["id": .string(id), "raw": .string(String(decoding: module.text, as: UTF8.self))]
    }

    private static func missing(_ id: String) -> GatehouseError {
        GatehouseError("policy", .notFound, "storage_not_found_error: policy id \"\(id)\"")
    }

    private static let module = Schema.object(["id": Schema.string(), "raw": Schema.string()])

    private var listOperation: Operation {
        Operation(
            "listPolicies", "policy", "All modules in force, those of bundles included. As OPA's.",
            answers: [200: .json(Schema.object(["result": Schema.list(of: Self.module)]))])
    }
    private var getOperation: Operation {
        Operation(
            "getPolicy", "policy", "One module. As OPA's.",
            answers: [200: .json(Schema.object(["result": Self.module]))])
    }
    private var putOperation: Operation {
        Operation(
            "putPolicy", "policy", "Puts a module; the body is its text. An action through the gate. As OPA's.",
            answers: [200: .json(Schema.anyObject), 202: .json(Schema.ref("Submission"))])
    }
    private var deleteOperation: Operation {
        Operation(
            "deletePolicy", "policy", "Deletes a module that was put. An action through the gate. As OPA's.",
            answers: [200: .json(Schema.anyObject), 202: .json(Schema.ref("Submission"))])
    }
}

extension Response {
    /// As OPA answers when it is done; while it waits for people, 202 with what is to be approved.
    static func changed(_ submission: Submission, _ call: Call, done: HTTPResponse.Status) -> Response {
        if case .waiting = submission { return .json(submission.json, status: .accepted) }
        return done == .noContent ? .noContent : .json([:], status: done)
    }
}
