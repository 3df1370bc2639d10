/// A diagram as a flowchart of Mermaid. Ids are numbers, and texts hold nothing that Mermaid or HTML reads as its own.
struct MermaidDrawing {
    let diagram: Diagram

    var text: String {
        var lines = ["flowchart LR"]
        for (place, boundary) in diagram.boundaries.enumerated() {
            let own = diagram.nodes.indices.filter { diagram.nodes[$0].boundary == place }
            guard !own.isEmpty else { continue }
            lines.append("  subgraph b\(place)[\"\(Self.escaped(boundary.name))\"]")
            lines += own.map { "    \(node($0))" }
            lines.append("  end")
        }
        lines += diagram.edges.map(edge)
        lines += classes + styles
        return lines.joined(separator: "\n") + "\n"
    }

    private func node(_ index: Int) -> String {
        let node = diagram.nodes[index]
        var text = "\(Self.escaped(node.title))<br/>\(Self.escaped(node.type))"
        if node.open > 0 { text += "<br/>\(node.open) open" }
        return switch node.kind {
        case .external: "n\(index)[\"\(text)\"]"
        case .process: "n\(index)(\"\(text)\")"
        case .store: "n\(index)[(\"\(text)\")]"
        }
    }

    private func edge(_ edge: Diagram.Edge) -> String {
        "  n\(edge.source) \(edge.isPlain ? "-.->" : "-->")|\"\(Self.escaped(edge.label))\"| n\(edge.target)"
    }

    private var classes: [String] {
        [
            ("added", "stroke:#1a7f37,stroke-width:3px"), ("changed", "stroke:#9a6700,stroke-width:3px"),
            ("critical", "color:#a3123a"), ("high", "color:#c8391b"),
        ].compactMap { name, style in
            let own = diagram.nodes.indices.filter {
                diagram.nodes[$0].change?.rawValue == name || diagram.nodes[$0].level == name
            }
            guard !own.isEmpty else { return nil }
            return "  classDef \(name) \(style)\n  class \(own.map { "n\($0)" }.joined(separator: ",")) \(name)"
        }
    }

    private var styles: [String] {
        diagram.boundaries.indices.compactMap { place in
            guard diagram.nodes.contains(where: { $0.boundary == place }) else { return nil }
            return "  style b\(place) fill:none,stroke-dasharray:6 4"
        }
    }

    /// Letters, digits and a few marks as they are, all else by its number.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || " .,_-/()+…".unicodeScalars.contains(scalar)
            if isPlain { out.unicodeScalars.append(scalar) } else { out += "#\(scalar.value);" }
        }
        return out
    }
}
