import JSON
import Web

/// Writes the elements of a picture (SVG 1.1). Texts are escaped; all else is numbers and words of our own.
struct SVGWriter {
    /// Of the circle of a group.
    static let radius = 9.0

    private var out = ""

    var closed: String { out + "</svg>\n" }

    static func number(_ value: Double) -> String { JSON((value * 10).rounded() / 10)?.text() ?? "0" }
    static func pair(_ x: Double, _ y: Double) -> String { "\(number(x)) \(number(y))" }

    mutating func open(width: Double, height: Double, title: String) {
        let (width, height) = (Self.number(width), Self.number(height))
        out += "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\""
        out += " height=\"\(height)\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n"
        out += "<title>\(Self.escaped(title))</title>\n"
    }

    mutating func style(_ rules: String) { out += "<style>\n\(rules)</style>\n" }

    mutating func ground(width: Double, height: Double) {
        out += "<rect class=\"wf-ground\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\"/>\n"
        out +=
            "<defs><marker id=\"wf-arrow\" viewBox=\"0 0 8 8\" refX=\"1\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\""
        out +=
            " markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"wf-tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    }

    mutating func line(_ path: String) {
        out += "<path class=\"wf-line\" d=\"\(path)\" marker-end=\"url(#wf-arrow)\"/>\n"
    }

    mutating func node(_ node: GraphNode, _ label: GraphLabel, state: String?, in box: SVGBox) {
        let shown = state.map { GraphText.cut($0, to: 16) }
        out += "<g class=\"wf-node wf-\(node.shape.rawValue)\(Self.className(of: state))\">\n"
        let words = [node.kind, node.title, node.detail, node.condition, shown ?? ""].filter { !$0.isEmpty }
        out += "<title>\(Self.escaped(GraphText.cut(words.joined(separator: ", "), to: 400)))</title>\n"
        shape(node.shape, box)
        if node.shape == .join { join(label, shown, box) } else { lines(label, shown, box) }
        out += "</g>\n"
    }

    /// States are words of the engine; only such become a class.
    private static func className(of state: String?) -> String {
        guard let state, !state.isEmpty, state.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else { return "" }
        return " wf-\(state)"
    }

    // MARK: Shapes

    private mutating func shape(_ shape: GraphNode.Shape, _ box: SVGBox) {
        switch shape {
        case .action: rectangle(box, radius: 6)
        case .wait: rectangle(box, radius: box.height / 2)
        case .workflow:
            rectangle(box, radius: 0)
            for x in [box.left + 8, box.right - 8] {
                out += "<path class=\"wf-bar\" d=\"M\(Self.pair(x, box.top)) V\(Self.number(box.bottom))\"/>\n"
            }
        case .approval:
            let points = [
                (box.left, box.center.y), (box.left + 16, box.top), (box.right - 16, box.top),
                (box.right, box.center.y), (box.right - 16, box.bottom), (box.left + 16, box.bottom),
            ]
            let list = points.map { Self.pair($0.0, $0.1) }.joined(separator: ", ")
            out += "<polygon class=\"wf-box\" points=\"\(list)\"/>\n"
        case .join:
            let x = Self.number(box.center.x)
            out +=
                "<circle class=\"wf-box\" cx=\"\(x)\" cy=\"\(Self.number(box.center.y))\" r=\"\(Self.number(Self.radius))\"/>\n"
        }
    }

    private mutating func rectangle(_ box: SVGBox, radius: Double) {
        out += "<rect class=\"wf-box\" x=\"\(Self.number(box.left))\" y=\"\(Self.number(box.top))\""
        out += " width=\"\(Self.number(box.width))\" height=\"\(Self.number(box.height))\""
        out += " rx=\"\(Self.number(radius))\"/>\n"
    }

    // MARK: Texts

    private mutating func lines(_ label: GraphLabel, _ state: String?, _ box: SVGBox) {
        let head = state.map { "\(label.kind) · " + $0 } ?? label.kind
        var rows = [(state == nil ? "wf-kind" : "wf-state", head, 11.0), ("wf-title", label.title, 14.0)]
        if !label.detail.isEmpty, label.detail != label.title { rows.append(("wf-detail", label.detail, 13.0)) }
        if !label.condition.isEmpty { rows.append(("wf-if", label.condition, 12.0)) }
        let pitch = 17.0
        var y = box.center.y - pitch * Double(rows.count - 1) / 2 + 4
        for (name, line, size) in rows {
            text(name, line, size, x: box.center.x, y: y, anchor: "middle")
            y += pitch
        }
    }

    private mutating func join(_ label: GraphLabel, _ state: String?, _ box: SVGBox) {
        let x = box.center.x + 16
        text("wf-title", label.title, 12, x: x, y: box.center.y + (state == nil ? 4 : -2), anchor: "start")
        if let state { text("wf-state", state, 11, x: x, y: box.center.y + 12, anchor: "start") }
    }

    private mutating func text(_ name: String, _ line: String, _ size: Double, x: Double, y: Double, anchor: String) {
        out +=
            "<text class=\"\(name)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\""
        out += " text-anchor=\"\(anchor)\">\(Self.escaped(line))</text>\n"
    }

    /// Without the characters that XML has no way to say.
    private static func escaped(_ text: String) -> String {
        MarkupEscape.text(text) { scalar in
            let isForbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
            return isForbidden ? "\u{FFFD}" : scalar
        }
    }
}
