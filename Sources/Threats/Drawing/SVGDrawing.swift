import Scan

/// A diagram as a picture: processes are rounded, stores are cylinders, what is outside is square, boundaries are
/// dashed. It has no script and asks for nothing; its colours follow the reader's light or dark.
struct SVGDrawing {
    private let diagram: Diagram
    private let layout: DiagramLayout

    init(_ diagram: Diagram) {
        self.diagram = diagram
        layout = DiagramLayout(diagram)
    }

    /// For a file of its own.
    var text: String {
        svg(attributes: " xmlns=\"http://www.w3.org/2000/svg\"", head: "<style>\(Self.style)</style>\n")
    }

    /// For a page that has ``style`` already.
    var inline: String { svg(attributes: "", head: "") }

    private func svg(attributes: String, head: String) -> String {
        let legend = layout.height + 8
        let height = legend + 34
        let count = "\(diagram.nodes.count) elements, \(diagram.edges.count) flows"
        var parts = [
            "<svg\(attributes) class=\"dfd\" viewBox=\"0 0 \(layout.width) \(height)\" width=\"\(layout.width)\" "
                + "height=\"\(height)\" role=\"img\" aria-label=\"Data-flow diagram: \(count)\">\n\(head)\(Self.marks)",
            "<rect class=\"ground\" width=\"\(layout.width)\" height=\"\(height)\"/>",
        ]
        for (place, frame) in layout.groups.enumerated() {
            if let frame { parts.append(group(diagram.boundaries[place], frame)) }
        }
        var routes = EdgeRoutes(diagram, layout)
        let lines = diagram.edges.indices.map { routes.line($0) }
        parts += lines.map(\.path)
        parts += diagram.nodes.indices.map(node)
        parts += lines.map(\.label)
        parts.append(SVGLegend.text(y: legend, compared: diagram.nodes.contains { $0.change != nil }))
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    // MARK: - Parts

    private func group(_ boundary: Boundary, _ frame: DiagramLayout.Frame) -> String {
        "<g class=\"boundary\"><title>\(Self.escaped("\(boundary.kind.rawValue): \(boundary.name)"))</title>"
            + "<rect x=\"\(frame.x)\" y=\"\(frame.y)\" width=\"\(frame.width)\" height=\"\(frame.height)\" rx=\"8\"/>"
            + "<text x=\"\(frame.x + 12)\" y=\"\(frame.y + 19)\">"
            + "\(Self.escaped(Self.fitting(boundary.name, frame.width / 8)))</text></g>"
    }

    private func node(_ index: Int) -> String {
        let (node, frame) = (diagram.nodes[index], layout.nodes[index])
        var names = ["node", node.kind.rawValue]
        if let change = node.change { names.append(change.rawValue) }
        if node.isFold { names.append("fold") }
        let middle = frame.x + frame.width / 2
        let drop = node.kind == .store ? 5 : 0
        var out =
            "<g class=\"\(names.joined(separator: " "))\"><title>\(Self.escaped(title(node)))</title>\(shape(node.kind, frame))"
            + "<text class=\"name\" x=\"\(middle)\" y=\"\(frame.y + 24 + drop)\">\(Self.escaped(Self.fitting(short(node), 22)))</text>"
            + "<text class=\"type\" x=\"\(middle)\" y=\"\(frame.y + 41 + drop)\">\(Self.escaped(Self.fitting(node.type, 28)))</text>"
        if let level = node.level, node.open > 0 {
            out +=
                "<g class=\"badge \(level)\"><circle cx=\"\(frame.right - 6)\" cy=\"\(frame.y + 4)\" r=\"11\"/>"
                + "<text x=\"\(frame.right - 6)\" y=\"\(frame.y + 8)\">\(min(node.open, 99))</text></g>"
        }
        return out + "</g>"
    }

    /// `aws_instance.web` without its type, which stands below.
    private func short(_ node: Diagram.Node) -> String {
        node.title.hasPrefix(node.type + ".") ? String(node.title.dropFirst(node.type.count + 1)) : node.title
    }

    private func title(_ node: Diagram.Node) -> String {
        var words = "\(node.title) (\(node.type))"
        if node.open > 0 { words += ", \(node.open) open, the worst is \(node.level ?? "")" }
        if let change = node.change { words += ", \(change.rawValue)" }
        return words
    }

    private func shape(_ kind: Element.Kind, _ frame: DiagramLayout.Frame) -> String {
        let (x, y, width, height) = (frame.x, frame.y, frame.width, frame.height)
        switch kind {
        case .external: return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"/>"
        case .process: return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"22\"/>"
        case .store:
            let half = width / 2
            return "<path d=\"M\(x) \(y + 7)v\(height - 14)a\(half) 7 0 0 0 \(width) 0v-\(height - 14)"
                + "a\(half) 7 0 0 0 -\(width) 0a\(half) 7 0 0 0 \(width) 0\"/>"
        }
    }

    // MARK: - Texts

    static func escaped(_ text: String) -> String { HTMLReport.escaped(text) }

    static func fitting(_ text: String, _ limit: Int) -> String {
        text.unicodeScalars.count > limit ? String(text.unicodeScalars.prefix(max(1, limit - 1))) + "…" : text
    }

    /// A tip of the line's own colour for each way that a line may look.
    private static let marks =
        "<defs>"
        + ["same", "plain", "added", "changed"].map {
            "<marker id=\"tip-\($0)\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"10\" "
                + "markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
                + "<path class=\"tip \($0)\" d=\"M0 1L9 5L0 9z\"/></marker>"
        }.joined() + "</defs>"

    static let style = """
        .dfd{--g:#fff;--t:#1c2024;--d:#5b6470;--l:#8b949e;--b:#a9b1ba;--p:#eef4fb;--s:#f3f0fa;--x:#f2f3f5;--a:#1a7f37;
        --c:#9a6700;--critical:#a3123a;--high:#c8391b;--medium:#9a6700;--low:#2f6f9f;
        font-family:system-ui,-apple-system,"Segoe UI",sans-serif}
        @media (prefers-color-scheme:dark){.dfd{--g:#14171a;--t:#e6e8ea;--d:#9aa4af;--l:#6e7781;--b:#57606a;--p:#1b2836;
        --s:#272236;--x:#23282e;--a:#3fb950;--c:#e3b341;--critical:#ff6b8f;--high:#ff8a6b;--medium:#e3b341;--low:#79b8e8}}
        .dfd .ground{fill:var(--g)}.dfd text{fill:var(--t);font-size:13px}
        .dfd .boundary rect{fill:none;stroke:var(--b);stroke-dasharray:7 5;stroke-width:1.4}
        .dfd .boundary text{fill:var(--d);font-size:12px;font-weight:600}
        .dfd .node text{text-anchor:middle}.dfd .node .name{font-weight:600;font-size:12.5px}.dfd .node .type{fill:var(--d);font-size:11px}
        .dfd .node>rect,.dfd .node>path{stroke:var(--l);stroke-width:1.4;fill:var(--x)}
        .dfd .process>rect{fill:var(--p)}.dfd .store>path{fill:var(--s)}.dfd .fold>rect,.dfd .fold>path{stroke-dasharray:3 3}
        .dfd .added>rect,.dfd .added>path{stroke:var(--a);stroke-width:3}
        .dfd .changed>rect,.dfd .changed>path{stroke:var(--c);stroke-width:3}
        .dfd .flow{fill:none;stroke:var(--l);stroke-width:1.4}.dfd .flow.added{stroke:var(--a);stroke-width:2.4}
        .dfd .flow.changed{stroke:var(--c);stroke-width:2.4}.dfd .flow.plain{stroke-dasharray:5 4;stroke:var(--high)}
        .dfd .tip{fill:var(--l)}.dfd .tip.plain{fill:var(--high)}.dfd .tip.added{fill:var(--a)}.dfd .tip.changed{fill:var(--c)}
        .dfd .label{font-size:11px;fill:var(--d);text-anchor:middle;stroke:var(--g);stroke-width:4;paint-order:stroke;
        stroke-linejoin:round}
        .dfd .badge text{fill:var(--g);font-size:11px;font-weight:700}.dfd .badge circle{stroke:var(--g);stroke-width:2}
        .dfd .badge.critical circle{fill:var(--critical)}.dfd .badge.high circle{fill:var(--high)}
        .dfd .badge.medium circle{fill:var(--medium)}.dfd .badge.low circle{fill:var(--low)}
        .dfd .legend text{font-size:11px;fill:var(--d);text-anchor:start}
        """
}
