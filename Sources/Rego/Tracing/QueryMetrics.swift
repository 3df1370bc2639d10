public import JSON

/// What a query took, under the names of OPA's Data API (`metrics=true`).
public struct QueryMetrics: Sendable, Hashable {
    public enum Timer: String, Sendable, Hashable, CaseIterable {
        case inputParse = "timer_rego_input_parse_ns"
        case moduleParse = "timer_rego_module_parse_ns"
        case moduleCompile = "timer_rego_module_compile_ns"
        case queryParse = "timer_rego_query_parse_ns"
        case queryCompile = "timer_rego_query_compile_ns"
        case queryEvaluation = "timer_rego_query_eval_ns"
        case serverHandler = "timer_server_handler_ns"
    }

    public enum Counter: String, Sendable, Hashable, CaseIterable {
        case queryCacheHit = "counter_server_query_cache_hit"
    }

    private var timers: [Timer: Int] = [:]
    private var counters: [Counter: Int] = [:]

    public init() {}

    /// In nanoseconds; nil for what was not measured.
    public subscript(timer: Timer) -> Int? { timers[timer] }
    public subscript(counter: Counter) -> Int? { counters[counter] }

    public mutating func add(_ time: Duration, to timer: Timer) {
        let (seconds, attoseconds) = time.components
        timers[timer, default: 0] += Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }

    public mutating func count(_ counter: Counter, _ count: Int = 1) { counters[counter, default: 0] += count }

    /// Adds the time that the body takes, also when it throws.
    public mutating func measure<Result, Failure: Error>(
        _ timer: Timer, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { add(ContinuousClock.now - start, to: timer) }
        return try body()
    }

    public mutating func merge(_ other: QueryMetrics) {
        timers.merge(other.timers, uniquingKeysWith: +)
        counters.merge(other.counters, uniquingKeysWith: +)
    }

    /// `{"timer_rego_query_eval_ns": 15230, …}`
    public var json: JSON {
        var json: JSONObject = [:]
        for counter in Counter.allCases { if let count = counters[counter] { json[counter.rawValue] = JSON(count) } }
        for timer in Timer.allCases { if let time = timers[timer] { json[timer.rawValue] = JSON(time) } }
        return .object(json)
    }
}
