import Core
import Formats
import JSON
import Privacy
import Risk

/// Makes findings of packages whose versions have known flaws: one for each flaw and entry.
struct DependencyFindings {
    let verdicts: DependencyVerdicts
    let threats: [String: ThreatDatabase.Threat]
    let threatFeeds: [ThreatDatabase.Feed]
    let vex: VEXStatements
    let asset: AssetFacts
    let uses: ReachabilityIndex

    /// - Parameter all: as the verdicts count them.
    /// - Returns: one element a file, from top to bottom.
    func hits(_ all: [(path: String, dependency: Dependency)]) -> [[Hit]] {
        var byFile: [String: [Hit]] = [:]
        for (index, matches) in verdicts.matches {
            let (path, dependency) = all[index]
            byFile[path, default: []] += matches.map { hit($0, dependency, path) }
        }
        return byFile.sorted { $0.key < $1.key }.map { file in
            file.value.sorted { ($0.start, $0.rule.id) < ($1.start, $1.rule.id) }
        }
    }

    private func hit(_ match: AdvisoryMatch, _ dependency: Dependency, _ path: String) -> Hit {
        let statement = dependency.purl.flatMap { vex.statement(on: $0, names: match.names) }
        let reachability = uses.verdict(on: match, dependency, in: path)
        let facts = facts(match, statement, reachability)
        let decision = RiskDecision(facts)
        let label = Printable.text("\(dependency.name) \(dependency.version)".utf8)
        var hit = Hit(
            rule: rule(match, dependency, reachability), source: "scan.dependencies", path: Array(path.utf8),
            start: Place(line: dependency.line), end: Place(line: dependency.line), snippet: label,
            secretTag: Digest.tag(dependency.name.utf8), contextTag: Digest.context(Array(label.utf8)),
            confidence: .high, isVerified: true, allowance: allowance(statement, decision))
        hit.priority = Priority(tier: Self.tier(decision), reason: decision.reason)
        hit.details = details(match, dependency, facts, reachability)
        return hit
    }

    private func rule(
        _ match: AdvisoryMatch, _ dependency: Dependency, _ reachability: Reachability
    ) -> ScanRule {
        let subject = Printable.text("\(dependency.name) \(dependency.version)".utf8)
        let title = match.summary.isEmpty ? "known flaw in \(subject)" : "\(subject): \(match.summary)"
        return ScanRule(
            id: match.id, title: title, severity: match.severity ?? .medium,
            remedy: remedy(match, dependency) + reachability.words)
    }

    private func remedy(_ match: AdvisoryMatch, _ dependency: Dependency) -> String {
        var text =
            match.fix.map { "Upgrade \(dependency.name) to \($0) or later." }
            ?? "No version without it is published: replace \(dependency.name), or see what the advisory advises."
        if dependency.path.count > 1 { text += " It comes by \(dependency.path.joined(separator: " > "))." }
        if match.severity == nil { text += " No advisory rates it." }
        if let reference = match.reference { text += " See \(reference)" }
        return text
    }

    private func facts(
        _ match: AdvisoryMatch, _ statement: VEXDocument.Statement?, _ reachability: Reachability
    ) -> RiskFacts {
        var facts = RiskFacts()
        facts.reachability = reachability.fact
        if let cvss = match.cvss {
            facts.take(cvss)
        } else {
            // A database's word says that much.
            facts.hasTotalImpact = match.severity.map { $0 == .critical }
        }
        facts.vex = statement.flatMap { RiskFacts.VEXStatus(rawValue: $0.status.rawValue) }
        facts.exposure = asset.exposure
        facts.criticality = asset.criticality
        let known = match.cves.compactMap { threats[$0] }
        facts.knownExploitedSince = known.compactMap(\.knownExploitedSince).min()
        facts.epss = known.compactMap(\.epss).max()
        facts.knownExploitedAsOf = threatFeeds.first { $0.kind == .knownExploited }?.asOf
        facts.epssAsOf = threatFeeds.first { $0.kind == .predictions }?.asOf
        return facts
    }

    /// What is dismissed is suppressed, with the words of who said so.
    private func allowance(_ statement: VEXDocument.Statement?, _ decision: RiskDecision) -> Allowance? {
        guard let dismissal = decision.dismissal else { return nil }
        let words = [statement?.justification, statement?.remark].compactMap(\.self).joined(separator: ": ")
        return .granted(reason: words.isEmpty ? dismissal : "\(dismissal) (\(words))")
    }

    private static func tier(_ decision: RiskDecision) -> Priority.Tier {
        guard decision.dismissal == nil else { return .later }
        return switch decision.tier {
        case .threeDaysAndForensics, .threeDays: .now
        case .fourteenDays: .soon
        case .sixtyDays: .planned
        case .nextUpgrade: .later
        }
    }

    private func details(
        _ match: AdvisoryMatch, _ dependency: Dependency, _ facts: RiskFacts, _ reachability: Reachability
    ) -> JSONObject {
        let base = Ecosystems.base(dependency.ecosystem)
        let symbols = match.symbols.prefix(50).map { symbol -> JSON in
            ["path": .string(symbol.path), "symbols": .array(symbol.names.prefix(50).map { .string($0) })]
        }
        let members: [(String, JSON?)] = [
            ("package", dependency.json), ("names", .array(match.names.map { .string($0) })),
            ("advisories", .array(match.records.map { .string($0.id) })), ("fix", match.fix.map { .string($0) }),
            ("cvss", match.cvss.map { ["vector": .string($0.vector), "score": JSON($0.scores.overall) ?? .null] }),
            ("reference", match.reference.map { .string($0) }),
            ("symbols", symbols.isEmpty ? nil : .array(Array(symbols))),
            (
                "advisories_as_of",
                verdicts.feeds.first { $0.ecosystem == base }.map { .string($0.asOf.description) }
            ),
            ("reachability", reachability.json), ("risk", RiskDecision.record(facts)),
        ]
        return JSONObject(members.compactMap { key, value in value.map { (key, $0) } })
    }
}
