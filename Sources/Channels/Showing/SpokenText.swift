import Integrations

/// What the house says, for ears: in one breath, and of a table its first rows.
enum SpokenText {
    /// In code points.
    private static let longest = 600
    private static let longestCell = 80
    private static let rows = 3

    static func words(_ said: Said) -> String {
        let rows = said.rows.prefix(Self.rows).enumerated().map { index, row in
            let cells = row.map { PlainText.cut(PlainText.line($0), to: longestCell) }.filter { !$0.isEmpty }
            return "Number \(index + 1): \(cells.joined(separator: ", "))."
        }
        let left = said.total - rows.count
        let more = !rows.isEmpty && left > 0 ? ["There are \(left) more: see the console."] : []
        let all = ([PlainText.line(said.text)] + rows + more).filter { !$0.isEmpty }
        return PlainText.cut(all.joined(separator: " "), to: longest)
    }
}
