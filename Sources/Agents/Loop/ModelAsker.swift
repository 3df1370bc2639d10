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
        let sink = ReplySink()
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
        return Heard(result: result, usage: sink.usage, model: sink.model)
    }

    private static func reply(
        _ outcome: Result<Submission, GatehouseError>, _ sink: ReplySink
    ) -> Result<ModelReply, GatehouseError> {
        do throws(GatehouseError) {
            do throws(GatehouseError) { _ = try outcome.get() } catch { throw sink.overrun ?? error }
            return .success(try sink.reply())
        } catch {
            return .failure(error)
        }
    }
}

/// Keeps one answer of a model, up to a bound.
private final class ReplySink: AnswerSink {
    struct TooLong: Error {}
    private struct State {
        var status = 0
        var bytes: [UInt8] = []
        var isTooLong = false
        var usage = AgentLoop.Usage()
        var model: String?
    }

    static let greatest = 1 << 20
    private let state = Mutex(State())

    var usage: AgentLoop.Usage { state.withLock { $0.usage } }
    var model: String? { state.withLock { $0.model } }

    func ended(_ report: ModelReport) {
        state.withLock { state in
            state.usage = AgentLoop.Usage(tokens: report.tokens.input + report.tokens.output, cost: report.cost)
            state.model = report.model?.description
        }
    }

    func begin(status: Int, headers: [(name: String, value: String)]) async throws {
        state.withLock { $0.status = status }
    }

    func write(_ bytes: [UInt8]) async throws {
        try state.withLock { state in
            guard state.bytes.count + bytes.count <= Self.greatest else {
                state.isTooLong = true
                throw TooLong()
            }
            state.bytes += bytes
        }
    }

    /// - Throws: `unavailable` for a provider's refusal, and for what cannot be read.
    func reply() throws(GatehouseError) -> ModelReply {
        let (status, bytes) = state.withLock { ($0.status, $0.bytes) }
        guard (200...299).contains(status) else {
            throw GatehouseError("agents", .unavailable, "the provider answered with status \(status)")
        }
        return try ModelReply(completion: bytes)
    }

    /// Instead of what a call says whose reader wanted no more.
    var overrun: GatehouseError? {
        guard state.withLock({ $0.isTooLong }) else { return nil }
        return GatehouseError("agents", .tooLarge, "its answer has more than \(Self.greatest >> 20) MiB")
    }
}
