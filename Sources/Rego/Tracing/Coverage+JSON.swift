public import JSON

extension Coverage {
    public var coveredLines: Int { files.values.reduce(0) { $0 + $1.coveredRows.count } }
    public var notCoveredLines: Int { files.values.reduce(0) { $0 + $1.notCoveredRows.count } }

    /// Of all lines with rules or expressions, with two digits after the point. 100 where there are none.
    public var percentage: Double { Self.percentage(coveredLines, notCoveredLines) }

    /// As ``percentage``, of so many lines.
    public static func percentage(_ covered: Int, _ notCovered: Int) -> Double {
        let all = covered + notCovered
        // Rounded down: 100 is said of nothing less.
        return all == 0 ? 100 : Double(covered * 10_000 / all) / 100
    }

    /// The report of `opa test --coverage`: `{"files": {"app.rego": {"covered": [{"start": {"row": 3}, "end": {"row":
    /// 5}}], "not_covered": […], "covered_lines": 3, "not_covered_lines": 1, "coverage": 75}}, "covered_lines": 3,
    /// "not_covered_lines": 1, "coverage": 75}`
    public var json: JSON {
        var byName: JSONObject = [:]
        for (name, file) in files.sorted(by: { $0.key < $1.key }) { byName[name] = file.json }
        var report: JSONObject = ["files": .object(byName)]
        Self.add(coveredLines, notCoveredLines, to: &report)
        return .object(report)
    }

    fileprivate static func add(_ covered: Int, _ notCovered: Int, to report: inout JSONObject) {
        report["covered_lines"] = JSON(covered)
        report["not_covered_lines"] = JSON(notCovered)
        report["coverage"] = JSON(percentage(covered, notCovered))
    }
}

extension Coverage.File {
    public var json: JSON {
        let (covered, notCovered) = (coveredRows, notCoveredRows)
        var report: JSONObject = [:]
        if !covered.isEmpty { report["covered"] = Self.ranges(covered) }
        if !notCovered.isEmpty { report["not_covered"] = Self.ranges(notCovered) }
        Coverage.add(covered.count, notCovered.count, to: &report)
        return .object(report)
    }

    private static func ranges(_ rows: [Int]) -> JSON {
        .array(
            Coverage.ranges(of: rows).map {
                ["start": ["row": JSON($0.lowerBound)], "end": ["row": JSON($0.upperBound)]]
            })
    }
}

extension Coverage {
    /// Ascending rows; those that follow each other are one range.
    public static func ranges(of rows: [Int]) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for row in rows {
            if let last = ranges.last, last.upperBound + 1 == row {
                ranges[ranges.count - 1] = last.lowerBound...row
            } else {
                ranges.append(row...row)
            }
        }
        return ranges
    }
}
