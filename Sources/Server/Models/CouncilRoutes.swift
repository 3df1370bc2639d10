import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Models

/// One prompt, several models, blind to one another.
struct CouncilRoutes: Sendable {
    static let path = "/v1/councils"

    let rooms: Rooms
    let gateway: ModelGateway

    var routes: [Route] {
        [
            Route(.post, Self.path, access: .principal, unhurried: true, operation: operation) {
                .json(try await ask($0).json)
            }
        ]
    }

    /// As a chat completion, for a council that is named as a model.
    func chat(_ call: Call, model: String) async throws -> Response {
        let council = try await ask(call, isChat: true)
        let now = rooms.clock.now()
        return .json(try council.chatCompletion(model: model, created: Int(clamping: now.seconds)))
    }

    private func ask(_ call: Call, isChat: Bool = false) async throws -> Council {
        let headers = call.modelHeaders
        let (cargo, caller) = try await ModelRefusals(rooms: rooms, gateway: gateway).reading(call, for: CouncilTool.id)
        {
            try gateway.council(call.body, isChat: isChat, headers: headers)
        }
        _ = try await rooms.gate.submit(cargo.action, as: caller, carrying: cargo)
        guard let council = cargo.council else {
            throw GatehouseError("models", .internal, "the council has ended without a result")
        }
        return council
    }

    private var operation: Operation {
        Operation(
            "askCouncil", "models",
            "Puts one prompt to several models. The body is that of a chat completion, with models or council instead of model.",
            request: Schema.object(
                ["messages": Schema.list(of: Schema.anyObject)],
                optional: [
                    "models": Schema.list(of: Schema.string("two to nine, none of which may be another")),
                    "council": Schema.string("one that is configured, instead of models"),
                    "on": Schema.string("a JSON Pointer to what is compared in answers that are JSON"),
                ]),
            answers: [200: .json(Schema.ref("Council"))])
    }
}

extension Call {
    /// As the gateway takes them.
    var modelHeaders: [(name: String, value: String)] { headers.map { (name: $0.name.rawName, value: $0.value) } }
}
