import Core
import JSON

/// Histograms as an ExportMetricsServiceRequest: cumulative, each with the time since when.
enum OTLPMetrics {
    /// `AggregationTemporality` of opentelemetry/proto/metrics/v1/metrics.proto.
    private static let cumulative = 2

    static func request(
        _ snapshot: GenAIMetrics.Snapshot, _ resource: ResourceIdentity, _ configured: [String: String]
    ) -> [UInt8] {
        OTLPWriter.request(
            (resources: "resourceMetrics", scopes: "scopeMetrics"), resource, configured,
            reserving: 1024 + snapshot.points * 900
        ) { writer in
            writer.array("metrics") { writer in
                for metric in snapshot.metrics { writer.object { write(metric, snapshot, &$0) } }
            }
        }
    }

    private static func write(
        _ metric: GenAIMetrics.Metric, _ snapshot: GenAIMetrics.Snapshot, _ writer: inout OTLPWriter
    ) {
        writer.text("name", metric.name)
        writer.text("description", metric.description)
        writer.text("unit", metric.unit)
        writer.object("histogram") { writer in
            writer.small("aggregationTemporality", cumulative)
            writer.array("dataPoints") { writer in
                for (series, histogram) in metric.points {
                    writer.object { writer in
                        writer.nanoseconds("startTimeUnixNano", microseconds: snapshot.start.microseconds)
                        writer.nanoseconds("timeUnixNano", microseconds: snapshot.time.microseconds)
                        writer.array("attributes") { write(series, &$0) }
                        write(histogram, metric.bounds, &writer)
                    }
                }
            }
        }
    }

    private static func write(_ histogram: Histogram, _ bounds: [Double], _ writer: inout OTLPWriter) {
        writer.whole("count", histogram.count)
        writer.number("sum", histogram.sum)
        writer.number("min", histogram.least)
        writer.number("max", histogram.greatest)
        writer.numbers("explicitBounds", bounds)
        writer.wholes("bucketCounts", histogram.buckets)
    }

    private static func write(_ series: GenAIMetrics.Series, _ writer: inout OTLPWriter) {
        writer.attributes(of: series.asked)
        writer.attribute("gen_ai.token.type", series.tokenType)
        writer.attribute("error.type", series.errorType)
        if series.isOverflow { writer.attribute("otel.metric.overflow", true) }
    }
}

extension GenAIMetrics.Snapshot {
    var points: Int { metrics.reduce(0) { $0 + $1.points.count } }
}
