import Synchronization

/// A number that only grows, one for each set of label values.
final class Counter: Sendable {
    let name: String
    let help: String
    let labels: [String]
    private let values: Mutex<[[String]: UInt64]>

    init(_ name: String, _ help: String, labels: [String] = []) {
        self.name = name
        self.help = help
        self.labels = labels
        values = Mutex(labels.isEmpty ? [[]: 0] : [:])
    }

    /// Values beyond ``MetricBounds/series`` are counted together as `other`: what comes from outside never grows
    /// memory.
    func add(_ amount: UInt64 = 1, _ labelValues: [String] = []) {
        values.withLock { values in
            let key =
                values[labelValues] != nil || values.count < MetricBounds.series
                ? labelValues : MetricBounds.other(labels)
            values[key, default: 0] &+= amount
        }
    }

    func snapshot() -> [[String]: UInt64] { values.withLock { $0 } }
}

enum MetricBounds {
    static let series = 500
    static func other(_ labels: [String]) -> [String] { labels.map { _ in "other" } }
}

/// How observations are spread over buckets.
final class Histogram: Sendable {
    struct Series: Sendable {
        var buckets: [UInt64]
        var sum = 0.0
        var count: UInt64 = 0
    }

    let name: String
    let help: String
    let labels: [String]
    /// Upper bounds, ascending; the last, endless one is implied.
    let bounds: [Double]
    private let series = Mutex<[[String]: Series]>([:])

    init(_ name: String, _ help: String, labels: [String] = [], bounds: [Double]) {
        self.name = name
        self.help = help
        self.labels = labels
        self.bounds = bounds
    }

    func observe(_ value: Double, _ labelValues: [String] = []) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        series.withLock { all in
            let key =
                all[labelValues] != nil || all.count < MetricBounds.series ? labelValues : MetricBounds.other(labels)
            var one = all[key] ?? Series(buckets: Array(repeating: 0, count: bounds.count + 1))
            one.buckets[place] += 1
            one.sum += value
            one.count += 1
            all[key] = one
        }
    }

    func snapshot() -> [[String]: Series] { series.withLock { $0 } }
}

/// A value read when it is asked for.
struct Gauge: Sendable {
    struct Sample: Sendable {
        let labels: [(name: String, value: String)]
        let value: Double
    }

    let name: String
    let help: String
    /// Whether it is shown as a counter: a total that is kept elsewhere.
    var isTotal = false
    let read: @Sendable () -> [Sample]

    init(_ name: String, _ help: String, isTotal: Bool = false, read: @escaping @Sendable () -> [Sample]) {
        self.name = name
        self.help = help
        self.isTotal = isTotal
        self.read = read
    }

    init(_ name: String, _ help: String, isTotal: Bool = false, value: @escaping @Sendable () -> Double?) {
        self.init(name, help, isTotal: isTotal) { value().map { [Sample(labels: [], value: $0)] } ?? [] }
    }
}

/// Everything that `/metrics` shows.
final class Metrics: Sendable {
    let requests = Counter(
        "gatehouse_http_requests_total", "HTTP requests answered.", labels: ["method", "route", "status"])
    let durations = Histogram(
        "gatehouse_http_request_duration_seconds", "Time from a request's arrival to its answer's head.",
        labels: ["route"],
        bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    let refusals = Counter(
        "gatehouse_http_refused_total", "Connections ended because of what the peer sent.", labels: ["reason"])
    let signIns = Counter("gatehouse_sign_ins_total", "Console sign-ins by outcome.", labels: ["outcome"])
    let authFailures = Counter("gatehouse_auth_failures_total", "Requests with credentials that did not hold.")
    let events = Counter("gatehouse_gate_events_total", "What the gate saw happen to actions.", labels: ["kind"])
    let reloads = Counter("gatehouse_config_reloads_total", "Configuration reloads by outcome.", labels: ["outcome"])
    let inFlight = Level()
    let streams = Level()
    private let gauges: Mutex<[Gauge]> = Mutex([])
    private let policy = Mutex<PolicyMetrics?>(nil)
    let models: ModelFigures

    init(models: ModelFigures = ModelFigures()) {
        self.models = models
        add(
            Gauge("gatehouse_http_requests_in_flight", "Requests being answered.") { [inFlight] in
                Double(inFlight.value)
            })
        add(Gauge("gatehouse_event_streams", "Open event streams.") { [streams] in Double(streams.value) })
        for gauge in ProcessFigures.gauges { add(gauge) }
    }

    func add(_ gauge: Gauge) { gauges.withLock { $0.append(gauge) } }

    /// What is counted of policy.
    func add(_ figures: PolicyMetrics) { policy.withLock { $0 = figures } }

    var counters: [Counter] {
        let own = [requests, refusals, signIns, authFailures, events, reloads]
        return own + models.counters
            + (policy.withLock { $0 }.map { [$0.activations, $0.failures, $0.decisions] } ?? [])
    }
    var histograms: [Histogram] {
        [durations] + models.histograms + (policy.withLock { $0 }.map { [$0.evaluation] } ?? [])
    }
    var allGauges: [Gauge] { gauges.withLock { $0 } }
}

/// How many of something there are now.
final class Level: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func enter() { count.withLock { $0 += 1 } }
    func leave() { count.withLock { $0 -= 1 } }

    /// False when there are `limit` already.
    func enter(atMost limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }
}
