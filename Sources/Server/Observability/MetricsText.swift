/// The Prometheus text exposition format, version 0.0.4.
enum MetricsText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    static func render(_ metrics: Metrics) -> String {
        var out = ""
        for counter in metrics.counters { write(counter, to: &out) }
        for histogram in metrics.histograms { write(histogram, to: &out) }
        for gauge in metrics.allGauges { write(gauge, to: &out) }
        return out
    }

    private static func write(_ counter: Counter, to out: inout String) {
        header(counter.name, counter.help, "counter", to: &out)
        for (values, count) in counter.snapshot().sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            sample(counter.name, Array(zip(counter.labels, values)), String(count), to: &out)
        }
    }

    private static func write(_ histogram: Histogram, to out: inout String) {
        header(histogram.name, histogram.help, "histogram", to: &out)
        for (values, series) in histogram.snapshot().sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let labels = Array(zip(histogram.labels, values))
            var total: UInt64 = 0
            for (place, count) in series.buckets.enumerated() {
                total += count
                let bound = place < histogram.bounds.count ? number(histogram.bounds[place]) : "+Inf"
                sample(histogram.name + "_bucket", labels + [("le", bound)], String(total), to: &out)
            }
            sample(histogram.name + "_sum", labels, number(series.sum), to: &out)
            sample(histogram.name + "_count", labels, String(series.count), to: &out)
        }
    }

    private static func write(_ gauge: Gauge, to out: inout String) {
        let samples = gauge.read()
        guard !samples.isEmpty else { return }
        header(gauge.name, gauge.help, gauge.isTotal ? "counter" : "gauge", to: &out)
        for one in samples { sample(gauge.name, one.labels.map { ($0.name, $0.value) }, number(one.value), to: &out) }
    }

    private static func header(_ name: String, _ help: String, _ type: String, to out: inout String) {
        out += "# HELP \(name) \(escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    private static func sample(_ name: String, _ labels: [(String, String)], _ value: String, to out: inout String) {
        out += name
        if !labels.isEmpty {
            out += "{" + labels.map { "\($0.0)=\"\(escaped($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        out += " \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
