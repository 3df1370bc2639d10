extension WorkflowGraph {
    /// A flowchart for Mermaid. Texts of the file are quoted, so that none of them is read as Mermaid or HTML.
    ///
    /// - Parameter states: of steps by their id, shown beside their titles.
    public func mermaid(states: [String: String] = [:]) -> String {
        var text = "flowchart TD\n"
        for (index, node) in nodes.enumerated() {
            let (open, close) = Self.brackets(node.shape)
            let state = states[node.id].map { "\(node.kind) · \($0)" } ?? node.kind
            let lines = [state, node.title, node.detail, node.condition].filter { !$0.isEmpty }
            let label = lines.map { Self.quoted(GraphText.cut($0, to: 80)) }.joined(separator: "<br/>")
            text += "  n\(index)\(open)\"\(label)\"\(close)\n"
        }
        for (index, node) in nodes.enumerated() {
            for need in node.needs { text += "  n\(need) --> n\(index)\n" }
        }
        return text
    }

    private static func brackets(_ shape: GraphNode.Shape) -> (String, String) {
        switch shape {
        case .action: ("[", "]")
        case .approval: ("{{", "}}")
        case .wait: ("([", "])")
        case .workflow: ("[[", "]]")
        case .join: ("((", "))")
        }
    }

    /// Letters, digits and spaces as they are, all else as Mermaid's entity code.
    private static func quoted(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == " "
            if isPlain || ["-", "_", ".", ",", "·", "…", ":", "/"].contains(scalar) {
                out.unicodeScalars.append(scalar)
            } else {
                out += "#\(scalar.value);"
            }
        }
        return out
    }
}
