/// The equations of version 2.0, section 3.2.
enum CVSS2 {
    static func scores(_ metrics: CVSSMetrics) -> CVSS.Scores {
        func weight(_ name: String) -> Double { weights[name]?[metrics[name] ?? ""] ?? 1 }
        /// 1 minus what of the three is left over.
        func impact(_ required: Bool) -> Double {
            let left = ["C", "I", "A"].reduce(1.0) { $0 * (1 - weight($1) * (required ? weight($1 + "R") : 1)) }
            let impact = 10.41 * (1 - left)
            return required ? min(10, impact) : impact
        }
        func base(_ impact: Double) -> Double {
            let exploitability = 20 * weight("AV") * weight("AC") * weight("Au")
            return rounded((0.6 * impact + 0.4 * exploitability - 1.5) * (impact < 1e-9 ? 0 : 1.176))
        }
        let decay = weight("E") * weight("RL") * weight("RC")
        let score = max(0, base(impact(false)))
        var scores = CVSS.Scores(base: score)
        if metrics.hasAny(["E", "RL", "RC"]) { scores.temporal = max(0, rounded(score * decay)) }
        if metrics.hasAny(["CDP", "TD", "CR", "IR", "AR"]) {
            let temporal = rounded(base(impact(true)) * decay)
            let damage = metrics["CDP"].flatMap { weights["CDP"]?[$0] } ?? 0
            scores.environmental = max(0, rounded((temporal + (10 - temporal) * damage) * weight("TD")))
        }
        return scores
    }

    /// To one decimal, halves up; what binary fractions lose is made up for.
    private static func rounded(_ value: Double) -> Double {
        (value * 10 + 1e-9).rounded(.toNearestOrAwayFromZero) / 10
    }

    /// What is not defined weighs 1, the collateral damage 0.
    private static let weights: [String: [String: Double]] = [
        "AV": ["L": 0.395, "A": 0.646, "N": 1], "AC": ["H": 0.35, "M": 0.61, "L": 0.71],
        "Au": ["M": 0.45, "S": 0.56, "N": 0.704], "C": ["N": 0, "P": 0.275, "C": 0.660],
        "I": ["N": 0, "P": 0.275, "C": 0.660], "A": ["N": 0, "P": 0.275, "C": 0.660],
        "E": ["U": 0.85, "POC": 0.9, "F": 0.95, "H": 1], "RL": ["OF": 0.87, "TF": 0.90, "W": 0.95, "U": 1],
        "RC": ["UC": 0.90, "UR": 0.95, "C": 1], "CDP": ["N": 0, "L": 0.1, "LM": 0.3, "MH": 0.4, "H": 0.5],
        "TD": ["N": 0, "L": 0.25, "M": 0.75, "H": 1], "CR": ["L": 0.5, "M": 1, "H": 1.51],
        "IR": ["L": 0.5, "M": 1, "H": 1.51], "AR": ["L": 0.5, "M": 1, "H": 1.51],
    ]
}
