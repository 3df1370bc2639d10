import Policy
import Rego

/// A report of tests for people, as `opa test` prints it.
struct PolicyTestText {
    private let report: PolicyTestReport
    private let isVerbose: Bool
    private let showsVariables: Bool

    init(_ report: PolicyTestReport, isVerbose: Bool, showsVariables: Bool) {
        self.report = report
        self.isVerbose = isVerbose
        self.showsVariables = showsVariables
    }

    /// All tests where that was asked for, else those that did not pass.
    var results: String { isVerbose ? text { _ in true } : text { !$0.hasPassed } }

    var failures: String { text(\.hasFailed) }

    private func text(_ isShown: (PolicyTestResult) -> Bool) -> String {
        var text = ""
        var file = ""
        for result in report.results where isShown(result) {
            if result.test.file != file {
                file = result.test.file
                text += "\(file):\n"
            }
            text += lines(result).map { $0 + "\n" }.joined()
        }
        return text.isEmpty ? "" : text + String(repeating: "-", count: 80) + "\n"
    }

    var summary: String {
        let all = report.results.count
        var text = "PASS: \(report.passed)/\(all)\n"
        if report.failed > 0 { text += "FAIL: \(report.failed)/\(all)\n" }
        if report.errors > 0 { text += "ERROR: \(report.errors)/\(all)\n" }
        if report.skipped > 0 { text += "SKIPPED: \(report.skipped)/\(all)\n" }
        return text
    }

    private func lines(_ result: PolicyTestResult) -> [String] {
        var lines = ["\(result.test.id): \(word(result.outcome))"]
        if result.outcome != .skipped { lines[0] += " (\(DurationArgument.text(result.duration)))" }
        if case .error(let error) = result.outcome { lines.append("  \(error.description)") }
        lines += cases(result.cases, "  ")
        if let failure = result.failure {
            let variables = failure.variables.isEmpty ? "" : "  {\(failure.variables.joined(separator: ", "))}"
            lines.append("  \(failure.file):\(failure.row): \(failure.text)\(variables)")
        }
        if !result.output.isEmpty { lines += [""] + result.output.map { "  " + $0 } + [""] }
        if let trace = result.trace { lines += trace.lines(withVariables: showsVariables).map { "  " + $0 } + [""] }
        return lines
    }

    private func word(_ outcome: PolicyTestResult.Outcome) -> String {
        switch outcome {
        case .passed: "PASS"
        case .failed: "FAIL"
        case .error: "ERROR"
        case .skipped: "SKIPPED"
        }
    }

    private func cases(_ cases: [PolicyTestResult.Case], _ indent: String) -> [String] {
        cases.flatMap { item -> [String] in
            guard isVerbose || !item.hasPassed else { return [] }
            let line = "\(indent)\(item.key.jsonKey): \(item.hasPassed ? "PASS" : "FAIL")"
            return [line] + self.cases(item.cases, indent + "  ")
        }
    }
}

/// How much of each file is covered, and which lines are not.
struct CoverageText {
    private let coverage: Coverage

    init(_ coverage: Coverage) { self.coverage = coverage }

    var text: String {
        let files = coverage.files.sorted { $0.key < $1.key }
        let rows = files.map { name, file in
            let (covered, missing) = (file.coveredRows.count, file.notCoveredRows)
            let share = Coverage.percentage(covered, missing.count)
            return [name, Self.percent(share), "\(covered)/\(covered + missing.count)", Self.ranges(missing)]
        }
        let all = coverage.coveredLines + coverage.notCoveredLines
        let total = ["all", Self.percent(coverage.percentage), "\(coverage.coveredLines)/\(all)", ""]
        return Table(columns: ["FILE", "COVERED", "LINES", "NOT COVERED"], rows: rows + [total]).text
    }

    static func percent(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value)) %" : "\((value * 100).rounded() / 100) %"
    }

    /// `3, 7-9`
    static func ranges(_ rows: [Int]) -> String {
        Coverage.ranges(of: rows)
            .map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ", ")
    }
}
