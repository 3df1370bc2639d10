import Scan

/// For a terminal.
struct TextReport {
    private let report: ThreatReport

    init(_ report: ThreatReport) { self.report = report }

    private static let mostChanges = 60

    var text: String {
        let model = report.model
        var lines = ["Threat model of \(report.name)", "  \(report.sizeWords)", "  \(report.scoreWords)"]
        lines.append("  \(report.comparisonWords)")
        lines += changes
        for standing in Threat.Standing.allCases {
            let threats = model.threats.filter { $0.standing == standing }
            guard !threats.isEmpty else { continue }
            lines += ["", "\(standing.rawValue.prefix(1).uppercased())\(standing.rawValue.dropFirst())"]
            lines += threats.flatMap { standing == .mitigated ? [line($0)] : [line($0)] + evidence($0) }
        }
        lines += elements
        lines += unchecked
        if !report.notes.isEmpty { lines += [""] + report.notes }
        return lines.map(Name.line).joined(separator: "\n") + "\n"
    }

    private var changes: [String] {
        let all = report.changes
        var lines = all.prefix(Self.mostChanges).map { change in
            "    \(change.sign) \(change.kind)  \(change.name)\(change.what.isEmpty ? "" : ": \(change.what)")"
        }
        if all.count > Self.mostChanges {
            lines.append("    … and \(all.count - Self.mostChanges) more (--format json)")
        }
        return lines
    }

    private func line(_ threat: Threat) -> String {
        let level = threat.standing == .mitigated ? "" : "\(threat.risk.level) "
        return "  \(threat.rule.stride.letter) \(level)\(threat.rule.id)  \(threat.name): \(threat.rule.title)"
    }

    private func evidence(_ threat: Threat) -> [String] {
        let risk =
            "risk \(threat.risk.value) = \(threat.risk.likelihood) × \(threat.risk.impact): \(threat.risk.reason)"
        return ["      \(risk)"] + threat.evidence.map { "      \($0.path):\($0.line)  \($0.reason)" }
            + ["      do: \(threat.rule.mitigations.joined(separator: "; "))"]
    }

    private var elements: [String] {
        var lines: [String] = []
        for boundary in report.model.boundaries {
            lines += ["", "\(boundary.name) (\(boundary.kind.rawValue))"]
            for element in report.model.elements where element.boundary == boundary.id {
                let place = element.evidence.first.map { "  \($0.path):\($0.line)" } ?? ""
                lines.append("  \(element.kind.rawValue)  \(element.name) (\(element.type))\(place)")
                for flow in report.model.flows where flow.source == element.id {
                    lines.append("    → \(report.model.element(flow.target)?.name ?? flow.target): \(flow.label)")
                }
            }
        }
        return lines
    }

    private var unchecked: [String] {
        guard report.model.uncheckedCount > 0 else { return [] }
        return ["", "Could not check (\(report.model.uncheckedCount))"]
            + report.model.unchecked.map { "  \($0.path.isEmpty ? "" : "\($0.path): ")\($0.detail)" }
    }
}

extension Name {
    /// One line for a terminal: without anything that moves its cursor.
    static func line(_ text: String) -> String { shown(text, limit: 1_000) }
}
