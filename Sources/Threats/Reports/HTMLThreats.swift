import Scan
import Web

/// One page that needs nothing else: the picture, and tables of threats and ways in.
struct HTMLThreats {
    private let report: ThreatReport

    init(_ report: ThreatReport) { self.report = report }

    var text: String {
        HTMLFrame.page(
            title: "Threat model of \(report.name)",
            body: [heading, changes, picture, threats, entries, unchecked].joined(separator: "\n"),
            footer: "Gatehouse · \(ModelDocument.schema)", style: DiagramStyle.sheet + Self.style)
    }

    private static let style = """
        main{max-width:1500px}.picture{overflow-x:auto}.picture svg{max-width:none}svg.dfd text{fill:var(--t)}
        .critical,.high{font-weight:600}td.critical{color:var(--critical)}td.high{color:var(--high)}
        td.medium{color:var(--medium)}td.low{color:var(--low)}ul{margin:0;padding-left:16px}
        """

    private func escaped(_ text: String) -> String { MarkupEscape.text(text) }

    private var heading: String {
        "<h1>Threat model of \(escaped(report.name))</h1>\n<p class=\"facts\">\(escaped(report.sizeWords))</p>\n"
            + "<p><strong>\(escaped(report.scoreWords))</strong></p>\n<p>\(escaped(report.comparisonWords))</p>"
            + report.notes.map { "\n<p class=\"facts\">\(escaped($0))</p>" }.joined()
    }

    private var picture: String { "<div class=\"picture\">\n\(SVGDrawing(report.diagram).inline)</div>" }

    private var changes: String {
        let all = report.changes
        guard !all.isEmpty else { return "" }
        let rows = all.prefix(500).map {
            "<tr><td>\($0.sign)</td><td>\($0.kind)</td><td>\(escaped($0.name))</td><td>\(escaped($0.what))</td></tr>"
        }
        return table("What changed", ["", "What", "Which", "How"], rows)
    }

    private var threats: String {
        let rows = report.model.threats.map { threat in
            let level = threat.standing == .mitigated ? "" : threat.risk.level
            let risk = level.isEmpty ? "" : "\(level) (\(threat.risk.likelihood) × \(threat.risk.impact))"
            return "<tr><td>\(threat.standing.rawValue)</td><td class=\"\(level)\">\(risk)</td>"
                + "<td>\(threat.rule.stride.words)</td><td>\(escaped(threat.name))</td><td><details><summary>"
                + "\(escaped(threat.rule.title))</summary><p>\(escaped(threat.rule.rationale))</p>"
                + "<p>\(escaped(threat.risk.reason))</p>\(list(threat.rule.mitigations))"
                + "<p class=\"id\">\(threat.rule.id) · \(escaped(threat.rule.links.joined(separator: ", ")))</p></details></td>"
                + "<td>\(threat.evidence.map(place).joined(separator: "<br>"))</td></tr>"
        }
        guard !rows.isEmpty else { return "<h2>Threats</h2>\n<p>None that evidence speaks for.</p>" }
        return table("Threats", ["Standing", "Risk", "STRIDE", "Where", "What", "Evidence"], rows)
    }

    private var entries: String {
        let rows = report.model.entryPoints.prefix(1_000).map { entry in
            "<tr><td>\(entry.kind.rawValue)</td><td>\(escaped(entry.name))</td>"
                + "<td>\(escaped(report.model.element(entry.element)?.name ?? ""))</td><td>\(entry.isPublic ? "yes" : "")</td>"
                + "<td>\(entry.isGuarded == true ? "yes" : "")</td><td>\(place(entry.evidence))</td></tr>"
        }
        return rows.isEmpty
            ? "" : table("Entry points", ["Kind", "Name", "Leads into", "Public", "Guarded", "Where"], Array(rows))
    }

    private var unchecked: String {
        guard report.model.uncheckedCount > 0 else { return "" }
        let rows = report.model.unchecked.map {
            "<tr><td><code>\(escaped($0.path))</code></td><td>\(escaped($0.detail))</td></tr>"
        }
        return table("Could not check (\(report.model.uncheckedCount))", ["File", "Why"], rows)
    }

    // MARK: - Parts

    private func place(_ evidence: Evidence) -> String {
        "<code>\(escaped("\(evidence.path):\(evidence.line)"))</code> \(escaped(evidence.reason))"
    }

    private func list(_ items: [String]) -> String {
        "<ul>\(items.map { "<li>\(escaped($0))</li>" }.joined())</ul>"
    }

    private func table(_ title: String, _ heads: [String], _ rows: [String]) -> String {
        "<h2>\(escaped(title))</h2>\n<table><thead><tr>\(heads.map { "<th>\(escaped($0))</th>" }.joined())</tr></thead>\n"
            + "<tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
    }
}
