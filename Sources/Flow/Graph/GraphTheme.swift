extension WorkflowGraph {
    /// The colours of a picture.
    public enum Theme: String, Sendable, CaseIterable {
        /// As whoever looks at it has chosen.
        case auto
        case light
        case dark

        var style: String {
            switch self {
            case .light: Palette.light.rules
            case .dark: Palette.dark.rules
            case .auto: Palette.light.rules + "@media (prefers-color-scheme: dark) {\n\(Palette.dark.rules)}\n"
            }
        }
    }
}

/// Colours of text have a contrast of at least 4.5 to what they stand on (WCAG 2.2, 1.4.3), lines of 3.
private struct Palette {
    var ground: String
    var box: String
    var line: String
    var ink: String
    var faint: String
    /// By state: the outline, and the word.
    var states: [(String, String)]

    static let light = Palette(
        ground: "#ffffff", box: "#f6f8fa", line: "#6e7781", ink: "#1f2328", faint: "#57606a",
        states: [
            ("succeeded", "#1a7f37"), ("failed", "#cf222e"), ("running", "#0969da"), ("waiting", "#9a6700"),
            ("stuck", "#bc4c00"), ("skipped", "#6e7781"),
        ])
    static let dark = Palette(
        ground: "#0d1117", box: "#161b22", line: "#8b949e", ink: "#e6edf3", faint: "#9ea7b3",
        states: [
            ("succeeded", "#3fb950"), ("failed", "#ff7b72"), ("running", "#58a6ff"), ("waiting", "#d29922"),
            ("stuck", "#f0883e"), ("skipped", "#8b949e"),
        ])

    var rules: String {
        var text = """
            .wf-ground { fill: \(ground); }
            .wf-box { fill: \(box); stroke: \(line); stroke-width: 1.5; }
            .wf-bar, .wf-line { fill: none; stroke: \(line); stroke-width: 1.5; }
            .wf-tip { fill: \(line); }
            .wf-title { fill: \(ink); font-weight: 600; }
            .wf-detail { fill: \(ink); }
            .wf-kind, .wf-if { fill: \(faint); }
            .wf-state { fill: \(faint); font-weight: 600; }

            """
        for (state, colour) in states {
            text += ".wf-\(state) .wf-box { stroke: \(colour); stroke-width: 2.5; }\n"
            text += ".wf-\(state) .wf-state { fill: \(colour); }\n"
        }
        return text + ".wf-skipped .wf-box { stroke-dasharray: 5 4; }\n"
    }
}
