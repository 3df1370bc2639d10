import Scan

/// For requests and wikis, with the diagram as Mermaid.
struct MarkdownThreats {
    private let report: ThreatReport

    init(_ report: ThreatReport) { self.report = report }

    var text: String {
        let model = report.model
        var lines = [
            "# Threat model of \(escaped(report.name))", "", "\(report.sizeWords).", "", "**\(report.scoreWords).**",
            "",
        ]
        lines += [escaped(report.comparisonWords), ""]
        lines += changes
        lines += ["```mermaid", MermaidDrawing(diagram: report.diagram).text + "```", ""]
        for standing in Threat.Standing.allCases {
            lines += section(standing, model.threats.filter { $0.standing == standing })
        }
        lines += entries
        lines += unchecked
        lines += report.notes.map { escaped($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func escaped(_ text: String) -> String { MarkdownReport.escaped(text) }

    private var changes: [String] {
        let all = report.changes
        guard !all.isEmpty else { return [] }
        return ["| | What | Which | How |", "|---|---|---|---|"]
            + all.prefix(200).map { "| \($0.sign) | \($0.kind) | \(escaped($0.name)) | \(escaped($0.what)) |" } + [""]
    }

    private func section(_ standing: Threat.Standing, _ threats: [Threat]) -> [String] {
        guard !threats.isEmpty else { return [] }
        var lines = [
            "## \(standing.rawValue.prefix(1).uppercased())\(standing.rawValue.dropFirst()) (\(threats.count))", "",
            "| STRIDE | Risk | Rule | Where | What | Evidence |", "|---|---|---|---|---|---|",
        ]
        for threat in threats {
            let risk = standing == .mitigated ? "" : "\(threat.risk.level) (\(threat.risk.value))"
            let evidence = threat.evidence.map {
                "\(MarkdownReport.code("\($0.path):\($0.line)")) \(escaped($0.reason))"
            }.joined(separator: "<br>")
            lines.append(
                "| \(threat.rule.stride.words) | \(risk) | \(threat.rule.id) | \(escaped(threat.name)) | \(threat.rule.title) "
                    + "| \(evidence) |")
        }
        return lines + [""]
    }

    private var entries: [String] {
        let entries = report.model.entryPoints
        guard !entries.isEmpty else { return [] }
        let rows = entries.prefix(500).map { entry in
            let place = MarkdownReport.code("\(entry.evidence.path):\(entry.evidence.line)")
            return
                "| \(entry.kind.rawValue) | \(escaped(entry.name)) | \(escaped(report.model.element(entry.element)?.name ?? "")) "
                + "| \(entry.isPublic ? "yes" : "") | \(entry.isGuarded == true ? "yes" : "") | \(place) |"
        }
        return [
            "## Entry points (\(entries.count))", "", "| Kind | Name | Leads into | Public | Guarded | Where |",
            "|---|---|---|---|---|---|",
        ]
            + rows + [""]
    }

    private var unchecked: [String] {
        guard report.model.uncheckedCount > 0 else { return [] }
        return ["## Could not check (\(report.model.uncheckedCount))", ""]
            + report.model.unchecked.map {
                "- \($0.path.isEmpty ? "" : MarkdownReport.code($0.path) + ": ")\(escaped($0.detail))"
            } + [""]
    }
}
