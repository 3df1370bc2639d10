import Formats

/// The lines of a text, to go from places to bytes and back.
package struct LineTable {
    private let bytes: [UInt8]
    private let starts: [Int]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        self.starts = starts
    }

    var count: Int { starts.last == bytes.count && starts.count > 1 ? starts.count - 1 : starts.count }

    /// The bytes of a line without its end; nil where the text has no such line.
    func line(_ number: Int) -> Range<Int>? {
        guard number >= 1, number <= starts.count else { return nil }
        var end = number < starts.count ? starts[number] - 1 : bytes.count
        let start = starts[number - 1]
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    package func place(of offset: Int) -> Place {
        var (low, high) = (0, starts.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return Place(line: low + 1, column: 1 + bytes[starts[low]..<offset].count { $0 & 0xC0 != 0x80 })
    }

    /// Where a column of a line begins; its end for one beyond it.
    func offset(_ line: Range<Int>, column: Int, _ kind: SARIF.ColumnKind) -> Int {
        var units = 1
        for index in line where bytes[index] & 0xC0 != 0x80 {
            if units >= column { return index }
            // Beyond the first plane a code point takes two units of UTF-16.
            units += kind == .utf16CodeUnits && bytes[index] >= 0xF0 ? 2 : 1
        }
        return line.upperBound
    }

    /// Where the text has had so many units.
    func offset(units wanted: Int, _ kind: SARIF.ColumnKind) -> Int? {
        offset(0..<bytes.count, column: wanted + 1, kind)
    }
}

/// Where a result points, in a text as it is now.
struct ReportedPlace {
    var bytes: Range<Int>
    var start: Place
    var end: Place
    /// The first line of it.
    var line: Range<Int>

    /// Nil where the text has no such place: the report is about another version of it.
    init?(_ region: SARIF.ReadRegion, _ columns: SARIF.ColumnKind, in table: LineTable, length: Int) {
        guard let range = Self.range(region, columns, table, length) else { return nil }
        bytes = range
        start = table.place(of: range.lowerBound)
        end = table.place(of: range.upperBound)
        line = table.line(start.line) ?? range
    }

    private static func range(
        _ region: SARIF.ReadRegion, _ columns: SARIF.ColumnKind, _ table: LineTable, _ length: Int
    ) -> Range<Int>? {
        if let first = region.startLine {
            guard let line = table.line(first), first <= table.count else { return nil }
            let start = table.offset(line, column: region.startColumn ?? 1, columns)
            let last = max(first, min(region.endLine ?? first, table.count))
            guard let lastLine = table.line(last) else { return nil }
            let end = region.endColumn.map { table.offset(lastLine, column: $0, columns) } ?? lastLine.upperBound
            return start..<max(start, end)
        }
        if let start = region.byteOffset {
            guard start <= length else { return nil }
            return start..<min(length, start + (region.byteLength ?? 0))
        }
        guard let first = region.charOffset, let start = table.offset(units: first, columns) else { return nil }
        return start..<max(start, table.offset(units: first + (region.charLength ?? 0), columns) ?? start)
    }
}
