/// A table as text in columns of one width, where a channel has no tables of its own.
enum FixedTable {
    private static let widest = 48
    private static let gap = "  "

    /// As many rows as there is room for; those that are left out are counted.
    /// - Parameter limit: of it all, in code points.
    static func text(_ said: Said, limit: Int) -> String {
        let grid = ([said.columns] + said.rows).map { $0.map(cell) }
        let widths = said.columns.indices.map { column in
            grid.map { $0.indices.contains(column) ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
        }
        var lines: [String] = []
        var left = limit - 40
        for row in grid {
            let line = row.enumerated().map { column, cell in
                widths.indices.contains(column) && column < row.count - 1 ? padded(cell, widths[column]) : cell
            }.joined(separator: gap)
            left -= line.unicodeScalars.count + 1
            guard left >= 0 else { break }
            lines.append(line)
        }
        let shown = max(0, lines.count - 1)
        if shown < said.total { lines.append("… \(shown) of \(said.total) rows") }
        return lines.joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 == "`" ? "'" : $0 })
        guard line.unicodeScalars.count > widest else { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(widest - 1))) + "…"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }
}
