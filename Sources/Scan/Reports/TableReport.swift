import Core
import JSON
import Privacy

/// An assessment for a terminal: one line a finding, cut to the width, what could not be checked, and the sum.
struct TableReport {
    private let assessment: Assessment
    private let width: Int
    private let color: Bool
    private static let listedUnchecked = 20

    init(_ assessment: Assessment, width: Int, color: Bool) {
        self.assessment = assessment
        self.width = min(max(width, 60), 400)
        self.color = color
    }

    var text: String {
        var lines = header
        lines += findings
        lines += unchecked
        lines += totals
        return lines.joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        var lines = [cut("\(paint("1", assessment.repository))", width + (color ? 8 : 0))]
        var facts = "\(assessment.volumeText) · \(assessment.listingText)"
        if let commit = assessment.commit { facts += " · commit \(commit.prefix(12))" }
        lines.append(cut(facts, width))
        if let history = assessment.history {
            lines.append(
                "history: \(history.text)"
            )
        }
        if !assessment.tools.isEmpty {
            lines.append(cut("other tools: \(assessment.tools.map(\.text).joined(separator: ", "))", width))
        }
        if !assessment.skippedText.isEmpty { lines.append(cut("left out: \(assessment.skippedText)", width)) }
        return lines + [""]
    }

    private var findings: [String] {
        guard !assessment.open.isEmpty else { return [paint("32", "no open finding"), ""] }
        let rows = FindingGroup.groups(of: assessment.open, byPackage: true)
        let places = rows.map(\.first.placeText)
        let placeWidth = min(places.map(Self.columns).max() ?? 0, max(20, (width - 19) / 2))
        let titleWidth = width - 19 - placeWidth
        var lines = [paint("1", "SEVERITY  WHEN     " + pad("WHERE", placeWidth) + " WHAT")]
        for (row, place) in zip(rows, places) {
            let finding = row.first
            let severity = paint(Self.color(finding.severity), pad(finding.severity.rawValue, 9))
            var what = finding.rule.title
            if !row.others.isEmpty { what = "+\(row.others.count) · " + what }
            if finding.isOnlyInHistory { what += " (history)" }
            if finding.confidence == .low { what += " (unsure)" }
            if finding.sources.count > 1 { what += " (\(finding.sources.count) sources)" }
            if let validity = finding.validity { what += " (\(validity.rawValue))" }
            if finding.isOverdue(at: assessment.finished) { what = "overdue: " + what }
            lines.append(
                "\(severity) \(pad(finding.priority.tier.word, 8)) \(pad(cutStart(place, placeWidth), placeWidth)) "
                    + cut(what, titleWidth - 1))
        }
        if assessment.findingsCut > 0 {
            lines.append("… and \(assessment.findingsCut) more, beyond the limit of one assessment")
        }
        return lines + [""]
    }

    private var unchecked: [String] {
        guard assessment.uncheckedCount > 0 else { return [] }
        var lines = [paint("1;33", "could not check: \(assessment.uncheckedCount)")]
        for place in assessment.unchecked.prefix(Self.listedUnchecked) {
            lines.append(cut("  \(place.path.isEmpty ? "" : place.path + ": ")\(place.detail)", width))
        }
        let rest = assessment.uncheckedCount - min(assessment.unchecked.count, Self.listedUnchecked)
        if rest > 0 { lines.append("  … and \(rest) more") }
        return lines + [""]
    }

    private var totals: [String] {
        let counts = Severity.allCases.reversed().map { "\(assessment.count($0)) \($0.rawValue)" }.joined(
            separator: " · ")
        var line = "open: \(counts)"
        if assessment.overdue > 0 { line += " — overdue: \(assessment.overdue)" }
        if !assessment.accepted.isEmpty { line += " — accepted: \(assessment.accepted.count)" }
        let seconds = (assessment.finished - assessment.started).microseconds / 10_000
        return [
            cut(line, width), "\(assessment.id), \(assessment.rules) rules, \(seconds / 100).\(seconds % 100 / 10) s",
        ]
    }

    // MARK: - Layout

    private func paint(_ code: String, _ text: String) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    private static func color(_ severity: Severity) -> String {
        switch severity {
        case .critical: "1;31"
        case .high: "31"
        case .medium: "33"
        case .low: "36"
        case .info: "2"
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Self.columns(text)))
    }

    private func cut(_ text: String, _ width: Int) -> String {
        guard Self.columns(text) > width else { return text }
        var out = ""
        var used = 1
        for character in text {
            used += Self.columns(character)
            if used > width { break }
            out.append(character)
        }
        return out + "…"
    }

    /// The end of a place says more than its start.
    private func cutStart(_ text: String, _ width: Int) -> String {
        guard Self.columns(text) > width else { return text }
        var out: [Character] = []
        var used = 1
        for character in text.reversed() {
            used += Self.columns(character)
            if used > width { break }
            out.append(character)
        }
        return "…" + String(out.reversed())
    }

    static func columns(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

    /// East Asian wide characters and pictographs take two columns.
    private static func columns(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6,
            0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
