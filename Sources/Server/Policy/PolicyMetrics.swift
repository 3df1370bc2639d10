/// What `/metrics` shows of policy.
final class PolicyMetrics: Sendable {
    let activations = Counter("gatehouse_policy_activations_total", "Bundles made active.", labels: ["bundle"])
    let failures = Counter(
        "gatehouse_policy_activation_failures_total", "Bundles that could not be fetched or made active.",
        labels: ["bundle"])
    let decisions = Counter(
        "gatehouse_policy_decisions_total", "Decisions asked for over HTTP, by outcome.", labels: ["outcome"])
    let evaluation = Histogram(
        "gatehouse_policy_eval_seconds", "Time of one evaluation asked for over HTTP.",
        bounds: [
            0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5,
        ])
}
