extension WorkflowGraph {
    private static let height = 76.0
    private static let distance = 40.0
    /// Of a character of the text, in pixels: about that of common typefaces, so that boxes rather have room.
    private static let advance = 7.0
    private static let longest = 40

    /// A picture: kinds of steps are told apart by shape and by word, states by outline and by word.
    ///
    /// - Parameters:
    ///   - states: of steps by their id, such as `running`.
    ///   - styled: whether it brings its colours along; without, whoever shows it styles the classes `wf-…`.
    public func svg(states: [String: String] = [:], theme: Theme = .auto, styled: Bool = true) -> String {
        let labels = nodes.map { GraphLabel($0, state: states[$0.id], most: Self.longest) }
        let width = min(340, max(150, (labels.map(\.width).max() ?? 0) * Self.advance + 44))
        let layout = GraphLayout(
            needs: nodes.map(\.needs), widths: nodes.map { $0.shape == .join ? 96 : width }, height: Self.height,
            distance: Self.distance)
        let size = layout.size
        var svg = SVGWriter()
        svg.open(width: max(size.width, 1), height: size.height, title: GraphText.cut(title, to: 200))
        if styled { svg.style(theme.style) }
        svg.ground(width: max(size.width, 1), height: size.height)
        for line in layout.lines { svg.line(path(line, layout)) }
        for (index, node) in nodes.enumerated() {
            let box = SVGBox(center: layout.center(index), width: width, height: Self.height)
            svg.node(node, labels[index], state: states[node.id], in: box)
        }
        return svg.closed
    }

    /// Downwards from box to box, by way of what it passes.
    private func path(_ line: [Int], _ layout: GraphLayout) -> String {
        var path = ""
        var last = GraphLayout.Point(x: 0, y: 0)
        for (position, index) in line.enumerated() {
            let center = layout.center(index)
            let reach = reach(of: index, layout)
            let top = GraphLayout.Point(x: center.x, y: center.y - reach - (position == line.count - 1 ? 7 : 0))
            if position == 0 {
                path = "M\(SVGWriter.number(center.x)) \(SVGWriter.number(center.y))"
                last = GraphLayout.Point(x: center.x, y: center.y + reach)
                path += " V\(SVGWriter.number(last.y))"
                continue
            }
            let middle = (last.y + top.y) / 2
            path +=
                " C\(SVGWriter.pair(last.x, middle)) \(SVGWriter.pair(top.x, middle)) \(SVGWriter.pair(top.x, top.y))"
            last = GraphLayout.Point(x: center.x, y: center.y + reach)
            if position < line.count - 1 { path += " V\(SVGWriter.number(last.y))" }
        }
        return path
    }

    /// How far what stands in a layer goes up and down from its middle.
    private func reach(of index: Int, _ layout: GraphLayout) -> Double {
        guard layout.isBox(index) else { return Self.height / 2 - 8 }
        return nodes[index].shape == .join ? SVGWriter.radius : Self.height / 2
    }
}

/// The lines of a box.
struct GraphLabel {
    let kind: String
    let title: String
    let detail: String
    let condition: String
    /// In characters, of the widest line.
    let width: Double

    init(_ node: GraphNode, state: String?, most: Int) {
        kind = node.kind
        title = GraphText.cut(node.title, to: most)
        detail = GraphText.cut(node.detail, to: most)
        condition = GraphText.cut(node.condition, to: most)
        let head = kind.count + (state.map { min($0.count, 16) + 3 } ?? 0)
        let lines = [
            Double(title.count) * 1.08, Double(detail.count), Double(condition.count) * 0.92, Double(head) * 0.9,
        ]
        width = lines.max() ?? 0
    }
}

struct SVGBox {
    var center: GraphLayout.Point
    var width: Double
    var height: Double

    var left: Double { center.x - width / 2 }
    var right: Double { center.x + width / 2 }
    var top: Double { center.y - height / 2 }
    var bottom: Double { center.y + height / 2 }
}
