import Core
import Synchronization

/// How models and their providers do: breakers, latencies, calls under way and in the minute. Shared by all calls.
final class ModelHealth: Sendable {
    private struct Model {
        var breaker = ModelBreaker()
        var latency = Latency()
    }

    private struct Load {
        var underWay = 0
        var minute = MinuteWindow()

        func hasRoom(_ limits: ProviderLimits) -> Bool {
            underWay < limits.concurrent && minute.total < limits.perMinute
        }
    }

    private struct State {
        var models: [ModelName: Model] = [:]
        var loads: [String: Load] = [:]
        var retries = RetryBudget()
    }

    /// Clients name models, so that there may be any number of names.
    private static let mostModels = 4096
    private let state = Mutex(State())

    func state(of model: ModelName, _ limits: ProviderLimits, at now: ContinuousClock.Instant) -> ModelState {
        state.withLock { state in
            let known = state.models[model.base] ?? Model()
            state.loads[model.provider]?.minute.advance(to: now)
            return ModelState(
                wait: known.breaker.wait(at: now), hasRoom: state.loads[model.provider]?.hasRoom(limits) ?? true,
                latency: known.latency)
        }
    }

    /// Whether a call may begin; then ``ended(_:_:at:)`` is owed.
    func begin(_ model: ModelName, _ limits: ProviderLimits, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            var load = state.loads[model.provider] ?? Load()
            load.minute.advance(to: now)
            guard load.hasRoom(limits), state.models[model.base, default: Model()].breaker.admit(at: now) else {
                return false
            }
            load.underWay += 1
            load.minute.count()
            state.loads[model.provider] = load
            return true
        }
    }

    enum End: Sendable {
        case answered(firstByte: Duration?)
        case failed(UpstreamFailure)
        /// It says nothing about the model.
        case withdrawn
    }

    func ended(_ model: ModelName, _ end: End, at now: ContinuousClock.Instant) {
        state.withLock { state in
            state.loads[model.provider]?.underWay -= 1
            var known = state.models[model.base] ?? Model()
            switch end {
            case .answered(let firstByte):
                known.breaker.succeeded()
                if let firstByte { known.latency.measured(firstByte) }
            case .failed(.status(_, let wait)): known.breaker.failed(at: now, retryAfter: wait)
            case .failed: known.breaker.failed(at: now)
            case .withdrawn: break
            }
            if state.models.count >= Self.mostModels {
                state.models = state.models.filter { $0.value.breaker.wait(at: now) != nil }
            }
            state.models[model.base] = known
        }
    }

    func requested() { state.withLock { $0.retries.request() } }
    func mayRetry() -> Bool { state.withLock { $0.retries.retry() } }
}

/// Counts what began in the last minute, by the second; the second that is only partly past counts whole.
struct MinuteWindow: Sendable {
    private static let start = ContinuousClock.now
    private static let length: Int64 = 61
    private var counts = [Int](repeating: 0, count: Int(length))
    private var newest: Int64 = 0
    private(set) var total = 0

    mutating func advance(to now: ContinuousClock.Instant) {
        let second = max(newest, (now - Self.start).components.seconds)
        for passed in 0..<min(second - newest, Self.length) {
            let place = Int((newest + 1 + passed) % Self.length)
            total -= counts[place]
            counts[place] = 0
        }
        newest = second
    }

    mutating func count() {
        counts[Int(newest % Self.length)] += 1
        total += 1
    }
}
