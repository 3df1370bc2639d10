import Core
import JSON
import Ledger
import Models
import Synchronization

/// What went to models in the last day, as the ledger tells it: sums by hour and model, and the newest calls.
struct ModelTraffic: Sendable {
    struct Call: Sendable {
        let index: UInt64
        let time: Timestamp
        let principal: String
        /// `provider/model`; nil where none was asked.
        let model: String?
        let surface: String
        let state: String
        let error: String?
        let input: Int
        let output: Int
        /// Millionths of a US dollar.
        let cost: Int64
        let milliseconds: Int
        /// In the request and the answer, by kind.
        var keptBack: [String: Int]
    }

    struct Sum: Sendable, Hashable {
        var calls = 0
        var failed = 0
        var tokens = 0
        var cost: Int64 = 0

        mutating func add(_ call: Call) {
            calls += 1
            if call.state != "done" { failed += 1 }
            tokens += call.input + call.output
            cost = min(cost, .max - call.cost) + call.cost
        }

        static func + (a: Sum, b: Sum) -> Sum {
            Sum(
                calls: a.calls + b.calls, failed: a.failed + b.failed, tokens: a.tokens + b.tokens,
                cost: min(a.cost, .max - b.cost) + b.cost)
        }
    }

    private struct Hour: Sendable {
        var models: [String: Sum] = [:]
        var keptBack: [String: Int] = [:]
    }

    static let hours: Int64 = 24
    private static let newest = 50

    /// Oldest first.
    private(set) var calls: [Call] = []
    /// By hours since 1970.
    private var byHour: [Int64: Hour] = [:]
    /// Found in the requests of calls that have not ended, by action.
    private var begun: [String: [String: Int]] = [:]

    mutating func take(_ entry: Ledger.Entry) {
        guard let payload = entry.payloadJSON, payload["tool"]?.string == ModelsTool.id,
            let action = payload["action"]?.string
        else { return }
        switch payload["type"]?.string {
        case "intent": begun[action] = Self.counts(payload["cargo"]?["found"])
        case "outcome": add(Self.call(payload, entry, found: begun.removeValue(forKey: action) ?? [:]))
        case "decision" where payload["state"]?.string == "denied" || payload["state"]?.string == "refused":
            begun[action] = nil
            add(Self.call(payload, entry, found: [:]))
        default: break
        }
        if begun.count > 10_000 { begun = [:] }
    }

    private static func call(_ payload: JSON, _ entry: Ledger.Entry, found: [String: Int]) -> Call {
        let facts = payload["facts"]
        return Call(
            index: entry.index, time: entry.time, principal: payload["principal"]?.string ?? "",
            model: facts?["model"]?.string, surface: facts?["surface"]?.string ?? "",
            state: payload["state"]?.string ?? "", error: payload["error"]?.string,
            input: facts?["input_tokens"]?.int ?? 0, output: facts?["output_tokens"]?.int ?? 0,
            cost: Int64(payload["usage"]?["money_micros"]?.int ?? 0), milliseconds: facts?["milliseconds"]?.int ?? 0,
            keptBack: found.merging(counts(facts?["found"]), uniquingKeysWith: +))
    }

    private static func counts(_ found: JSON?) -> [String: Int] {
        Dictionary((found?.object ?? [:]).map { ($0.key, $0.value.int ?? 0) }, uniquingKeysWith: +)
    }

    private mutating func add(_ call: Call) {
        calls.append(call)
        if calls.count > 2 * Self.newest { calls.removeFirst(calls.count - Self.newest) }
        let hour = call.time.seconds / 3600
        byHour[hour, default: Hour()].models[call.model ?? "", default: Sum()].add(call)
        byHour[hour, default: Hour()].keptBack.merge(call.keptBack, uniquingKeysWith: +)
        if byHour.count > 2 * Self.hours { byHour = byHour.filter { $0.key > hour - Self.hours } }
    }

    // MARK: The last day

    /// Newest first.
    var latest: [Call] { calls.suffix(Self.newest).reversed() }

    /// Of each hour, oldest first, the current one last.
    func sums(at now: Timestamp) -> [Sum] {
        let current = now.seconds / 3600
        return (current - Self.hours + 1...current).map { hour in
            (byHour[hour]?.models.values).map { $0.reduce(Sum(), +) } ?? Sum()
        }
    }

    /// By model, the dearest first.
    func models(at now: Timestamp) -> [(model: String, sum: Sum)] {
        let sums = recent(now).reduce(into: [:]) { $0.merge($1.models, uniquingKeysWith: +) }
        return sums.sorted { ($0.value.cost, $0.value.calls, $1.key) > ($1.value.cost, $1.value.calls, $0.key) }
            .map { ($0.key, $0.value) }
    }

    /// By kind, the most frequent first.
    func keptBack(at now: Timestamp) -> [(kind: String, count: Int)] {
        let sums = recent(now).reduce(into: [:]) { $0.merge($1.keptBack, uniquingKeysWith: +) }
        return sums.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ($0.key, $0.value) }
    }

    private func recent(_ now: Timestamp) -> [Hour] {
        let current = now.seconds / 3600
        return byHour.filter { $0.key > current - Self.hours && $0.key <= current }.map(\.value)
    }
}

/// Keeps ``ModelTraffic`` up with the ledger: each reading goes on where the last one ended.
final class ModelTrafficReader: Sendable {
    /// Older entries are left out, so that a page never waits for long.
    static let greatestStretch: UInt64 = 20_000
    private static let piece: UInt64 = 1000

    private let ledger: Ledger
    private let state = Mutex((traffic: ModelTraffic(), next: UInt64(0)))

    init(_ ledger: Ledger) { self.ledger = ledger }

    /// - Throws: what the ledger reports of entries that it cannot read.
    func traffic() throws -> ModelTraffic {
        try state.withLock { state in
            let size = ledger.size
            state.next = max(state.next, size > Self.greatestStretch ? size - Self.greatestStretch : 0)
            while state.next < size {
                let end = min(state.next + Self.piece, size)
                for entry in try ledger.entries(state.next..<end) { state.traffic.take(entry) }
                state.next = end
            }
            return state.traffic
        }
    }
}
