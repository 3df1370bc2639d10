/// Where things stand: who comes from outside on the left, third parties on the right, and between them one frame a
/// boundary, in which processes stand before stores.
struct DiagramLayout {
    struct Frame: Sendable {
        var x: Int
        var y: Int
        var width: Int
        var height: Int

        var right: Int { x + width }
        var bottom: Int { y + height }
        var middle: Int { y + height / 2 }

        func overlaps(_ other: Frame) -> Bool {
            x < other.right && other.x < right && y < other.bottom && other.y < bottom
        }
    }

    static let nodeWidth = 184
    static let nodeHeight = 54
    private static let rowGap = 26
    private static let columnGap = 96
    private static let padding = 22
    private static let heading = 26
    private static let mostRows = 8

    private(set) var nodes: [Frame]
    /// Of boundaries; nil for one without elements.
    private(set) var groups: [Frame?]
    private(set) var width = 0
    private(set) var height = 0

    private let diagram: Diagram

    init(_ diagram: Diagram) {
        self.diagram = diagram
        nodes = Array(
            repeating: Frame(x: 0, y: 0, width: Self.nodeWidth, height: Self.nodeHeight), count: diagram.nodes.count)
        groups = Array(repeating: nil, count: diagram.boundaries.count)
        var x = 24
        for column in columns() {
            var y = 24
            var widest = 0
            for group in column {
                let size = place(group, x, y)
                y += size.height + 34
                widest = max(widest, size.width)
            }
            height = max(height, y - 10)
            if !column.isEmpty { x += widest + Self.columnGap + 14 }
        }
        width = max(x - Self.columnGap + 10, 760)
        centre()
    }

    // MARK: - Order

    /// Boundaries by column, each from top to bottom.
    private func columns() -> [[Int]] {
        let used = diagram.boundaries.indices.filter { place in diagram.nodes.contains { $0.boundary == place } }
        let order: [Boundary.Kind] = [.application, .compose, .namespace, .network, .account, .pipeline]
        func rank(_ place: Int) -> Int { order.firstIndex(of: diagram.boundaries[place].kind) ?? order.count }
        let inner = used.filter { !diagram.boundaries[$0].kind.isOutside }.sorted { (rank($0), $0) < (rank($1), $1) }
        let (first, second) = split(inner)
        return [
            used.filter { diagram.boundaries[$0].kind == .internet }, first, second,
            used.filter { diagram.boundaries[$0].kind == .thirdParty },
        ]
    }

    /// What only takes, and never begins anything with others of these, stands in a column of its own.
    private func split(_ inner: [Int]) -> ([Int], [Int]) {
        let begin = Set(diagram.edges.map { diagram.nodes[$0.source].boundary })
        let fed = Set(
            diagram.edges.filter { edge in
                let source = diagram.nodes[edge.source].boundary
                return inner.contains(source) && source != diagram.nodes[edge.target].boundary
            }.map { diagram.nodes[$0.target].boundary })
        let second = inner.filter { fed.contains($0) && !begin.contains($0) }
        return second.count == inner.count ? (inner, []) : (inner.filter { !second.contains($0) }, second)
    }

    // MARK: - One boundary

    private mutating func place(_ group: Int, _ x: Int, _ y: Int) -> Frame {
        var columns: [[Int]] = []
        for layer in layers(of: group) {
            var rest = layer[...]
            while !rest.isEmpty {
                columns.append(Array(rest.prefix(Self.mostRows)))
                rest = rest.dropFirst(Self.mostRows)
            }
        }
        let rows = columns.map(\.count).max() ?? 0
        let inner = rows * (Self.nodeHeight + Self.rowGap) - Self.rowGap
        for (place, column) in columns.enumerated() {
            let own = column.count * (Self.nodeHeight + Self.rowGap) - Self.rowGap
            for (row, node) in column.enumerated() {
                nodes[node].x = x + Self.padding + place * (Self.nodeWidth + Self.columnGap)
                nodes[node].y =
                    y + Self.heading + Self.padding / 2 + (inner - own) / 2 + row * (Self.nodeHeight + Self.rowGap)
            }
        }
        let wide = columns.count * (Self.nodeWidth + Self.columnGap) - Self.columnGap + 2 * Self.padding
        let frame = Frame(x: x, y: y, width: wide, height: inner + Self.heading + Self.padding + Self.padding / 2)
        groups[group] = frame
        return frame
    }

    /// Processes by how many others of the boundary stand before them, then stores.
    private func layers(of group: Int) -> [[Int]] {
        let own = diagram.nodes.indices.filter { diagram.nodes[$0].boundary == group }
        let processes = own.filter { diagram.nodes[$0].kind != .store }
        let stores = own.filter { diagram.nodes[$0].kind == .store }
        var depth: [Int: Int] = [:]
        let inner = diagram.edges.filter { processes.contains($0.source) && processes.contains($0.target) }
        // A few rounds are enough for what can be drawn; circles end with them.
        for _ in 0..<3 {
            for edge in inner {
                depth[edge.target] = min(2, max(depth[edge.target] ?? 0, (depth[edge.source] ?? 0) + 1))
            }
        }
        let layered = (0...2).map { layer in processes.filter { (depth[$0] ?? 0) == layer } }
        return (layered + [stores]).filter { !$0.isEmpty }.map(ordered)
    }

    /// What is connected most stands first, so that its arrows are short.
    private func ordered(_ nodes: [Int]) -> [Int] {
        func degree(_ node: Int) -> Int { diagram.edges.count { $0.source == node || $0.target == node } }
        let degrees = Dictionary(uniqueKeysWithValues: nodes.map { ($0, degree($0)) })
        return nodes.sorted { (-(degrees[$0] ?? 0), $0) < (-(degrees[$1] ?? 0), $1) }
    }

    /// Columns that are not as tall as the tallest move to its middle.
    private mutating func centre() {
        let byX = Dictionary(grouping: groups.indices.filter { groups[$0] != nil }) { groups[$0]?.x ?? 0 }
        for column in byX.values {
            let bottom = column.compactMap { groups[$0]?.bottom }.max() ?? 0
            let shift = max(0, (height - 24 - bottom) / 2)
            for group in column {
                groups[group]?.y += shift
                for node in nodes.indices where diagram.nodes[node].boundary == group { nodes[node].y += shift }
            }
        }
    }
}
