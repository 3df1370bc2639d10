import Scan
import Web

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
        svg(attributes: " xmlns=\"http://www.w3.org/2000/svg\"", head: "<style>\(DiagramStyle.sheet)</style>\n")
    }

    /// For a page that has ``DiagramStyle`` already.
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
        "<g class=\"boundary\"><title>\(MarkupEscape.text("\(boundary.kind.rawValue): \(boundary.name)"))</title>"
            + "<rect x=\"\(frame.x)\" y=\"\(frame.y)\" width=\"\(frame.width)\" height=\"\(frame.height)\" rx=\"8\"/>"
            + "<text x=\"\(frame.x + 12)\" y=\"\(frame.y + 19)\">"
            + "\(MarkupEscape.text(Self.fitting(boundary.name, frame.width / 8)))</text></g>"
    }

    private func node(_ index: Int) -> String {
        let (node, frame) = (diagram.nodes[index], layout.nodes[index])
        var names = ["node", node.kind.rawValue]
        if let change = node.change { names.append(change.rawValue) }
        if node.isFold { names.append("fold") }
        let middle = frame.x + frame.width / 2
        let drop = node.kind == .store ? 5 : 0
        var out =
            "<g class=\"\(names.joined(separator: " "))\"><title>\(MarkupEscape.text(title(node)))</title>\(shape(node.kind, frame))"
            + "<text class=\"name\" x=\"\(middle)\" y=\"\(frame.y + 24 + drop)\">\(MarkupEscape.text(Self.fitting(short(node), 22)))</text>"
            + "<text class=\"type\" x=\"\(middle)\" y=\"\(frame.y + 41 + drop)\">\(MarkupEscape.text(Self.fitting(node.type, 28)))</text>"
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
}
