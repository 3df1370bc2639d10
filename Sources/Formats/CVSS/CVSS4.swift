/// Version 4.0, section 8: the score of the vector's equivalence class, less how far the vector lies from the class's
/// worst one, as a share of the way to the next class below.
struct CVSS4 {
    private let metrics: CVSSMetrics

    init(_ metrics: CVSSMetrics) { self.metrics = metrics }

    var scores: CVSS.Scores {
        guard ["VC", "VI", "VA", "SC", "SI", "SA"].contains(where: { value($0) != "N" }) else {
            return CVSS.Scores(base: 0)
        }
        let macro = self.macro
        guard let top = macro.score else { return CVSS.Scores(base: 0) }
        var shares: [Double] = []
        for (lower, distance, depth) in steps(from: macro) {
            guard let lower else { continue }
            shares.append(Double(top - lower) * Double(distance) / Double(depth))
        }
        let mean = shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
        let tenths = (Double(top) - mean + 1e-5).rounded(.toNearestOrAwayFromZero)
        return CVSS.Scores(base: min(max(tenths, 0), 100) / 10)
    }

    /// For each dimension: the score one class lower, where there is one, how far the vector lies below the class's
    /// worst, and how far that can be.
    private func steps(from macro: CVSS4Macro) -> [(lower: Int?, distance: Int, depth: Int)] {
        [
            (macro.lowered(\.eq1), distance(CVSS4Macro.worst1[macro.eq1]), [1, 4, 5][macro.eq1]),
            (macro.lowered(\.eq2), distance(CVSS4Macro.worst2[macro.eq2]), [1, 2][macro.eq2]),
            (macro.loweredImpact, distance(CVSS4Macro.worst36[macro.eq36]), [7, 6, 8, 8, 10][macro.eq36]),
            (macro.lowered(\.eq4), distance(CVSS4Macro.worst4[macro.eq4]), [6, 5, 4][macro.eq4]),
            // Within a class of exploit maturity there is one value only.
            (macro.lowered(\.eq5), 0, 1),
        ]
    }

    /// From the first of the worst vectors that this one is not worse than in any metric.
    private func distance(_ worst: [String]) -> Int {
        for vector in worst {
            let steps = vector.split(separator: "/").map { field in
                let parts = field.split(separator: ":").map(String.init)
                return Self.level(parts[0], value(parts[0])) - Self.level(parts[0], parts[1])
            }
            if steps.allSatisfy({ $0 >= 0 }) { return steps.reduce(0, +) }
        }
        return 0
    }

    /// As it counts: modified where it is, and where nothing is said the worst for what threat and environment add.
    private func value(_ name: String) -> String {
        switch name {
        case "E": metrics["E"] ?? "A"
        case "CR", "IR", "AR": metrics[name] ?? "H"
        default: metrics.effective(name) ?? ""
        }
    }

    private static let order: [String: String] = [
        "AV": "NALP", "PR": "NLH", "UI": "NPA", "AC": "LH", "AT": "NP", "VC": "HLN", "VI": "HLN", "VA": "HLN",
        "SC": "SHLN", "SI": "SHLN", "SA": "SHLN", "CR": "HML", "IR": "HML", "AR": "HML",
    ]

    /// Steps below the worst value of the metric.
    private static func level(_ name: String, _ value: String) -> Int {
        guard let order = order[name]?.utf8, let byte = value.utf8.first,
            let place = order.firstIndex(of: byte)
        else { return 0 }
        return order.distance(from: order.startIndex, to: place)
    }

    private var macro: CVSS4Macro {
        func isHigh(_ names: String...) -> Int { names.count { value($0) == "H" } }
        let easy = ["AV", "PR", "UI"].count { value($0) == "N" }
        let isVulnerable = isHigh("VC", "VI", "VA") > 0
        let isRequired = zip(["VC", "VI", "VA"], ["CR", "IR", "AR"]).contains { value($0) == "H" && value($1) == "H" }
        let eq3 = isHigh("VC", "VI") == 2 ? 0 : isVulnerable ? 1 : 2
        let isSafety = value("SI") == "S" || value("SA") == "S"
        return CVSS4Macro(
            eq1: easy == 3 ? 0 : easy > 0 && value("AV") != "P" ? 1 : 2,
            eq2: value("AC") == "L" && value("AT") == "N" ? 0 : 1,
            eq36: eq3 == 2 ? 4 : eq3 * 2 + (isRequired ? 0 : 1),
            eq4: isSafety ? 0 : isHigh("SC", "SI", "SA") > 0 ? 1 : 2,
            eq5: ["A": 0, "P": 1, "U": 2][value("E")] ?? 0)
    }
}
