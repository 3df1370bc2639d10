import Core
import JSON

/// An assessment as GitHub's workflow commands, which the runner turns into annotations of the files. It shows ten of a
/// kind and step: what to do first comes first.
struct AnnotationReport {
    let assessment: Assessment

    var text: String {
        var lines = assessment.open.map(Self.line)
        lines += assessment.unchecked.map { place in
            let file = place.path.isEmpty ? nil : MemberPath.containers(of: place.path).first ?? place.path
            return Self.command("warning", [("file", file), ("title", "could not check")], place.detail)
        }
        if assessment.findingsCut > 0 {
            lines.append(Self.command("warning", [], "\(assessment.findingsCut) more findings are beyond the limit"))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ finding: Finding) -> String {
        let container = MemberPath.containers(of: finding.path).first
        var properties: [(String, String?)] = []
        // What is only in the history, or in an archive, has no line that the request could show.
        if !finding.isOnlyInHistory { properties.append(("file", container ?? finding.path)) }
        if !finding.isOnlyInHistory, container == nil {
            properties += [("line", "\(finding.start.line)"), ("endLine", "\(finding.end.line)")]
            if finding.start.line == finding.end.line, finding.end.column > finding.start.column {
                properties += [("col", "\(finding.start.column)"), ("endColumn", "\(finding.end.column)")]
            }
        }
        properties.append(("title", "\(finding.severity.rawValue): \(finding.rule.title)"))
        let place = finding.isOnlyInHistory || container != nil ? "\(finding.placeText). " : ""
        let commit = finding.commitText.map { " (\($0))" } ?? ""
        return command(level(finding.severity), properties, "\(place)\(finding.rule.remedy)\(commit)")
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "notice"
        }
    }

    private static func command(_ name: String, _ properties: [(String, String?)], _ message: String) -> String {
        let given = properties.compactMap { key, value in value.map { "\(key)=\(escaped($0, isProperty: true))" } }
        return "::\(name)\(given.isEmpty ? "" : " " + given.joined(separator: ","))::\(escaped(message))"
    }

    /// A line feed would begin another command.
    private static func escaped(_ text: String, isProperty: Bool = false) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": out += "%25"
            case "\r": out += "%0D"
            case "\n": out += "%0A"
            case ":" where isProperty: out += "%3A"
            case "," where isProperty: out += "%2C"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

/// An assessment in the form of GitLab's code quality reports (Code Climate's, as far as GitLab reads it).
struct CodeQualityReport {
    let assessment: Assessment

    var json: JSON { .array(assessment.open.map(Self.entry)) }

    private static func entry(_ finding: Finding) -> JSON {
        let container = MemberPath.containers(of: finding.path).first
        let place = container == nil && !finding.isOnlyInHistory ? "" : " (\(finding.placeText))"
        return [
            "description": .string("\(finding.rule.title)\(place). \(finding.rule.remedy)"),
            "check_name": .string(finding.rule.id), "fingerprint": .string(finding.fingerprint),
            "severity": .string(severity(finding.severity)),
            "location": [
                "path": .string(container ?? finding.path),
                "lines": ["begin": JSON(container == nil ? finding.start.line : 1)],
            ],
        ]
    }

    private static func severity(_ severity: Severity) -> String {
        switch severity {
        case .critical: "blocker"
        case .high: "critical"
        case .medium: "major"
        case .low: "minor"
        case .info: "info"
        }
    }
}

/// An assessment as the one comment that a merge or pull request gets. Its first line, which nobody sees, is how the
/// comment is known again when it is brought up to date.
struct CommentReport {
    static let marker = "<!-- gatehouse-assess -->"
    /// GitHub takes comments of 65,536 characters, GitLab more.
    private static let longest = 60_000

    let assessment: Assessment

    /// With as many rows as fit: what to do first stays.
    var text: String {
        [50, 25, 10].lazy.map(text(listing:)).first { $0.utf8.count <= Self.longest } ?? text(listing: 0)
    }

    private func text(listing count: Int) -> String {
        var lines = [Self.marker, "### \(heading)", ""]
        if !assessment.open.isEmpty { lines += [counts, ""] + table(count) }
        return (lines + unchecked(count)).joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let open = assessment.open.count + assessment.findingsCut
        return open == 0 ? "Gatehouse found nothing" : "Gatehouse found \(Assessment.counted(open, "open finding"))"
    }

    private var counts: String {
        Severity.allCases.reversed().compactMap { severity in
            let count = assessment.count(severity)
            return count == 0 ? nil : "**\(severity.rawValue)** \(count)"
        }.joined(separator: " · ")
    }

    private func table(_ listed: Int) -> [String] {
        var lines = ["| Severity | Do it | What | Where |", "|---|---|---|---|"]
        for finding in assessment.open.prefix(listed) {
            let late = finding.isOverdue(at: assessment.finished) ? ", overdue" : ""
            lines.append(
                "| **\(finding.severity.rawValue)** | \(finding.priority.tier.word)\(late) "
                    + "| \(MarkdownReport.escaped(Self.cut(finding.rule.title, 200))): "
                    + "\(MarkdownReport.escaped(Self.cut(finding.rule.remedy, 300))) "
                    + "| \(MarkdownReport.code(Self.cut(finding.placeText, 300))) |")
        }
        let rest = assessment.open.count + assessment.findingsCut - min(assessment.open.count, listed)
        return lines + (rest > 0 ? ["", "… and \(rest) more.", ""] : [""])
    }

    private func unchecked(_ listed: Int) -> [String] {
        guard assessment.uncheckedCount > 0 else { return [] }
        var lines = ["<details><summary>Could not check: \(assessment.uncheckedCount)</summary>", ""]
        for place in assessment.unchecked.prefix(listed) {
            let path = place.path.isEmpty ? "" : MarkdownReport.code(Self.cut(place.path, 300)) + ": "
            lines.append("- \(path)\(MarkdownReport.escaped(Self.cut(place.detail, 300)))")
        }
        return lines + ["", "</details>"]
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }
}
