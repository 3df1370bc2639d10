import Core
import Dialects
import Gate
import JSON
import Models
import Synchronization

/// Asks models on behalf of an agent: each question is a call through the gateway of models, and part of the agent's
/// action.
struct ModelAsker: Sendable {
    let gateway: ModelGateway
    let context: ActionContext
    private let made = Made()

    init(gateway: ModelGateway, context: ActionContext) {
        self.gateway = gateway
        self.context = context
    }

    /// What was asked so far, in order.
    var calls: [AgentCall] { made.all.withLock { $0 } }

    private final class Made: Sendable {
        let all = Mutex<[AgentCall]>([])
    }

    struct Heard: Sendable {
        let result: Result<ModelReply, GatehouseError>
        let usage: AgentLoop.Usage
        /// That answered.
        let model: String?
    }

    func ask(_ question: AgentLoop.Question) async -> Heard {
        let sink = KeptAnswer(greatest: Self.greatest)
        let call: ModelCall
        do throws(GatehouseError) {
            call = try gateway.call(
                question.body.bytes(), on: .openAIChat, headers: [("content-type", "application/json")],
                answeringTo: sink, observe: sink.ended)
        } catch {
            return Heard(result: .failure(error), usage: AgentLoop.Usage(), model: nil)
        }
        let outcome = await context.submit(call.action, carrying: call)
        let result = Self.reply(outcome.result, sink)
        var failure: GatehouseError?
        if case .failure(let error) = result { failure = error }
        let id = outcome.actionID.isEmpty ? nil : outcome.actionID
        made.all.withLock { $0.append(AgentCall(tool: ModelsTool.id, actionID: id, error: failure)) }
        return Heard(result: result, usage: Self.usage(sink.report), model: sink.report?.model?.description)
    }

    /// Of one answer, in bytes.
    private static let greatest = 1 << 20

    private static func usage(_ report: ModelReport?) -> AgentLoop.Usage {
        guard let report else { return AgentLoop.Usage() }
        return AgentLoop.Usage(tokens: report.tokens.input + report.tokens.output, cost: report.cost)
    }

    /// - Returns: `unavailable` for a provider's refusal, and for what cannot be read.
    private static func reply(
        _ outcome: Result<Submission, GatehouseError>, _ sink: KeptAnswer
    ) -> Result<ModelReply, GatehouseError> {
        do throws(GatehouseError) {
            do throws(GatehouseError) { _ = try outcome.get() } catch { throw sink.overrun ?? error }
            guard (200...299).contains(sink.status) else {
                throw GatehouseError("agents", .unavailable, "the provider answered with status \(sink.status)")
            }
            return .success(try ModelReply(completion: sink.bytes))
        } catch {
            return .failure(error)
        }
    }
}
