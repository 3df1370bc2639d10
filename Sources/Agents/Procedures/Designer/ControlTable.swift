import Core

/// Which controls are not met, by the findings that say so. What no finding names was not looked at or is met: the table
/// does not say which.
struct ControlTable {
    private let rows: [(control: ControlName, findings: [FindingBrief])]
    private let unnamed: Int

    /// - Parameter framework: the beginning of its name, in any case; empty for all.
    init(_ findings: [FindingBrief], framework: String) {
        let wanted = framework.lowercased()
        var byControl: [ControlName: [FindingBrief]] = [:]
        for finding in findings where finding.isOpen {
            for control in Set(finding.controls.map(ControlName.init))
            where control.framework.lowercased().hasPrefix(wanted) {
                byControl[control, default: []].append(finding)
            }
        }
        rows = byControl.sorted { ($0.key.framework, $0.key.number) < ($1.key.framework, $1.key.number) }.map {
            (control: $0.key, findings: $0.value)
        }
        unnamed = findings.count { $0.isOpen && $0.controls.isEmpty }
    }

    var lines: [String] {
        let cells = rows.prefix(300).map { row in
            let worst = row.findings.map(\.severity).max()?.rawValue ?? ""
            let places = Set(row.findings.map(\.path)).sorted()
            let more = places.count > 3 ? ", …" : ""
            return [
                Markdown.escaped(row.control.framework), Markdown.escaped(row.control.number), "not met", worst,
                "\(row.findings.count)", places.prefix(3).map { Markdown.code($0) }.joined(separator: ", ") + more,
            ]
        }
        var lines =
            cells.isEmpty
            ? ["No open finding names a control."]
            : Markdown.table(["Framework", "Control", "State", "Worst", "Findings", "Where"], cells)
        if unnamed > 0 { lines += ["", "\(unnamed) open findings name no control."] }
        return lines
    }
}
