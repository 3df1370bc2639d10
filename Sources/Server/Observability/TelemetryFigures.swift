import Models
import Observe

extension Telemetry {
    /// Goes by what a configuration says, also of the providers whose addresses spans tell.
    func adopt(_ configuration: HouseConfiguration) {
        adopt(
            configuration.telemetry,
            providers: Dictionary(configuration.models.providers.map { ($0.id, $0.baseURL) }) { first, _ in first })
    }

    /// How exports are doing, for `/metrics`.
    var gauges: [Gauge] {
        func total(_ name: String, _ help: String, _ count: @escaping @Sendable (ExportCounts.Standing) -> Int) -> Gauge
        {
            Gauge("gatehouse_telemetry_\(name)_total", help, isTotal: true) { [counts] in
                ExportCounts.Signal.allCases.map { signal in
                    Gauge.Sample(
                        labels: [(name: "signal", value: signal.rawValue)],
                        value: Double(count(counts.standing(of: signal))))
                }
            }
        }
        return [
            Gauge("gatehouse_telemetry_waiting", "Spans that wait to be sent.") { [self] in Double(waitingSpans) },
            total("sent", "Spans, and points of metrics, that the collector took.") { $0.sent },
            total("dropped", "Spans that made way for newer ones.") { $0.dropped },
            total("rejected", "Spans, and points of metrics, that the collector did not want.") { $0.rejected },
            total("failures", "Exports that failed, and are tried again.") { $0.failures },
        ]
    }
}
