import Core
import Dialects
import Gate
import Models

/// Has a model write down what somebody said, as the speaker's own request: policy, clearance, budgets and the record are
/// those of any other call to a model.
struct Transcriber: Sendable {
    let gate: Gate
    let models: ModelGateway
    let model: TranscribingModel

    /// - Throws: `unavailable` where no model is configured for it; what the gate and the provider refuse.
    func text(of recording: Recording, as caller: Caller) async throws -> String {
        guard let model = model.name else {
            throw GatehouseError(
                "hub", .unavailable, "nobody here writes down what is said",
                hint: "name a model in the configuration: conversation: {transcribes: openai/whisper-1}")
        }
        let form = recording.form(askingFor: model)
        let answer = KeptAnswer()
        let call = try models.call(
            form.body, on: .openAITranscriptions, headers: [("content-type", form.contentType)], answeringTo: answer,
            observe: answer.ended)
        do { _ = try await gate.submit(call.action, as: caller, carrying: call) } catch {
            throw answer.overrun ?? error
        }
        return try answer.transcript()
    }
}
