import JSON

/// Findings that a reader takes in as one, because one deed mends them: an upgrade of a package, or the same change at
/// several places of a file.
struct FindingGroup {
    /// The most urgent.
    let first: Finding
    private(set) var others: [Finding] = []

    /// In the order of the findings, by the first of each.
    /// - Parameter byPackage: whether a package's flaws in one place are one, too.
    static func groups(of findings: [Finding], byPackage: Bool) -> [FindingGroup] {
        var groups: [FindingGroup] = []
        var known: [String: Int] = [:]
        for finding in findings {
            guard let key = key(of: finding, byPackage: byPackage) else {
                groups.append(FindingGroup(first: finding))
                continue
            }
            if let group = known[key] {
                groups[group].others.append(finding)
            } else {
                known[key] = groups.count
                groups.append(FindingGroup(first: finding))
            }
        }
        return groups
    }

    /// Secrets and flaws in code stand by themselves: each is mended by itself.
    private static func key(of finding: Finding, byPackage: Bool) -> String? {
        if let package = finding.details?["package"] { return byPackage ? "\(finding.placeText)\n\(package)" : nil }
        guard finding.source == InfrastructureScanner.id else { return nil }
        return "\(finding.path)\n\(finding.rule.id)\n\(finding.priority.tier)"
    }

    private static let listed = 50

    /// Where the others stand, in words; nil where there are none.
    var otherPlaces: String? {
        guard !others.isEmpty else { return nil }
        let lines = others.prefix(Self.listed).map { "\($0.start.line)" }.joined(separator: ", ")
        return "also in line\(others.count == 1 ? "" : "s") \(lines)" + (others.count > Self.listed ? ", …" : "")
    }
}
