#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The equations of version 3.0, section 8, and 3.1, section 7.
struct CVSS3 {
    private let metrics: CVSSMetrics
    /// 3.1: other rounding, and another modified impact where the scope changes.
    private let isRevised: Bool

    init(_ metrics: CVSSMetrics, isRevised: Bool) {
        self.metrics = metrics
        self.isRevised = isRevised
    }

    var scores: CVSS.Scores {
        let base = baseScore
        let decay = weight("E") * weight("RL") * weight("RC")
        return CVSS.Scores(base: base, temporal: roundedUp(base * decay), environmental: environmental(decay))
    }

    private var baseScore: Double {
        let isChanged = metrics["S"] == "C"
        let left = ["C", "I", "A"].reduce(1.0) { $0 * (1 - impactWeight(metrics[$1])) }
        let impact = impact(1 - left, isChanged, exponent: 15, factor: 1)
        guard impact > 0 else { return 0 }
        let sum = impact + exploitability(isChanged) { metrics[$0] }
        return roundedUp(min(isChanged ? 1.08 * sum : sum, 10))
    }

    private func environmental(_ decay: Double) -> Double {
        let isChanged = metrics.effective("S") == "C"
        let left = ["C", "I", "A"].reduce(1.0) {
            $0 * (1 - impactWeight(metrics.effective($1)) * requirement(metrics[$1 + "R"]))
        }
        let share = min(1 - left, 0.915)
        let impact = impact(share, isChanged, exponent: isRevised ? 13 : 15, factor: isRevised ? 0.9731 : 1)
        guard impact > 0 else { return 0 }
        let sum = impact + exploitability(isChanged) { metrics.effective($0) }
        return roundedUp(roundedUp(min(isChanged ? 1.08 * sum : sum, 10)) * decay)
    }

    private func impact(_ share: Double, _ isChanged: Bool, exponent: Double, factor: Double) -> Double {
        guard isChanged else { return 6.42 * share }
        return 7.52 * (share - 0.029) - 3.25 * pow(share * factor - 0.02, exponent)
    }

    private func exploitability(_ isChanged: Bool, _ metric: (String) -> String?) -> Double {
        let vector = Self.weights["AV"]?[metric("AV") ?? ""] ?? 0
        let complexity = metric("AC") == "L" ? 0.77 : 0.44
        let privileges =
            switch metric("PR") {
            case "N": 0.85
            case "L": isChanged ? 0.68 : 0.62
            default: isChanged ? 0.5 : 0.27
            }
        return 8.22 * vector * complexity * privileges * (metric("UI") == "N" ? 0.85 : 0.62)
    }

    private func weight(_ name: String) -> Double { Self.weights[name]?[metrics[name] ?? ""] ?? 1 }

    private func impactWeight(_ value: String?) -> Double { value == "H" ? 0.56 : value == "L" ? 0.22 : 0 }

    private func requirement(_ value: String?) -> Double { value == "H" ? 1.5 : value == "L" ? 0.5 : 1 }

    /// To the next tenth. 3.1 (appendix A) says how in whole numbers; 3.0 means the exact value.
    private func roundedUp(_ value: Double) -> Double {
        guard isRevised else { return (value * 10 - 1e-9).rounded(.up) / 10 }
        let whole = Int((value * 100_000).rounded())
        return Double(whole % 10_000 == 0 ? whole / 10_000 : whole / 10_000 + 1) / 10
    }

    private static let weights: [String: [String: Double]] = [
        "AV": ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2], "E": ["H": 1, "F": 0.97, "P": 0.94, "U": 0.91],
        "RL": ["U": 1, "W": 0.97, "T": 0.96, "O": 0.95], "RC": ["C": 1, "R": 0.96, "U": 0.92],
    ]
}
