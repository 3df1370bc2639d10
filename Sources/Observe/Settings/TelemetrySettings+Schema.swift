public import Config
import JSON

extension TelemetrySettings {
    public static let field = Field(
        "telemetry",
        .object([
            Field("otlp", .object(collector), "The collector, which takes OTLP over HTTP.", default: [:]),
            Field(
                "resource", .map(of: .string, keys: .any),
                "Attributes of the resource, beside or instead of service.name and our others.",
                example: ["deployment.environment.name": "production"]),
            Field(
                "sample", .string,
                "The share of traces that are kept, from 0 to 1, of those that begin here; a caller's own word for its trace "
                    + "goes before it. Metrics count everything.", default: "1.0", example: "0.05"),
            Field(
                "propagate", .bool,
                "Whether calls to models' providers carry a traceparent, which tells them our ids.", default: false),
        ]), "Spans and metrics for OpenTelemetry: see `docs/telemetry.md`. Without an endpoint there are none.",
        default: [:])

    private static let collector = [
        Field(
            "endpoint", .url, "Its address; /v1/traces and /v1/metrics are put after it.",
            example: "http://localhost:4318"),
        Field(
            "headers", .map(of: .secret, keys: .any), "Sent with every export.",
            example: ["authorization": "Bearer ${OTLP_TOKEN}"]),
        Field("interval", .duration, "From one export to the next, at the most.", default: "10s"),
        Field("timeout", .duration, "Of one export.", default: "10s"),
        Field("queue", .int(1...1_000_000), "Spans that wait to be sent; of more, the oldest go.", default: 4096),
        Field("gzip", .bool, "Whether exports are compressed.", default: false),
    ]
}
