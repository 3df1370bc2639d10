import JSON

/// Something that is known, and by whom it is said.
struct SourcedEntry: Sendable {
    enum Kind: String, CaseIterable {
        case advisory, exploited, prediction, score, fix, reachability, weakness, control, deadline, answer
    }

    struct Source {
        let name: String
        var url: String?
        /// How old what it says is.
        var asOf: String?
    }

    /// A finding's id, a package, or what was asked.
    let about: String
    let kind: Kind
    let says: String
    let source: Source

    var json: JSON {
        var source: JSON = ["name": .string(source.name.cut(to: 300))]
        if let url = self.source.url { source["url"] = .string(url.cut(to: 500)) }
        if let asOf = self.source.asOf { source["as_of"] = .string(asOf) }
        return [
            "about": .string(about), "kind": .string(kind.rawValue), "says": .string(says.cut(to: 2000)),
            "source": source,
        ]
    }

    /// All that a finding carries.
    static func entries(of finding: FindingBrief) -> [SourcedEntry] {
        (finding.package.map { of($0, finding) } ?? []) + weaknesses(of: finding) + controls(of: finding)
    }

    // MARK: - Packages

    private static func of(_ package: PackageBrief, _ finding: FindingBrief) -> [SourcedEntry] {
        let advisory = Source(
            name: (package.advisories.first ?? finding.rule), url: package.reference, asOf: package.advisoriesAsOf)
        func entry(_ kind: Kind, _ says: String, _ source: Source) -> SourcedEntry {
            SourcedEntry(about: finding.id, kind: kind, says: says, source: source)
        }
        let others = package.names.filter { $0 != finding.rule }
        let names = others.isEmpty ? "" : " (also \(others.joined(separator: ", ")))"
        var entries = [entry(.advisory, "\(finding.rule)\(names): \(finding.title)", advisory)]
        if let score = package.cvss { entries.append(entry(.score, "CVSS \(score)", advisory)) }
        if let fix = package.fix {
            entries.append(entry(.fix, "\(package.name) \(fix) is the first version without it", advisory))
        }
        if let since = package.exploitedSince {
            entries.append(
                entry(
                    .exploited, "known to be exploited, listed on \(since)",
                    Source(name: "CISA Known Exploited Vulnerabilities", asOf: package.exploitedAsOf)))
        }
        if let epss = package.epss {
            entries.append(
                entry(
                    .prediction, "exploited within 30 days with a probability of \(epss)",
                    Source(name: "FIRST EPSS", asOf: package.epssAsOf)))
        }
        if let tier = package.tier {
            entries.append(entry(.deadline, "to be gone \(tier)", Source(name: "CISA BOD 26-04")))
        }
        if let reachability = package.reachability, reachability != "unknown" {
            entries.append(
                entry(.reachability, "the flawed code is \(reachability)", Source(name: "the repository's own code")))
        }
        return entries
    }

    // MARK: - Weaknesses and controls

    /// What a scanner finds by its nature, where the finding does not say more.
    private static let weakness = ["scan.secrets": "CWE-798", "scan.dependencies": "CWE-1395"]

    private static func weaknesses(of finding: FindingBrief) -> [SourcedEntry] {
        let named = finding.weaknesses.isEmpty ? [weakness[finding.source]].compactMap(\.self) : finding.weaknesses
        return named.map { name in
            let number = name.split(separator: "-").last.map(String.init) ?? ""
            let isNumber = !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return SourcedEntry(
                about: finding.id, kind: .weakness, says: "\(finding.title) is an instance of \(name)",
                source: Source(
                    name: "MITRE CWE",
                    url: isNumber ? "https://cwe.mitre.org/data/definitions/\(number).html" : nil))
        }
    }

    private static func controls(of finding: FindingBrief) -> [SourcedEntry] {
        finding.controls.map { name in
            let control = ControlName(name)
            return SourcedEntry(
                about: finding.id, kind: .control, says: "\(control.number) of \(control.framework) is not met",
                source: Source(name: control.framework))
        }
    }
}

/// A control as findings name it: `CIS-AWS-3.0:2.1.4`.
struct ControlName: Hashable {
    let framework: String
    let number: String

    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        framework = parts.first ?? text
        number = parts.count > 1 ? parts[1] : text
    }
}
