public import Formats

/// What a CVSS vector tells of the facts that the decision asks for.
extension RiskFacts {
    /// Sets what the vector says; leaves the rest.
    public mutating func take(_ cvss: CVSS) {
        self.cvss = cvss.scores.overall
        func effective(_ name: String) -> String? { cvss.metrics["M" + name] ?? cvss.metrics[name] }
        switch cvss.version {
        case .v2:
            isAutomatable = cvss.metrics["AV"] == "N" && cvss.metrics["AC"] == "L" && cvss.metrics["Au"] == "N"
            hasTotalImpact = cvss.metrics["C"] == "C" && cvss.metrics["I"] == "C"
        case .v30, .v31:
            isAutomatable = isRemoteAndEasy(effective)
            hasTotalImpact = Self.hasTotalImpact(effective("PR"), [effective("C"), effective("I")])
        case .v4:
            // What the supplier says of automation counts; by it, no more than what the metrics allow is known.
            isAutomatable =
                cvss.metrics["AU"].map { $0 == "Y" } ?? (isRemoteAndEasy(effective) && effective("AT") == "N")
            hasTotalImpact = Self.hasTotalImpact(effective("PR"), [effective("VC"), effective("VI")])
        }
        exploitation = Self.exploitation(cvss)
    }

    private func isRemoteAndEasy(_ metric: (String) -> String?) -> Bool {
        metric("AV") == "N" && metric("AC") == "L" && metric("PR") == "N" && metric("UI") == "N"
    }

    /// CERT/CC's table from CVSS 4.0 to SSVC's technical impact (1.0.0): both high, or without privileges one high and the
    /// other at least low. Version 3 has the same metrics.
    private static func hasTotalImpact(_ privileges: String?, _ impacts: [String?]) -> Bool {
        if impacts.allSatisfy({ $0 == "H" }) { return true }
        return privileges == "N" && impacts.contains("H") && !impacts.contains("N")
    }

    private static func exploitation(_ cvss: CVSS) -> Exploitation? {
        switch (cvss.version, cvss.metrics["E"]) {
        case (.v4, "A"): .active
        // That code works, or that none is needed, does not say that anybody attacks.
        case (.v4, "P"), (.v2, "POC"), (_, "F"), (_, "H"), (.v30, "P"), (.v31, "P"): .publicPoC
        case (_, "U"): Exploitation.none
        default: nil
        }
    }
}
