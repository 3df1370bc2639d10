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

    private let start: ContinuousClock.Instant
    private let state: Mutex<State>
    /// Of all texts that came.
    let tally = AnswerTally()
    /// Of the texts of the answer; nil where they are not kept.
    let copy: AnswerCopy?

    init(_ request: ModelRequest, keepsTexts: Bool) {
        start = .now
        copy = keepsTexts ? AnswerCopy() : nil
        state = Mutex(State(report: ModelReport(request)))
    }

    private init(beside other: CallMeter) {
        start = other.start
        copy = other.copy.map { _ in AnswerCopy() }
        var report = other.state.withLock { $0.report }
        report.attempts = 0
        state = Mutex(State(report: report))
    }

    /// Measures another attempt at the same call, at the same time.
    func beside() -> CallMeter { CallMeter(beside: self) }

    /// Adds what an attempt beside this one used; where that one answered, everything else that is told is of it.
    /// - Parameter asked: the model that did not answer.
    func absorb(_ other: CallMeter, asked: ModelName, isAnswer: Bool) {
        let theirs = other.state.withLock { $0 }
        state.withLock { state in
            let (mine, loser) = (state.report, isAnswer ? state.report : theirs.report)
            if isAnswer { state = theirs }
            state.report.attempts = mine.attempts + theirs.report.attempts
            state.report.tokens = mine.tokens + theirs.report.tokens
            state.report.cost = min(mine.cost, .max - theirs.report.cost) + theirs.report.cost
            state.report.alsoAsked = (asked, loser.cost)
        }
        guard isAnswer else { return }
        tally.adopt(other.tally.sum)
        if let copy, let theirs = other.copy { copy.adopt(theirs) }
    }

    /// Whether a byte went to the client.
    var hasBegun: Bool { state.withLock { $0.report.firstByte != nil } }

    func begin(_ model: ModelName, requestBytes: Int) {
        state.withLock { state in
            state.report.attempts += 1
            state.report.model = model
            state.attempt = Attempt(requestBytes: requestBytes)
        }
        copy?.empty()
    }

    /// An answer is given that is kept here: nobody is asked, and nothing is paid.
    func replays(_ model: ModelName, likeness: Float?) {
        state.withLock { state in
            state.report.model = model
            state.report.isCached = true
            state.report.likeness = likeness
        }
    }

    /// The question was compared with others, by a model that is paid for it.
    func compared(by model: ModelName, _ usage: TokenUsage, price: Price) {
        let cost = price.cost(of: usage)
        state.withLock { state in
            state.report.comparedBy = (model, cost)
            state.report.tokens = state.report.tokens + usage
            state.report.cost = min(state.report.cost, .max - cost) + cost
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
    /// - Parameter isLost: whether it was cancelled because another attempt answered: its provider has the request by
    ///   then, which costs what it costs.
    func endAttempt(price: Price, alreadyCounted: Int, isLost: Bool) {
        let counted = tally.sum.bytes - alreadyCounted
        state.withLock { state in
            let attempt = state.attempt
            let hasBegun = attempt.status.map { (200...299).contains($0) } ?? isLost
            guard hasBegun, state.report.surface != .anthropicCountTokens else { return }
            var usage = Cost.counted(requestBytes: attempt.requestBytes, answerBytes: counted)
            if let told = attempt.told {
                let output = attempt.isComplete ? told.output : max(told.output, usage.output)
                usage = TokenUsage(
                    input: told.input, output: output, cachedInput: told.cachedInput, cacheWrites: told.cacheWrites,
                    reasoning: told.reasoning)
            }
            state.report.tokens = state.report.tokens + usage
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

extension TokenUsage {
    static func + (a: TokenUsage, b: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: a.input + b.input, output: a.output + b.output, cachedInput: a.cachedInput + b.cachedInput,
            cacheWrites: a.cacheWrites + b.cacheWrites, reasoning: a.reasoning + b.reasoning)
    }
}
