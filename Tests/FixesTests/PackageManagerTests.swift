import Foundation
import JSON
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

/// A program of the manager's name stands before the real one on the way that programs are searched.
@Suite struct PackageManagerTests {
    private static let lock = """
        {
          "lockfileVersion": 3,
          "packages": {
            "": {"dependencies": {"a": "^1.2.0"}},
            "node_modules/a": {"version": "1.2.0"}
          }
        }

        """

    private func world(_ script: String) async throws -> (World, UpgradeFixer) {
        let world = try World([
            "package.json": "{\n  \"dependencies\": {\"a\": \"^1.2.0\"}\n}\n", "package-lock.json": Self.lock,
            ".npmrc": "registry=https://registry.example\n",
        ])
        try await world.advise([("A-1", "npm", "a", "1.2.5")])
        let folder = world.scratch.file("bin")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "#!/bin/sh\n\(script)\n".write(toFile: folder + "/npm", atomically: true, encoding: .utf8)
        chmod(folder + "/npm", 0o755)
        return (world, UpgradeFixer(advisories: world.advisories, managers: PackageManagers(programs: folder)))
    }

    private func plan(_ world: World, _ fixer: UpgradeFixer) async throws -> FixPlan {
        let findings = try await world.assess().findings.filter { $0.source == "scan.dependencies" }
        let tree = try await FixTree(folder: AssessedFolder(world.root), assessor: world.assessor)
        return try await FixPlanner(fixers: [fixer]).plan(findings, in: tree)
    }

    @Test func theLockfileIsChangedInACopy() async throws {
        let (world, fixer) = try await world(
            """
            test "$1 $2 $3" = "install --package-lock-only --ignore-scripts" || exit 3
            test ! -e .npmrc && test -z "$SSH_AUTH_SOCK$GATEHOUSE_DATA" || exit 4
            grep -q '"^1.2.5"' package.json || exit 5
            sed -i 's/"version": "1.2.0"/"version": "1.2.5"/; s/{"a": "^1.2.0"}/{"a": "^1.2.5"}/' package-lock.json
            """)
        let plan = try await plan(world, fixer)
        #expect(plan.unfixed == [])
        #expect(plan.fixes.first?.proof == .assessed)
        #expect(plan.changes.map(\.path) == ["package-lock.json", "package.json"])
        #expect(try world.tree.text("package-lock.json") == Self.lock)
    }

    @Test(arguments: ["echo broken >&2; exit 1", "true", "echo '{}' > package-lock.json"])
    func whatFailsLeavesTheManifestsPatch(script: String) async throws {
        let (world, fixer) = try await world(script)
        let plan = try await plan(world, fixer)
        #expect(plan.fixes.first?.proof == .judged(version: "1.2.5"))
        #expect(plan.changes.map(\.path) == ["package.json"])
    }
}
