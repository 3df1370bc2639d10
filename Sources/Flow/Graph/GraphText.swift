extension WorkflowGraph {
    /// The graph for a terminal: a line for each step, with what it waits for drawn at its left.
    public func text(states: [String: String] = [:]) -> String {
        var lanes = GraphLanes(nodes)
        let rows = nodes.indices.map { lanes.rows(for: $0) }
        let width = rows.flatMap { $0 }.map(\.count).max() ?? 0
        let cells = nodes.map { [$0.id, $0.kind, $0.detail].map { GraphText.cut($0, to: 48) } }
        let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for (index, node) in nodes.enumerated() {
            for row in rows[index].dropLast() { text += Self.trimmed(row) + "\n" }
            var line = Self.padded(rows[index].last ?? "", width)
            for (cell, width) in zip(cells[index], widths) { line += "  " + Self.padded(cell, width) }
            line +=
                "  "
                + [states[node.id] ?? "", GraphText.cut(node.condition, to: 72)].filter { !$0.isEmpty }.joined(
                    separator: "  ")
            text += Self.trimmed(line) + "\n"
        }
        return text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}

/// Texts of a file as a graph shows them.
enum GraphText {
    /// On one line, without what would steer a terminal or turn its direction, and cut to so many characters.
    static func cut(_ text: String, to most: Int) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(most * 4) {
            let isTurn = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            if scalar.properties.isWhitespace {
                if out.last != " " { out.append(" ") }
            } else {
                out.append(scalar.properties.generalCategory == .control || isTurn ? "\u{FFFD}" : scalar)
            }
        }
        let line = String(out)
        return line.count > most ? "\(line.prefix(most - 1))…" : line
    }
}

/// The lines at the left of a graph in text: each lane is a step that others still wait for.
struct GraphLanes {
    private let nodes: [GraphNode]
    /// How many wait for each step and have not been drawn.
    private var waiting: [Int]
    /// The step that a lane leads down from; nil where it is free.
    private var lanes: [Int?] = []

    init(_ nodes: [GraphNode]) {
        self.nodes = nodes
        waiting = nodes.map { _ in 0 }
        for need in nodes.flatMap(\.needs) { waiting[need] += 1 }
    }

    /// A row that leads lanes together, where there is more than one, and the row of the step.
    mutating func rows(for index: Int) -> [String] {
        let before = lanes
        let from = nodes[index].needs.compactMap { need in lanes.firstIndex(of: need) }
        for need in nodes[index].needs { waiting[need] -= 1 }
        for lane in from where lanes[lane].map({ waiting[$0] == 0 }) == true { lanes[lane] = nil }
        let own = from.filter { lanes[$0] == nil }.min() ?? lanes.firstIndex { $0 == nil } ?? lanes.count
        if own == lanes.count { lanes.append(nil) }
        lanes[own] = index
        let joint = Set(from + [own])
        let connection = joint.count > 1 ? [connect(joint, own, before)] : []
        let row = lanes.indices.map { $0 == own ? symbol(index) : lanes[$0] == nil ? " " : "│" }
        if waiting[index] == 0 { lanes[own] = nil }
        return connection + [row.joined(separator: " ")]
    }

    private func symbol(_ index: Int) -> String {
        switch nodes[index].shape {
        case .action: "●"
        case .approval: "◆"
        case .wait: "○"
        case .workflow: "▣"
        case .join: "·"
        }
    }

    private func connect(_ joint: Set<Int>, _ own: Int, _ before: [Int?]) -> String {
        guard let first = joint.min(), let last = joint.max() else { return "" }
        var row = ""
        for lane in lanes.indices {
            let up = lane < before.count && before[lane] != nil
            let down = lanes[lane] != nil
            if joint.contains(lane) {
                row += Self.corner(up: up, down: down, left: lane > first, right: lane < last)
            } else {
                row += up ? "│" : first < lane && lane < last ? "─" : " "
            }
            if lane < lanes.count - 1 { row += first <= lane && lane < last ? "─" : " " }
        }
        return row
    }

    private static func corner(up: Bool, down: Bool, left: Bool, right: Bool) -> String {
        switch (up, down, left, right) {
        case (true, true, true, true): "┼"
        case (true, true, true, false): "┤"
        case (true, true, false, true): "├"
        case (true, false, true, true): "┴"
        case (false, true, true, true): "┬"
        case (true, false, true, false): "┘"
        case (true, false, false, true): "└"
        case (false, true, true, false): "┐"
        case (false, true, false, true): "┌"
        case (true, _, false, false), (_, true, false, false): "│"
        default: "─"
        }
    }
}
