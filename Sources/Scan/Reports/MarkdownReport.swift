import Core

/// An assessment as Markdown (GitHub's dialect), for requests and wikis.
package struct MarkdownReport {
    private let assessment: Assessment

    init(_ assessment: Assessment) { self.assessment = assessment }

    var text: String {
        var lines = ["# Assessment of \(Self.escaped(assessment.repository))", ""]
        lines += facts
        lines += findings
        lines += accepted
        lines += unchecked
        lines += inventory
        return lines.joined(separator: "\n") + "\n"
    }

    private var facts: [String] {
        var lines = [
            "\(assessment.volumeText) (\(assessment.listingText)), looked at with \(assessment.rules) rules, "
                + "\(assessment.finished)."
        ]
        if let commit = assessment.commit {
            lines.append("Commit `\(commit)`\(assessment.branch.map { " on \(Self.escaped($0))" } ?? "").")
        }
        if let history = assessment.history {
            lines.append(
                "History: \(history.text)."
            )
        }
        if !assessment.tools.isEmpty {
            lines.append("Other tools: \(Self.escaped(assessment.tools.map(\.text).joined(separator: ", "))).")
        }
        lines += [
            "", "| " + Severity.allCases.reversed().map(\.rawValue).joined(separator: " | ") + " |",
            "|---|---|---|---|---|",
        ]
        lines.append(
            "| " + Severity.allCases.reversed().map { "\(assessment.count($0))" }.joined(separator: " | ") + " |")
        return lines + [""]
    }

    private var findings: [String] {
        guard !assessment.open.isEmpty else { return ["No open finding.", ""] }
        var lines = ["## Open findings", "", "| When | Severity | What | Where | Excerpt |", "|---|---|---|---|---|"]
        for group in FindingGroup.groups(of: assessment.open, byPackage: false) {
            let finding = group.first
            let when = "\(finding.priority.tier.word): \(finding.priority.reason)"
            var what =
                "\(Self.escaped(finding.rule.title)) (`\(finding.rule.id)`, \(finding.confidence.word) confidence)"
            if let commit = finding.commitText { what += ", \(Self.escaped(commit))" }
            if let due = finding.dueText(at: assessment.finished) { what += ", \(due)" }
            if let sources = finding.sourcesText { what += ", seen by \(Self.escaped(sources))" }
            let others = group.otherPlaces.map { ", \($0)" } ?? ""
            lines.append(
                "| \(when) | \(finding.severity.rawValue) | \(what) | \(Self.code(finding.placeText))\(others) "
                    + "| \(Self.code(finding.snippet)) |"
            )
        }
        if assessment.findingsCut > 0 {
            lines += ["", "\(assessment.findingsCut) more are beyond the limit of one assessment."]
        }
        lines += ["", "## What to do", ""]
        var told: Set<String> = []
        for finding in assessment.open where told.insert(finding.rule.id).inserted {
            lines.append("- **\(Self.escaped(finding.rule.title))**: \(Self.escaped(finding.rule.remedy))")
        }
        return lines + [""]
    }

    private var accepted: [String] {
        guard !assessment.accepted.isEmpty else { return [] }
        var lines = ["## Accepted", "", "| State | What | Where | Reason |", "|---|---|---|---|"]
        for finding in assessment.accepted {
            lines.append(
                "| \(finding.state.rawValue) | \(Self.escaped(finding.rule.title)) | \(Self.code(finding.placeText)) "
                    + "| \(Self.escaped(finding.acceptanceText)) |")
        }
        return lines + [""]
    }

    private var unchecked: [String] {
        guard assessment.uncheckedCount > 0 else { return [] }
        var lines = ["## Could not check (\(assessment.uncheckedCount))", ""]
        for place in assessment.unchecked {
            lines.append("- \(place.path.isEmpty ? "" : Self.code(place.path) + ": ")\(Self.escaped(place.detail))")
        }
        return lines + [""]
    }

    private var inventory: [String] {
        var lines = ["## Inventory", "", "| Language | Files | Size | Lines |", "|---|---|---|---|"]
        for (name, count) in assessment.inventory.languages.sorted(by: {
            ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key)
        }) {
            lines.append("| \(name) | \(count.files) | \(Assessment.size(count.bytes)) | \(count.lines) |")
        }
        if !assessment.skippedText.isEmpty { lines += ["", "Left out: \(assessment.skippedText)."] }
        return lines
    }

    /// Text in which nothing counts as markup.
    package static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "#", "!", "~", "@": out += "\\\(scalar)"
            case "\n", "\r": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// A code span that holds any text, within a table.
    package static func code(_ text: String) -> String {
        var longest = 0
        var run = 0
        var out = ""
        for scalar in text.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
            out += scalar == "|" ? "\\|" : scalar == "\n" || scalar == "\r" ? " " : String(scalar)
        }
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 ? fence + out + fence : "\(fence) \(out) \(fence)"
    }
}
