import Core
import Dialects
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import Models

/// The APIs of OpenAI and Anthropic, so that a program changes one address and goes on working.
struct ModelRoutes: Sendable {
    let rooms: Rooms
    let gateway: ModelGateway

    var routes: [Route] {
        let surfaces = ModelSurface.paths.map { surface, path in
            Route(.post, path, access: .principal, unhurried: true) { try await ask($0, on: surface) }
        }
        return surfaces + [Route(.get, ModelSurface.list, access: .principal, handler: list)]
    }

    private func ask(_ call: Call, on surface: Surface) async throws -> Response {
        let answer = HTTPAnswer(call)
        let (cargo, caller) = try await ModelRefusals(rooms: rooms, gateway: gateway).reading(call, for: ModelsTool.id)
        {
            try gateway.call(call.body, on: surface, headers: call.modelHeaders, answeringTo: answer)
        }
        let model = cargo.request.model
        if surface == .openAIChat, model.hasPrefix(CouncilRule.prefix) {
            return try await CouncilRoutes(rooms: rooms, gateway: gateway).chat(call, model: model)
        }
        do {
            _ = try await rooms.gate.submit(cargo.action, as: caller, carrying: cargo)
        } catch {
            // The client was told within the stream.
            guard call.wire?.hasBegun == true else { throw error }
            call.logger.info("a streamed answer failed", metadata: ["error": "\(GatehouseError.shown(error).message)"])
        }
        return answer.response
    }

    /// Groups, and the models that have a price. Others may be asked for too, as `provider/model`.
    private func list(_ call: Call) async throws -> Response {
        let names = gateway.modelNames
        guard ModelSurface.isAnthropic(call) else {
            let models = names.map { name -> JSON in
                [
                    "id": .string(name), "object": "model", "created": 0,
                    "owned_by": .string(name.contains("/") ? String(name.prefix { $0 != "/" }) : "gatehouse"),
                ]
            }
            return .json(["object": "list", "data": .array(models)])
        }
        let models = names.map { name -> JSON in
            [
                "type": "model", "id": .string(name), "display_name": .string(name),
                "created_at": "1970-01-01T00:00:00Z",
            ]
        }
        return .json([
            "data": .array(models), "has_more": false, "first_id": names.first.map { .string($0) } ?? .null,
            "last_id": names.last.map { .string($0) } ?? .null,
        ])
    }
}
