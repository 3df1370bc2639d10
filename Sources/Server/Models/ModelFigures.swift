import Core
import Dialects
import Models

/// What `/metrics` shows of calls to models, after OpenTelemetry's conventions for generative AI.
final class ModelFigures: Sendable {
    let tokens = Counter(
        "gatehouse_gen_ai_client_token_usage_total", "Tokens used, by model and type.",
        labels: ["provider", "model", "type"])
    let cost = Counter(
        "gatehouse_gen_ai_client_cost_micro_usd_total", "Millionths of a US dollar spent.",
        labels: ["provider", "model"])
    let durations = Histogram(
        "gatehouse_gen_ai_client_operation_duration_seconds", "Time of a whole call.",
        labels: ["provider", "model", "operation", "outcome"],
        bounds: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92])
    let firstByte = Histogram(
        "gatehouse_gen_ai_client_time_to_first_byte_seconds", "Time until the client got the first byte of an answer.",
        labels: ["provider", "model"], bounds: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    let found = Counter(
        "gatehouse_privacy_findings_total", "What was found on the way to models and back, by kind.",
        labels: ["kind", "direction"])

    func observe(_ report: ModelReport) {
        let (provider, model) = (report.model?.provider ?? "none", report.model?.model ?? "none")
        tokens.add(UInt64(clamping: report.tokens.input), [provider, model, "input"])
        tokens.add(UInt64(clamping: report.tokens.output), [provider, model, "output"])
        cost.add(UInt64(clamping: report.cost), [provider, model])
        durations.observe(
            Double(report.took.microseconds) / 1e6,
            [provider, model, report.surface.rawValue, report.failure?.code.rawValue ?? "ok"])
        if let time = report.firstByte { firstByte.observe(Double(time.microseconds) / 1e6, [provider, model]) }
        for (kind, count) in report.foundInRequest { found.add(UInt64(clamping: count), [kind, "request"]) }
        for (kind, count) in report.found { found.add(UInt64(clamping: count), [kind, "answer"]) }
    }

    var counters: [Counter] { [tokens, cost, found] }
    var histograms: [Histogram] { [durations, firstByte] }
}
