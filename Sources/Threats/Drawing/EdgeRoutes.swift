import Web

/// Arrows between frames: from side to side, spread along them, each label where it covers least.
struct EdgeRoutes {
    private typealias Point = (x: Int, y: Int)

    private let diagram: Diagram
    private let layout: DiagramLayout
    private var labels: [DiagramLayout.Frame] = []
    /// By edge: where it begins and ends.
    private var ends: [(from: Point, to: Point)] = []

    init(_ diagram: Diagram, _ layout: DiagramLayout) {
        self.diagram = diagram
        self.layout = layout
        ends = diagram.edges.map { _ in ((0, 0), (0, 0)) }
        // The names of boundaries are in the way, too.
        labels = layout.groups.compactMap(\.self).map {
            DiagramLayout.Frame(x: $0.x, y: $0.y + 4, width: min($0.width, 150), height: 20)
        }
        spread()
    }

    /// Whether the edge leaves and enters to the right of its frames.
    private func sides(_ edge: Diagram.Edge) -> (from: Bool, to: Bool) {
        let (source, target) = (layout.nodes[edge.source], layout.nodes[edge.target])
        if target.x >= source.right { return (true, false) }
        if target.right <= source.x { return (false, true) }
        return (true, true)
    }

    /// Gives each edge a place of its own on each side, in the order of what it leads to.
    private mutating func spread() {
        struct Side: Hashable {
            var node: Int
            var isRight: Bool
        }
        var uses: [Side: [(edge: Int, isStart: Bool, other: Int)]] = [:]
        for (index, edge) in diagram.edges.enumerated() {
            let sides = sides(edge)
            uses[Side(node: edge.source, isRight: sides.from), default: []].append(
                (index, true, layout.nodes[edge.target].middle))
            uses[Side(node: edge.target, isRight: sides.to), default: []].append(
                (index, false, layout.nodes[edge.source].middle))
        }
        for (side, all) in uses {
            let frame = layout.nodes[side.node]
            for (place, use) in all.sorted(by: { ($0.other, $0.edge) < ($1.other, $1.edge) }).enumerated() {
                let point = (
                    side.isRight ? frame.right : frame.x, frame.y + frame.height * (place + 1) / (all.count + 1)
                )
                if use.isStart { ends[use.edge].from = point } else { ends[use.edge].to = point }
            }
        }
    }

    mutating func line(_ index: Int) -> (path: String, label: String) {
        let edge = diagram.edges[index]
        let (from, to) = ends[index]
        let sides = sides(edge)
        let reach = max(36, min(140, abs(to.x - from.x) / 2))
        let first = (x: from.x + (sides.from ? reach : -reach), y: from.y)
        let second = (x: to.x + (sides.to ? reach : -reach), y: to.y)
        var names = ["flow"]
        if edge.isPlain { names.append("plain") }
        if let change = edge.change { names.append(change.rawValue) }
        let tip = edge.change?.rawValue ?? (edge.isPlain ? "plain" : "same")
        let path =
            "<path class=\"\(names.joined(separator: " "))\" marker-end=\"url(#tip-\(tip))\" d=\"M\(from.x) \(from.y)"
            + "C\(first.x) \(first.y) \(second.x) \(second.y) \(to.x) \(to.y)\"/>"
        let text = SVGDrawing.fitting(edge.label, 24)
        let place = labelPlace(text, (from, first, second, to))
        let label = "<text class=\"label\" x=\"\(place.x)\" y=\"\(place.y)\">\(MarkupEscape.text(text))</text>"
        return (path, label)
    }

    // MARK: - Labels

    private mutating func labelPlace(_ text: String, _ curve: (Point, Point, Point, Point)) -> Point {
        let half = text.unicodeScalars.count * 3 + 4
        var best: (cost: Int, point: Point, frame: DiagramLayout.Frame)?
        // Where many begin in one place, what they are called stands where they part.
        let isLong = abs(curve.3.y - curve.0.y) > 240
        for percent in isLong ? [76, 68, 84, 60, 50, 40, 30] : [50, 40, 60, 30, 70, 22, 78] {
            let point = Self.point(percent, curve)
            let frame = DiagramLayout.Frame(x: point.x - half, y: point.y - 9, width: 2 * half, height: 13)
            let cost = 3 * labels.count { $0.overlaps(frame) } + 4 * layout.nodes.count { $0.overlaps(frame) }
            if best.map({ cost < $0.cost }) ?? true { best = (cost, (point.x, point.y + 3), frame) }
            if cost == 0 { break }
        }
        guard let best else { return (0, 0) }
        labels.append(best.frame)
        return best.point
    }

    /// A point of a cubic Bézier curve, by hundredths of the way.
    private static func point(_ percent: Int, _ curve: (Point, Point, Point, Point)) -> Point {
        let (t, u) = (Double(percent) / 100, 1 - Double(percent) / 100)
        func mix(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int {
            Int(u * u * u * Double(a) + 3 * u * u * t * Double(b) + 3 * u * t * t * Double(c) + t * t * t * Double(d))
        }
        return (
            mix(curve.0.x, curve.1.x, curve.2.x, curve.3.x), mix(curve.0.y, curve.1.y, curve.2.y, curve.3.y)
        )
    }
}

/// What shapes and lines mean.
enum SVGLegend {
    static func text(y: Int, compared: Bool) -> String {
        var words = [
            "square: outside", "rounded: process", "cylinder: store", "dashed frame: boundary of trust",
            "dashed arrow: not encrypted", "number: open threats",
        ]
        if compared { words.append("thick: added or changed") }
        return "<g class=\"legend\"><text x=\"24\" y=\"\(y + 16)\">\(words.joined(separator: "   ·   "))</text></g>"
    }
}
