import JSON
import Scan
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

/// Files may be anything: editors refuse what they cannot read, and what they change stays within the file.
@Suite struct FuzzTests {
    private func mutated(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(text.utf8)
        let marks = Array("{}[]\"'\\\n\r\t #=:-$,<>|&;()\0\u{E9}%!*".utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where at < bytes.count: bytes.remove(at: at)
            case 1: bytes.insert(marks.randomElement(using: &random) ?? 0, at: at)
            case 2 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
            default: bytes = Array(bytes[..<at] + bytes[(bytes.count - at)...])
            }
        }
        return bytes
    }

    @Test func recipesOnBrokenFiles() async throws {
        var random = SeededRandom(seed: 8)
        let world = try World()
        for (rule, fixture) in RecipeFixtures.all { try world.tree.write("\(rule)/\(fixture.file)", fixture.text) }
        let found = try await world.assess().findings.filter { $0.path.hasPrefix($0.rule.id + "/") }
        var tree = try await FixTree(folder: AssessedFolder(world.root), assessor: world.assessor)
        let fixer = ConfigurationFixer()
        let clock = ContinuousClock()
        let end = clock.now + .seconds(2)
        var (made, refused) = (0, 0)
        while clock.now < end {
            guard let finding = found.randomElement(using: &random), let fixture = RecipeFixtures.all[finding.rule.id]
            else { continue }
            let bytes = mutated(fixture.text, &random)
            tree.write(bytes, to: finding.path)
            do throws(NoFix) {
                for proposal in try await fixer.proposals(for: finding, in: &tree) {
                    for edits in proposal.edits.values { made += edits.applied(to: bytes) == nil ? 0 : 1 }
                }
            } catch { refused += 1 }
        }
        #expect(made > 20 && refused > 20, "\(made) made, \(refused) refused")
    }

    @Test func upgradesOfBrokenManifests() async throws {
        var random = SeededRandom(seed: 9)
        let editors: [any ManifestEditor] = [
            RequirementsEditor(), GoModuleEditor(), MavenEditor(), NPMEditor(), PyprojectEditor(), CargoEditor(),
            GemfileEditor(), ComposerEditor(), GradleEditor(), NuGetEditor(),
        ]
        var (made, refused) = (0, 0)
        for entry in UpgradeTests.cases {
            let world = try World(entry.files)
            var tree = try await FixTree(folder: AssessedFolder(world.root), assessor: world.assessor)
            let path = try #require(entry.files.keys.first { LockfileFormat.of($0) != nil })
            let upgrade = Upgrade(
                ecosystem: entry.ecosystem, name: entry.package, from: "1.2.0", to: entry.fixed, line: 2, isDirect: nil,
                via: [entry.package], path: path)
            for _ in 0..<150 {
                for (name, text) in entry.files { tree.write(mutated(text, &random), to: name) }
                for editor in editors where editor.lockfiles.contains(path.lowercased()) {
                    do throws(NoFix) {
                        let proposal = try editor.proposal(upgrade, in: &tree)
                        for (name, edits) in proposal.edits {
                            #expect(edits.applied(to: tree.read(name) ?? []) != nil)
                        }
                        made += 1
                    } catch { refused += 1 }
                }
            }
        }
        #expect(made > 100 && refused > 100, "\(made) made, \(refused) refused")
    }
}
