import Core
import Crypto
import Dialects
import Synchronization

/// Measures one call while it goes on: what each attempt used, when the first byte went out, the hash of what the client
/// got. Always ready to say what it came to so far, since a client may go away at any time.
final class CallMeter: Sendable {
    private struct Attempt {
        var requestBytes = 0
        var status: Int?
        var told: TokenUsage?
        var isComplete = false
    }

    private struct State {
        var report: ModelReport
        var attempt = Attempt()
        var hash = SHA256()
    }

    private let start = ContinuousClock.now
    private let state: Mutex<State>
    /// Of all texts that came.
    let tally = AnswerTally()

    init(_ request: ModelRequest) { state = Mutex(State(report: ModelReport(request))) }

    /// Whether a byte went to the client.
    var hasBegun: Bool { state.withLock { $0.report.firstByte != nil } }

    func begin(_ model: ModelName, requestBytes: Int) {
        state.withLock { state in
            state.report.attempts += 1
            state.report.model = model
            state.attempt = Attempt(requestBytes: requestBytes)
        }
    }

    func headCame(_ status: Int) { state.withLock { $0.attempt.status = status } }

    /// What the provider has said so far.
    func told(_ usage: TokenUsage?, stopReason: String?, isComplete: Bool) {
        state.withLock { state in
            state.attempt.told = usage
            state.attempt.isComplete = isComplete
            state.report.stopReason = stopReason.map { String($0.prefix(64)) }
        }
    }

    func sent(_ bytes: [UInt8], status: Int) {
        state.withLock { state in
            if state.report.firstByte == nil { state.report.firstByte = .now - start }
            state.report.status = status
            state.report.answerBytes += bytes.count
            state.hash.update(data: bytes)
        }
    }

    /// Adds what the attempt used: all of what was told of an answer that is complete, else the more of that and of what
    /// was counted. An answer that never began, or was a refusal, costs nothing.
    func endAttempt(price: Price, alreadyCounted: Int) {
        let counted = tally.sum.bytes - alreadyCounted
        state.withLock { state in
            let attempt = state.attempt
            guard let status = attempt.status, (200...299).contains(status),
                state.report.surface != .anthropicCountTokens
            else { return }
            var usage = Cost.counted(requestBytes: attempt.requestBytes, answerBytes: counted)
            if let told = attempt.told {
                let output = attempt.isComplete ? told.output : max(told.output, usage.output)
                usage = TokenUsage(
                    input: told.input, output: output, cachedInput: told.cachedInput, cacheWrites: told.cacheWrites,
                    reasoning: told.reasoning)
            }
            let sum = state.report.tokens
            state.report.tokens = TokenUsage(
                input: sum.input + usage.input, output: sum.output + usage.output,
                cachedInput: sum.cachedInput + usage.cachedInput, cacheWrites: sum.cacheWrites + usage.cacheWrites,
                reasoning: sum.reasoning + usage.reasoning)
            state.report.cost = min(state.report.cost, .max - price.cost(of: usage)) + price.cost(of: usage)
        }
    }

    func report(failure: GatehouseError? = nil) -> ModelReport {
        let sum = tally.sum
        return state.withLock { state in
            var report = state.report
            report.took = .now - start
            report.found = sum.found.counts
            report.restored = sum.restored
            report.failure = failure
            if report.answerBytes > 0 { report.answerHash = Hex.encode(state.hash.finalize()) }
            return report
        }
    }
}
