import Formats
import JSON
import Scan

/// Raises packages with known flaws to the least version without them.
struct UpgradeFixer: Fixer {
    let source = "scan.dependencies"
    let advisories: AdvisoryDatabase
    /// Nil where none may be run.
    var managers: PackageManagers?

    private static let editors: [any ManifestEditor] = [
        RequirementsEditor(), GoModuleEditor(), MavenEditor(), NPMEditor(), PyprojectEditor(), CargoEditor(),
        GemfileEditor(), ComposerEditor(), GradleEditor(), NuGetEditor(),
    ]

    func proposals(for finding: Finding, in tree: inout FixTree) async throws(NoFix) -> [Proposal] {
        guard var upgrade = Upgrade(finding) else { throw NoFix("the finding does not say which package it is about") }
        let safe = try await safeVersion(of: upgrade)
        guard !safe.leaves.contains(finding.rule.id) else {
            throw NoFix("no version without \(finding.rule.id) is published: replace \(upgrade.name)")
        }
        upgrade.to = safe.version
        let name = upgrade.fileName.lowercased()
        let isRequirements = upgrade.ecosystem == "PyPI" && name.hasSuffix(".txt")
        let editor = Self.editors.first { $0.lockfiles.contains(isRequirements ? "requirements.txt" : name) }
        guard let editor else {
            throw NoFix("raise \(upgrade.name) to \(upgrade.to): files of this kind (\(name)) are not changed")
        }
        var proposals: [Proposal] = []
        var refusal: NoFix?
        do throws(NoFix) { proposals = [try editor.proposal(upgrade, in: &tree)] } catch { refusal = error }
        if let managers {
            do throws(NoFix) {
                proposals.insert(try await managers.proposal(upgrade, proposals.first, in: &tree), at: 0)
            } catch { refusal = proposals.isEmpty ? error : refusal }
        }
        guard !proposals.isEmpty else { throw refusal ?? NoFix("no change is known") }
        let isMajor = VersionRange.isMajor(upgrade.from, upgrade.to)
        for index in proposals.indices {
            proposals[index].title =
                "Upgrade \(upgrade.name) from \(upgrade.from) to \(upgrade.to)\(isMajor ? " (another major version)" : "")"
            proposals[index].isMajor = isMajor
            proposals[index].leaves = safe.leaves
            proposals[index].risks.append(
                isMajor
                    ? "The major version changes: read what it removes, and run the tests."
                    : "What the version changes: run the tests.")
        }
        return proposals
    }

    /// The least version that none of the package's advisories with a fix speaks of, and the flaws that it still has.
    private func safeVersion(of upgrade: Upgrade) async throws(NoFix) -> (version: String, leaves: Set<String>) {
        guard let scheme = VersionScheme(ecosystem: upgrade.ecosystem) else {
            throw NoFix("the order of \(upgrade.ecosystem)'s versions is not known")
        }
        let before = try await flaws(upgrade, upgrade.from)
        guard var version = Self.greatest(before, scheme) else {
            throw NoFix("no version without the flaw is published: replace \(upgrade.name)")
        }
        var after = before
        for _ in 0..<16 {
            after = try await flaws(upgrade, version)
            guard let next = Self.greatest(after, scheme), scheme.compare(version, next) == .less else { break }
            version = next
        }
        let known = Set(before.map(\.id))
        if let new = after.first(where: { !known.contains($0.id) }) {
            throw NoFix("\(version) would bring \(new.id), for which no fix is published")
        }
        return (version, Set(after.map(\.id)))
    }

    private func flaws(_ upgrade: Upgrade, _ version: String) async throws(NoFix) -> [AdvisoryMatch] {
        let package = Dependency(ecosystem: upgrade.ecosystem, name: upgrade.name, version: version, line: 1)
        do {
            return try await advisories.verdicts(on: [package]).matches[0] ?? []
        } catch { throw NoFix("the advisories cannot be asked") }
    }

    private static func greatest(_ matches: [AdvisoryMatch], _ scheme: VersionScheme) -> String? {
        matches.compactMap(\.fix).max { scheme.compare($0, $1) == .less }
    }
}

extension Upgrade {
    /// Nil for a finding that is not about a package.
    init?(_ finding: Finding) {
        guard let package = finding.details?["package"], let ecosystem = package["ecosystem"]?.string,
            let name = package["name"]?.string, let version = package["version"]?.string
        else { return nil }
        self.init(
            ecosystem: ecosystem, name: name, from: version, to: "", line: package["line"]?.int ?? finding.start.line,
            isDirect: package["direct"]?.bool, via: package["via"]?.array?.compactMap(\.string) ?? [],
            path: finding.path)
    }
}
