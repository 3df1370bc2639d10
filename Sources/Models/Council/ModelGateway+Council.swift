public import Core
import Dialects

extension ModelGateway {
    /// Reads a client's request to a council; what comes of it is submitted to the gate with ``CouncilCall/action``.
    /// - Parameter isChat: see ``CouncilRequest``.
    /// - Throws: `invalid`, `not_found`, `too_large` or `unsupported`, naming what cannot be read or inspected, or which
    ///   members could be the same model.
    public func council(
        _ body: [UInt8], isChat: Bool, headers: [(name: String, value: String)]
    ) throws(GatehouseError) -> CouncilCall {
        let setup = setup
        let request = try CouncilRequest(body, isChat: isChat, councils: setup.settings.councils)
        try Self.refuseTwins(request.rule.models, setup)
        var seats: [CouncilCall.Seat] = []
        for body in request.bodies {
            let answer = KeptAnswer()
            let call = try call(body, on: .openAIChat, headers: headers, answeringTo: answer) { answer.ended($0) }
            seats.append(CouncilCall.Seat(call: call, answer: answer))
        }
        return CouncilCall(request, seats, privacy: privacy)
    }

    /// Two members that may be answered by one model would agree with themselves. A model that nobody has is its own
    /// member's failure, and no one else's.
    private static func refuseTwins(_ words: [String], _ setup: ModelSetup) throws(GatehouseError) {
        var taken: [String: String] = [:]
        for word in words {
            let models = (try? setup.candidates(word, for: .openAIChat))?.map(\.model.description) ?? [word]
            for model in Set(models) {
                guard let other = taken.updateValue(word, forKey: model) else { continue }
                throw GatehouseError(
                    "models", .invalid,
                    "\"\(other.prefix(64))\" and \"\(word.prefix(64))\" may both be \(model.prefix(64))",
                    hint: "name models that have none in common")
            }
        }
    }
}
