/// How a diagram looks: in plain colours, which every viewer knows, and in others where somebody prefers them dark.
struct DiagramStyle {
    var ground: String
    var ink: String
    var faint: String
    var line: String
    var boundary: String
    var process: String
    var store: String
    var outside: String
    var added: String
    var changed: String
    var critical: String
    var high: String
    var medium: String
    var low: String

    static let light = DiagramStyle(
        ground: "#fff", ink: "#1c2024", faint: "#5b6470", line: "#8b949e", boundary: "#a9b1ba", process: "#eef4fb",
        store: "#f3f0fa", outside: "#f2f3f5", added: "#1a7f37", changed: "#9a6700", critical: "#a3123a",
        high: "#c8391b", medium: "#9a6700", low: "#2f6f9f")
    static let dark = DiagramStyle(
        ground: "#14171a", ink: "#e6e8ea", faint: "#9aa4af", line: "#6e7781", boundary: "#57606a", process: "#1b2836",
        store: "#272236", outside: "#23282e", added: "#3fb950", changed: "#e3b341", critical: "#ff6b8f",
        high: "#ff8a6b", medium: "#e3b341", low: "#79b8e8")

    /// A style sheet of the class `dfd`.
    static let sheet = shapes + light.colours + "@media (prefers-color-scheme:dark){\n\(dark.colours)}\n"

    private static let shapes = """
        .dfd{font-family:system-ui,-apple-system,"Segoe UI",sans-serif}
        .dfd text{font-size:13px}
        .dfd .boundary rect{fill:none;stroke-dasharray:7 5;stroke-width:1.4}
        .dfd .boundary text{font-size:12px;font-weight:600}
        .dfd .node text{text-anchor:middle}.dfd .node .name{font-weight:600;font-size:12.5px}.dfd .node .type{font-size:11px}
        .dfd .node>rect,.dfd .node>path{stroke-width:1.4}
        .dfd .fold>rect,.dfd .fold>path{stroke-dasharray:3 3}
        .dfd .added>rect,.dfd .added>path,.dfd .changed>rect,.dfd .changed>path{stroke-width:3}
        .dfd .flow{fill:none;stroke-width:1.4}.dfd .flow.added,.dfd .flow.changed{stroke-width:2.4}
        .dfd .flow.plain{stroke-dasharray:5 4}
        .dfd .label{font-size:11px;text-anchor:middle;stroke-width:4;paint-order:stroke;stroke-linejoin:round}
        .dfd .badge text{font-size:11px;font-weight:700}.dfd .badge circle{stroke-width:2}
        .dfd .legend text{font-size:11px;text-anchor:start}

        """

    private var colours: String {
        """
        .dfd .ground{fill:\(ground)}.dfd text{fill:\(ink)}
        .dfd .boundary rect{stroke:\(boundary)}.dfd .boundary text,.dfd .node .type{fill:\(faint)}
        .dfd .node>rect,.dfd .node>path{stroke:\(line);fill:\(outside)}
        .dfd .process>rect{fill:\(process)}.dfd .store>path{fill:\(store)}
        .dfd .added>rect,.dfd .added>path{stroke:\(added)}
        .dfd .changed>rect,.dfd .changed>path{stroke:\(changed)}
        .dfd .flow{stroke:\(line)}.dfd .flow.plain{stroke:\(high)}
        .dfd .flow.added{stroke:\(added)}.dfd .flow.changed{stroke:\(changed)}
        .dfd .tip{fill:\(line)}.dfd .tip.plain{fill:\(high)}.dfd .tip.added{fill:\(added)}.dfd .tip.changed{fill:\(changed)}
        .dfd .label{fill:\(faint);stroke:\(ground)}.dfd .legend text{fill:\(faint)}
        .dfd .badge text{fill:\(ground)}.dfd .badge circle{stroke:\(ground)}
        .dfd .badge.critical circle{fill:\(critical)}.dfd .badge.high circle{fill:\(high)}
        .dfd .badge.medium circle{fill:\(medium)}.dfd .badge.low circle{fill:\(low)}

        """
    }
}
