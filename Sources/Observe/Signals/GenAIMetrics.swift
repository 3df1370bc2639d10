import Core
import Synchronization

/// Figures of calls to models, as the conventions for generative AI name and cut them, since this process began.
final class GenAIMetrics: Sendable {
    /// What calls are told apart by.
    struct Series: Sendable, Hashable {
        var asked: AskedModel
        /// Of tokens: `input` or `output`.
        var tokenType: String?
        /// Of durations.
        var errorType: String?
        /// Calls that were too various to be told apart.
        var isOverflow = false

        init(_ call: GenAICall) { asked = call.asked }

        fileprivate init(overflowing operation: String) {
            asked = AskedModel(operation: operation)
            isOverflow = true
        }
    }

    struct Metric: Sendable {
        let name: String
        let description: String
        let unit: String
        let bounds: [Double]
        var points: [Series: Histogram] = [:]
    }

    struct Snapshot: Sendable {
        var metrics: [Metric]
        var start: Timestamp
        var time: Timestamp
    }

    /// Series of one metric at the most, as OpenTelemetry's SDKs have it.
    static let greatestNumber = 2000

    private struct State {
        var duration = Metric(
            name: "gen_ai.client.operation.duration", description: "GenAI operation duration.", unit: "s",
            bounds: Self.seconds)
        var firstChunk = Metric(
            name: "gen_ai.client.operation.time_to_first_chunk",
            description: "Time until the first piece of a streamed answer.", unit: "s", bounds: Self.seconds)
        var tokens = Metric(
            name: "gen_ai.client.token.usage", description: "Number of input and output tokens used.",
            unit: "{token}", bounds: (0..<14).map { Double(1 << (2 * $0)) })

        private static let seconds = (0..<14).map { 0.01 * Double(1 << $0) }
    }

    private let clock: any WallClock
    private let start: Timestamp
    private let state = Mutex(State())

    init(clock: any WallClock) {
        self.clock = clock
        start = clock.now()
    }

    /// Of a call for which no provider was asked, there is nothing to count.
    func count(_ call: GenAICall) {
        guard call.attempts > 0 else { return }
        let series = Series(call)
        var timed = series
        timed.errorType = call.errorType
        state.withLock { state in
            state.duration.add(call.duration, timed)
            if let time = call.timeToFirstChunk { state.firstChunk.add(time, series) }
            for (type, count) in [("input", call.input), ("output", call.output)] where count > 0 {
                var typed = series
                typed.tokenType = type
                state.tokens.add(Double(count), typed)
            }
        }
    }

    /// Those that have anything to show.
    func snapshot() -> Snapshot {
        let metrics = state.withLock { [$0.duration, $0.firstChunk, $0.tokens] }
        return Snapshot(metrics: metrics.filter { !$0.points.isEmpty }, start: start, time: clock.now())
    }
}

extension GenAIMetrics.Metric {
    fileprivate mutating func add(_ value: Double, _ series: GenAIMetrics.Series) {
        var series = series
        if points.count >= GenAIMetrics.greatestNumber, points[series] == nil {
            series = GenAIMetrics.Series(overflowing: series.asked.operation)
        }
        points[series, default: Histogram(buckets: bounds.count + 1)].add(value, bounds)
    }
}

/// Values by bucket: those up to the first bound, up to the second, …, above the last.
struct Histogram: Sendable, Hashable {
    private(set) var buckets: [UInt64]
    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0
    private(set) var least = Double.infinity
    private(set) var greatest = -Double.infinity

    init(buckets: Int) { self.buckets = Array(repeating: 0, count: buckets) }

    mutating func add(_ value: Double, _ bounds: [Double]) {
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        count += 1
        sum += value
        least = min(least, value)
        greatest = max(greatest, value)
    }
}
