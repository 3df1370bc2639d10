import Core
import JSON

/// Joins findings of several tools that are one flaw: in the same file, on lines that overlap, of the same family of
/// weaknesses; or the same published flaw of a package in the same lockfile. A finding of our own leads where there is
/// one, so that it keeps its identity whoever else sees it; else the gravest.
enum JoinedSources {
    /// A region that is longer is known by where it begins: it is about a whole function or class.
    private static let greatestLines = 20

    static func join(_ findings: [Finding]) -> [Finding] {
        let (own, others) = (findings.filter(\.sources.isEmpty), findings.filter { !$0.sources.isEmpty })
        guard !others.isEmpty else { return findings }
        let paths = Set(others.map(\.path))
        var leads = Dictionary(grouping: own.filter { paths.contains($0.path) }, by: \.path).mapValues { list in
            Flaws(list.sorted(by: FindingsBuilder.comesFirst))
        }
        for finding in others.sorted(by: comesFirst) { leads[finding.path, default: Flaws([])].add(finding) }
        return own.filter { !paths.contains($0.path) } + leads.values.flatMap(\.all)
    }

    private static func comesFirst(_ a: Finding, _ b: Finding) -> Bool {
        if a.severity != b.severity { return a.severity > b.severity }
        if a.confidence != b.confidence { return a.confidence > b.confidence }
        return (a.start, a.rule.id, a.fingerprint) < (b.start, b.rule.id, b.fingerprint)
    }

    private static func lines(_ finding: Finding) -> ClosedRange<Int> {
        let last = max(finding.start.line, finding.end.line)
        return finding.start.line...(last - finding.start.line < greatestLines ? last : finding.start.line)
    }

    private static func tool(_ finding: Finding) -> String { finding.sources.first?.tool ?? FindingSource.own }

    /// The flaws of one file.
    private struct Flaws {
        private(set) var all: [Finding] = []
        private var families: [Set<String>] = []
        private var byLine: [Int: [Int]] = [:]
        private var byAdvisory: [String: [Int]] = [:]

        init(_ leads: [Finding]) {
            for lead in leads { append(lead) }
        }

        private mutating func append(_ finding: Finding) {
            families.append(FlawFamily.names(of: finding))
            for line in lines(finding) { byLine[line, default: []].append(all.count) }
            for name in FlawFamily.advisories(of: finding) { byAdvisory[name, default: []].append(all.count) }
            all.append(finding)
        }

        mutating func add(_ finding: Finding) {
            guard let lead = lead(of: finding) else { return append(finding) }
            all[lead].absorb(finding)
        }

        private func lead(of finding: Finding) -> Int? {
            let advisories = FlawFamily.advisories(of: finding)
            guard advisories.isEmpty else {
                return advisories.sorted().lazy.compactMap { name in
                    (byAdvisory[name] ?? []).first { isSamePackage(all[$0], finding) }
                }.first
            }
            let family = FlawFamily.names(of: finding)
            guard !family.isEmpty else { return nil }
            var near: Set<Int> = []
            for line in lines(finding) { near.formUnion(byLine[line] ?? []) }
            return near.sorted().first {
                tool(all[$0]) != tool(finding) && !families[$0].isDisjoint(with: family) && !all[$0].isOnlyInHistory
            }
        }

        /// One advisory may be about several packages of a lockfile.
        private func isSamePackage(_ lead: Finding, _ finding: Finding) -> Bool {
            guard tool(lead) != tool(finding) else { return false }
            guard let package = lead.details?["package"]?["name"]?.string else {
                return lines(lead).overlaps(lines(finding))
            }
            let words = [finding.details?["message"]?.string ?? "", finding.rule.id, finding.rule.title]
            return lines(lead).overlaps(lines(finding)) && finding.start.line > 1
                || words.contains { $0.lowercased().contains(package.lowercased()) }
        }
    }
}

extension Finding {
    /// Takes another tool's word on the same flaw in.
    fileprivate mutating func absorb(_ other: Finding) {
        if sources.isEmpty {
            sources = [FindingSource(tool: FindingSource.own, rule: rule.id, fingerprint: fingerprint)]
        }
        let isOnlyTools = state == .suppressed && sources.allSatisfy { $0.accepted != nil }
        sources += other.sources
        // A comment of ours on any of them accepts the flaw; what a tool's own comment accepts counts for that tool.
        let isOurs = other.state == .suppressed && other.sources.allSatisfy { $0.accepted == nil }
        if isOurs, state == .open || isOnlyTools {
            (state, stateReason) = (.suppressed, other.stateReason)
        } else if isOnlyTools, other.state == .open {
            (state, stateReason) = (.open, nil)
        }
    }
}
