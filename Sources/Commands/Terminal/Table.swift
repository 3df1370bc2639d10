/// Columns of text, as wide as their widest cell.
struct Table {
    var columns: [String]
    var rows: [[String]]

    var text: String {
        let cells = ([columns] + rows).map { $0.map(Plain.text) }
        let widths = columns.indices.map { column in cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return cells.map { row in line(row, widths) }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var out = ""
        for (column, cell) in row.enumerated() {
            out += cell
            if column < row.count - 1 { out += String(repeating: " ", count: max(0, widths[column] - cell.count) + 2) }
        }
        return out + "\n"
    }
}

/// Text from outside as a terminal may show it: control characters could move the cursor, retitle the window or forge lines.
enum Plain {
    static func text(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            let isBidirectional = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            out.append(isControl || isBidirectional ? "\u{FFFD}" : scalar)
        }
        return String(out)
    }
}
