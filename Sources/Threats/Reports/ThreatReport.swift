public import JSON
import Scan

/// A model with its comparison, in one of several forms. See docs/threats.md.
public struct ThreatReport: Sendable {
    public enum Format: String, Sendable, CaseIterable { case text, json, markdown, mermaid, svg, html }

    let compared: ComparedModel
    /// What it is called: the folder that was asked for.
    let name: String

    public init(_ compared: ComparedModel, name: String) {
        self.compared = compared
        self.name = Name.shown(name, limit: 200)
    }

    public func text(_ format: Format) -> String {
        switch format {
        case .text: TextReport(self).text
        case .json: json.text(pretty: true) + "\n"
        case .markdown: MarkdownThreats(self).text
        case .mermaid: MermaidDrawing(diagram: diagram).text
        case .svg: SVGDrawing(diagram).text
        case .html: HTMLThreats(self).text
        }
    }

    public var json: JSON { ModelDocument.json(self) }

    var model: ThreatModel { compared.model }
    var diagram: Diagram { Diagram(model, compared.comparison) }

    // MARK: - Words that reports share

    /// "31 points: 1 critical, 2 high open; 3 unknown, 4 mitigated"
    var scoreWords: String {
        let open = RiskScore.levels.compactMap { level in model.score.open[level].map { "\($0) \(level)" } }
        return "\(model.score.points) points: \(open.isEmpty ? "nothing" : open.joined(separator: ", ")) open; "
            + "\(model.score.unknown) unknown, \(model.score.mitigated) mitigated"
    }

    var sizeWords: String {
        let kinds = Element.Kind.allCases.map { kind in "\(model.elements.count { $0.kind == kind }) \(kind.rawValue)" }
        return "\(model.elements.count) elements (\(kinds.joined(separator: ", "))), \(model.flows.count) flows, "
            + "\(model.entryPoints.count) entry points, \(model.boundaries.count) boundaries"
    }

    var comparisonWords: String {
        switch compared.comparison {
        case .none(let reason): return "Not compared: \(reason)."
        case .made(let difference, let commit):
            let sign = difference.points > 0 ? "+" : ""
            let words = difference.isEmpty ? ", nothing changed" : ""
            return
                "Compared with \(commit.prefix(12)): \(difference.before.points) → \(difference.after.points) points "
                + "(\(sign)\(difference.points))\(words)."
        }
    }

    /// What changed, a line each: a sign, what kind of thing, its name, and in which way.
    var changes: [(sign: String, kind: String, name: String, what: String)] {
        guard case .made(let difference, _) = compared.comparison else { return [] }
        var lines: [(String, String, String, String)] = []
        for (kind, parts) in [
            ("element", difference.elements), ("entry point", difference.entryPoints), ("flow", difference.flows),
            ("threat", difference.threats),
        ] {
            lines += parts.added.map { ("+", kind, title($0, kind), "") }
            lines += parts.removed.map { ("-", kind, title($0, kind), "") }
            lines += parts.changed.map { ("~", kind, title($0.id, kind), $0.what) }
        }
        return lines
    }

    /// What an id stands for, now or before.
    private func title(_ id: String, _ kind: String) -> String {
        for model in [compared.model, compared.earlier].compactMap(\.self) {
            switch kind {
            case "element": if let element = model.element(id) { return "\(element.name) (\(element.type))" }
            case "flow":
                if let flow = model.flows.first(where: { $0.id == id }) {
                    let ends = [flow.source, flow.target].map { model.element($0)?.name ?? $0 }
                    return ends.joined(separator: " → ")
                }
            case "threat":
                if let threat = model.threats.first(where: { $0.id == id }) {
                    return "\(threat.rule.id) \(threat.name) (\(threat.standing.rawValue), risk \(threat.risk.value))"
                }
            default:
                if let entry = model.entryPoints.first(where: { $0.id == id }) {
                    return "\(entry.name) of \(model.element(entry.element)?.name ?? entry.element)"
                }
            }
        }
        return id
    }

    var notes: [String] {
        var notes: [String] = []
        if model.leftOut > 0 {
            notes.append("\(model.leftOut) files of tests, examples and documentation were left out.")
        }
        for (kind, count) in model.cut.sorted(by: { $0.key < $1.key }) {
            notes.append(
                "\(count) further \(kind.split(separator: "_").joined(separator: " ")) are beyond the bounds of a model."
            )
        }
        if model.elements.isEmpty {
            notes.append("Nothing in the files says what runs, who comes in or what is stored.")
        }
        return notes
    }
}
