import JSON
import Scan

/// Lets the scanner of a finding look at the changed text: a change counts where the finding is gone and nothing new
/// has come, neither a finding nor a place that cannot be checked.
struct Prover: Sendable {
    private struct Key: Hashable {
        var source: String
        var scope: Set<String>
    }

    /// What was found in the files as they are by now.
    private var known: [Key: Examination] = [:]
    private var identities = FindingIdentities()

    /// The findings of a scope as they are by now.
    mutating func examination(_ source: String, _ scope: Set<String>, _ tree: inout FixTree) async -> Examination {
        let key = Key(source: source, scope: scope)
        if let examination = known[key] { return examination }
        let examination = await tree.assessor.examine(tree.files(scope), by: source)
        known[key] = examination
        return examination
    }

    /// The finding as it is by now; nil where it is gone.
    mutating func current(_ finding: Finding, _ tree: inout FixTree) async -> Finding? {
        let scope = tree.scope(of: finding.source, around: finding.path)
        let name = identities.current(finding.fingerprint)
        return await examination(finding.source, scope, &tree).findings.first { $0.fingerprint == name }
    }

    /// The other findings of the same package in the same file.
    mutating func siblings(of finding: Finding, without rules: Set<String>, _ tree: inout FixTree) async -> [String] {
        func package(_ finding: Finding) -> [JSON?] {
            [finding.details?["package"]?["name"], finding.details?["package"]?["version"]]
        }
        let scope = tree.scope(of: finding.source, around: finding.path)
        return await examination(finding.source, scope, &tree).findings.filter {
            $0.fingerprint != finding.fingerprint && $0.path == finding.path && package($0) == package(finding)
                && !rules.contains($0.rule.id)
        }.map(\.fingerprint)
    }

    /// - Returns: the fingerprints that are gone after the change, which is then a part of the tree.
    /// - Throws: what speaks against it.
    mutating func take(
        _ edited: [String: [UInt8]], for finding: Finding, into tree: inout FixTree
    ) async throws(NoFix) -> [String] {
        let scope = tree.scope(of: finding.source, around: finding.path).union(edited.keys)
        let before = await examination(finding.source, scope, &tree)
        let after = await tree.assessor.examine(tree.files(scope, with: edited), by: finding.source)
        try refuseNew(before, after)
        let gone = FindingIdentities.difference(before.findings, after.findings, preferring: finding.fingerprint)
        guard gone.fingerprints.contains(finding.fingerprint) else {
            throw NoFix("the change was tried, and the finding is still there")
        }
        try await refuseSecrets(edited, finding, &tree)
        accept(edited, into: &tree)
        known[Key(source: finding.source, scope: scope)] = after
        let first = identities.original(finding.fingerprint)
        let names = [first] + gone.fingerprints.map { identities.original($0) }.filter { $0 != first }
        identities.rename(gone.renamed)
        return names
    }

    /// A change of files that the scanner does not judge.
    mutating func accept(_ edited: [String: [UInt8]], into tree: inout FixTree) {
        for (path, bytes) in edited { tree.write(bytes, to: path) }
        known = known.filter { $0.key.scope.isDisjoint(with: edited.keys) }
    }

    private func refuseNew(_ before: Examination, _ after: Examination) throws(NoFix) {
        func open(_ examination: Examination) -> [Finding] { examination.findings.filter { $0.state == .open } }
        let added = FindingIdentities.difference(open(after), open(before))
        if let new = after.findings.first(where: { added.fingerprints.contains($0.fingerprint) }) {
            throw NoFix("the change was tried, and brings another finding: \(new.rule.id) in \(new.path)")
        }
        // Lines move: places that cannot be checked are counted.
        func counts(_ examination: Examination) -> [String: Int] {
            examination.unchecked.reduce(into: [:]) { $0["\($1.path) \($1.reason.rawValue)", default: 0] += 1 }
        }
        let earlier = counts(before)
        if counts(after).contains(where: { $1 > earlier[$0, default: 0] }) {
            throw NoFix("the change was tried, and the file can no longer be checked whole")
        }
    }

    /// Whatever is changed brings no secret in.
    private mutating func refuseSecrets(
        _ edited: [String: [UInt8]], _ finding: Finding, _ tree: inout FixTree
    ) async throws(NoFix) {
        guard finding.source != "scan.secrets" else { return }
        let scope = Set(edited.keys)
        let before = await examination("scan.secrets", scope, &tree)
        let after = await tree.assessor.examine(tree.files(scope, with: edited), by: "scan.secrets")
        try refuseNew(before, after)
    }
}
