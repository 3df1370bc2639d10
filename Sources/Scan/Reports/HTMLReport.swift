import Core
import Web

/// An assessment as one HTML page that needs nothing else. The findings are filtered by check boxes that style sheets
/// read.
package struct HTMLReport {
    private let assessment: Assessment
    private let version: String

    init(_ assessment: Assessment, version: String) {
        self.assessment = assessment
        self.version = version
    }

    var text: String {
        HTMLFrame.page(
            title: "Assessment of \(assessment.repository)",
            body: [heading, chart, findings, accepted, unchecked, inventory].joined(separator: "\n"),
            footer: "Gatehouse \(version) · \(assessment.id)")
    }

    private var heading: String {
        var facts = [
            "\(assessment.volumeText) (\(assessment.listingText))", "\(assessment.rules) rules",
            assessment.finished.description,
        ]
        if let commit = assessment.commit { facts.append("commit \(commit.prefix(12))") }
        if let branch = assessment.branch { facts.append("branch \(branch)") }
        if let history = assessment.history {
            facts.append(
                "history: \(Assessment.counted(history.blobs, "past version")), \(Assessment.size(history.bytes))")
        }
        facts += assessment.tools.map(\.text)
        return
            "<h1>\(MarkupEscape.text(assessment.repository))</h1>\n"
            + "<p class=\"facts\">\(MarkupEscape.text(facts.joined(separator: " · ")))</p>"
    }

    /// Bars of the open findings by severity.
    private var chart: String {
        let counts = Severity.allCases.reversed().map { ($0, assessment.count($0)) }
        let most = max(1, counts.map(\.1).max() ?? 1)
        var rows = ""
        for (index, (severity, count)) in counts.enumerated() {
            let y = index * 26
            let width = count == 0 ? 0 : max(3, count * 400 / most)
            rows +=
                "<text x=\"0\" y=\"\(y + 16)\">\(severity.rawValue)</text>"
                + "<rect class=\"\(severity.rawValue)\" x=\"80\" y=\"\(y + 3)\" "
                + "width=\"\(width)\" height=\"18\" rx=\"3\"/>"
                + "<text x=\"\(88 + width)\" y=\"\(y + 16)\">\(count)</text>\n"
        }
        return """
            <svg viewBox="0 0 560 130" width="560" height="130" role="img" aria-label="Open findings by severity">
            \(rows)</svg>
            """
    }

    private var findings: String {
        guard !assessment.open.isEmpty else { return "<h2>Open findings</h2>\n<p>None.</p>" }
        var filters = ""
        for severity in Severity.allCases.reversed() where assessment.count(severity) > 0 {
            let name = severity.rawValue
            filters +=
                "<label><input type=\"checkbox\" id=\"show-\(name)\" checked> "
                + "\(name) (\(assessment.count(severity)))</label>\n"
        }
        var rows = ""
        for group in FindingGroup.groups(of: assessment.open, byPackage: false) { rows += row(group) }
        let cut =
            assessment.findingsCut > 0
            ? "<p>\(assessment.findingsCut) more are beyond the limit of one assessment.</p>" : ""
        return """
            <h2>Open findings</h2>
            <form class="filter" aria-label="Show severities">\(filters)</form>
            <table class="findings">
            <thead><tr><th>When</th><th>Severity</th><th>What</th><th>Where</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>
            \(cut)
            """
    }

    private func row(_ group: FindingGroup) -> String {
        let finding = group.first
        let severity = finding.severity.rawValue
        let commit = finding.commitText.map { "<p>\(MarkupEscape.text($0))</p>" } ?? ""
        let sureness = "\(finding.confidence.word) confidence\(finding.isVerified ? ", verified form" : "")"
        let due = finding.dueText(at: assessment.finished).map { "<p>\($0)</p>" } ?? ""
        let late = finding.isOverdue(at: assessment.finished) ? "<br><span class=\"mark high\">overdue</span>" : ""
        let sources = finding.sourcesText.map { "<p>seen by \(MarkupEscape.text($0))</p>" } ?? ""
        let trace =
            finding.trace.isEmpty
            ? "" : "<ol>" + finding.trace.map { "<li><code>\(MarkupEscape.text($0))</code></li>" }.joined() + "</ol>"
        let others = group.otherPlaces.map { "<p>\($0)</p>" } ?? ""
        let note = finding.stateReason.map { "<p>\(MarkupEscape.text($0))</p>" } ?? ""
        return """
            <tr class="\(severity)"><td>\(finding.priority.tier.word)\(late)</td>
            <td><span class="mark \(severity)">\(severity)</span></td>
            <td><details><summary>\(MarkupEscape.text(finding.rule.title))</summary>
            <p>\(MarkupEscape.text(finding.priority.reason)) (\(sureness))</p>
            <p>\(MarkupEscape.text(finding.rule.remedy))</p>\(due)\(sources)\(trace)\(commit)\(note)
            <p class="id">\(MarkupEscape.text(finding.rule.id)) · \(MarkupEscape.text(finding.fingerprint))</p></details></td>
            <td><code>\(MarkupEscape.text(finding.placeText))</code><br>
            <code class="excerpt">\(MarkupEscape.text(finding.snippet))</code>\(others)</td></tr>

            """
    }

    private var accepted: String {
        guard !assessment.accepted.isEmpty else { return "" }
        var rows = ""
        for finding in assessment.accepted {
            rows +=
                "<tr><td>\(finding.state.rawValue)</td><td>\(MarkupEscape.text(finding.rule.title))</td>"
                + "<td><code>\(MarkupEscape.text(finding.placeText))</code></td>"
                + "<td>\(MarkupEscape.text(finding.acceptanceText))</td></tr>\n"
        }
        return """
            <h2>Accepted</h2>
            <table><thead><tr><th>State</th><th>What</th><th>Where</th><th>Reason</th></tr></thead><tbody>
            \(rows)</tbody></table>
            """
    }

    private var unchecked: String {
        guard assessment.uncheckedCount > 0 else { return "" }
        var rows = ""
        for place in assessment.unchecked {
            rows +=
                "<tr><td><code>\(MarkupEscape.text(place.path))</code></td><td>\(MarkupEscape.text(place.detail))</td></tr>\n"
        }
        return """
            <h2>Could not check (\(assessment.uncheckedCount))</h2>
            <table><thead><tr><th>Where</th><th>Why</th></tr></thead><tbody>
            \(rows)</tbody></table>
            """
    }

    private var inventory: String {
        var rows = ""
        for (name, count) in assessment.inventory.languages.sorted(by: {
            ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key)
        }) {
            rows +=
                "<tr><td>\(MarkupEscape.text(name))</td><td class=\"number\">\(count.files)</td>"
                + "<td class=\"number\">\(Assessment.size(count.bytes))</td>"
                + "<td class=\"number\">\(count.lines)</td></tr>\n"
        }
        let skipped =
            assessment.skippedText.isEmpty ? "" : "<p>Left out: \(MarkupEscape.text(assessment.skippedText)).</p>"
        return """
            <h2>Inventory</h2>
            <table><thead><tr><th>Language</th><th>Files</th><th>Size</th><th>Lines</th></tr></thead><tbody>
            \(rows)</tbody></table>
            \(skipped)
            """
    }
}
