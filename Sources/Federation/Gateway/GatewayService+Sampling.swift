import Core
public import Gate
import JSON
public import MCP

extension GatewayService {
    /// Asks a model of the house's, as an action of whoever called the server.
    public typealias Sampler =
        @Sendable (
            _ params: CreateMessageParams, _ model: String, _ caller: Caller
        ) async throws -> CreateMessageResult

    /// Times that one request may ask for a model's answer.
    static let mostRounds = 16

    /// Whether the house answers servers that ask for a model's answer.
    var answersForModels: Bool { sampler != nil && federation.settings.samplingModel != nil }

    /// Where all that a server asks for are answers of models, and the house gives them: the call with these.
    ///
    /// What the model says is part of the next call's arguments, and inspected as they are.
    func answeringForModels(_ value: JSON, _ call: GatewayCall, _ caller: Caller) async throws -> GatewayCall? {
        guard value["resultType"]?.string == ResultType.inputRequired, let sampler,
            let model = federation.settings.samplingModel
        else { return nil }
        let asked = try InputRequiredResult(value)
        let requests = asked.inputRequests.requests
        guard !requests.isEmpty, requests.allSatisfy({ $0.request.kind == .sampling }) else { return nil }
        var responses: [(key: String, result: JSON)] = []
        for (key, request) in requests {
            let params = try CreateMessageParams(request.params ?? [:])
            responses.append((key, try await sampler(params, model, caller).json))
        }
        return call.going(on: InputResponses(responses), state: asked.requestState)
    }
}
