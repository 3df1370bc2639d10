import Core

/// How bad: `critical`, `high severity`, `sev2`, `P1`.
struct Severities {
    let text: SlotText

    private static let names: [String: Severity] = [
        "critical": .critical, "crit": .critical, "high": .high, "medium": .medium, "moderate": .medium, "low": .low,
        "info": .info, "informational": .info, "sev1": .critical, "sev2": .high, "sev3": .medium, "sev4": .low,
        "sev5": .info,
        "p0": .critical, "p1": .critical, "p2": .high, "p3": .medium, "p4": .low,
    ]
    /// Words beside which `high` and `low` are severities and not heights.
    private static let company: Set<String> = [
        "severity", "severities", "sev", "priority", "finding", "findings", "vulnerability", "vulnerabilities", "vuln",
        "vulns", "issue", "issues", "alert", "alerts", "incident", "incidents", "risk", "risks", "cve", "cves", "bug",
        "bugs",
        "critical", "medium", "high", "low", "problems", "flaws",
    ]

    func slots() -> [Slot] { text.words.indices.compactMap(slot) }

    private func slot(_ index: Int) -> Slot? {
        let word = text.words[index]
        if word.text == "sev", let level = text[index + 1], let severity = Self.names["sev\(level)"] {
            return slot(severity, word.range.lowerBound..<text.words[index + 1].range.upperBound, 0.95)
        }
        guard let severity = Self.names[word.text] else { return nil }
        let isOwn = word.text == "critical" || word.text.last?.isNumber == true
        let around = [text[index - 2], text[index - 1], text[index + 1], text[index + 2]]
        let isInCompany = around.contains { $0.map(Self.company.contains) ?? false }
        guard isOwn || isInCompany else { return nil }
        return slot(severity, word.range, isInCompany ? 0.95 : 0.8)
    }

    private func slot(_ severity: Severity, _ range: Range<Int>, _ confidence: Double) -> Slot {
        Slot(name: "severity", value: .severity(severity), range: range, source: .pattern, confidence: confidence)
    }
}
