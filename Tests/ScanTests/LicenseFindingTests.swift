import Core
import Formats
import JSON
import Risk
import TestSupport
import Testing

@testable import Scan

@Suite struct LicenseFindingTests {
    private struct FixedClock: WallClock {
        func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
    }

    private static func assess(
        _ files: [String: String], _ change: (inout LicenseSettings) throws -> Void = { _ in }
    ) async throws -> Assessment {
        let (tree, state) = (TestTree(), ScratchFolder())
        for (path, text) in files { tree.write(path, text) }
        var settings = DependencySettings()
        settings.licenses.policy.allow = [.family(.permissive)]
        settings.licenses.policy.deny = [.family(.copyleftStrong)]
        try change(&settings.licenses)
        let scanner = DependencyScanner(
            advisories: AdvisoryDatabase(path: state.file("a.db"), clock: FixedClock()),
            threats: ThreatDatabase(path: state.file("t.db"), clock: FixedClock()),
            settings: SharedDependencySettings(settings))
        let assessor = Assessor(scanners: [], trees: [scanner], clock: FixedClock())
        return try await assessor.assess(AssessmentRequest(.path(tree.root)))
    }

    private static func shown(_ assessment: Assessment) -> [String] {
        assessment.findings.map { "\($0.rule.id) \($0.path):\($0.start.line) \($0.snippet) \($0.state.rawValue)" }
            .sorted()
    }

    private static let lockfile = """
        {"lockfileVersion": 3, "packages": {"": {},
        "node_modules/good": {"version": "1.0.0", "license": "MIT"},
        "node_modules/bad": {"version": "2.0.0", "license": "GPL-3.0-only"},
        "node_modules/odd": {"version": "3.0.0", "license": "SEE LICENSE IN x"},
        "node_modules/other": {"version": "3.5.0", "license": "MPL-2.0"},
        "node_modules/mute": {"version": "4.0.0"}}}
        """

    @Test func packagesAreJudgedByThePolicy() async throws {
        let assessment = try await Self.assess(["package-lock.json": Self.lockfile])
        #expect(
            Self.shown(assessment) == [
                "licence-denied package-lock.json:3 bad 2.0.0 open",
                "licence-review package-lock.json:5 other 3.5.0 open",
                "licence-unknown package-lock.json:4 odd 3.0.0 open",
                "licence-unknown package-lock.json:6 1 package open",
            ])
        let denied = try #require(assessment.findings.first { $0.rule.id == "licence-denied" })
        #expect(denied.severity == .high)
        #expect(denied.rule.remedy.contains("GPL-3.0-only is copyleft-strong, which is denied"))
        #expect(denied.details?["expression"] == "GPL-3.0-only")
        // What is judged by its license is no flaw in the bill.
        let bill = AssessmentReport(assessment, version: "1").bill
        #expect(bill.flaws.isEmpty)
        #expect(bill.components.first { $0.name == "bad" }?.license == "GPL-3.0-only")
    }

    @Test func withoutListsNothingIsJudged() async throws {
        let assessment = try await Self.assess(["package-lock.json": Self.lockfile]) { $0.policy = LicensePolicy() }
        #expect(assessment.findings.isEmpty)
    }

    @Test func exceptionsHoldUntilTheyEnd() async throws {
        let assessment = try await Self.assess(["package-lock.json": Self.lockfile]) { settings in
            settings.exemptions = [
                .init(
                    package: try PURL("pkg:npm/bad"), license: "GPL-3.0-only", reason: "a tool of ours",
                    expires: try #require(Timestamp("2026-12-31T23:59:59Z"))),
                .init(
                    package: try PURL("pkg:npm/other@3.5.0"), reason: "asked for",
                    expires: try #require(Timestamp("2026-01-01T23:59:59Z"))),
                .init(
                    package: try PURL("pkg:npm/mute"), reason: "looked at",
                    expires: try #require(Timestamp("2026-12-31T23:59:59Z"))),
            ]
        }
        let bad = try #require(assessment.findings.first { $0.rule.id == "licence-denied" })
        #expect(bad.state == .suppressed)
        #expect(bad.stateReason == "excepted until 2026-12-31: a tool of ours")
        let other = try #require(assessment.findings.first { $0.rule.id == "licence-review" })
        #expect(other.state == .open)
        #expect(other.rule.remedy.contains("ended on 2026-01-01"))
        #expect(assessment.findings.filter { $0.snippet == "mute 4.0.0" }.map(\.state) == [.suppressed])
        #expect(!assessment.findings.contains { $0.snippet == "1 package" })
    }

    @Test func licensesAreToldByWhatIsInstalled() async throws {
        let assessment = try await Self.assess([
            "requirements.txt": "Some.Package==1.0\n",
            "venv/lib/python3.12/site-packages/some_package-1.0.dist-info/METADATA":
                "Metadata-Version: 2.1\nName: some-package\nVersion: 1.0\nLicense: UNKNOWN\n"
                + "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)\n\nLicense: MIT\n",
            "yarn.lock": "# yarn lockfile v1\n\nleft@^1:\n  version \"1.0.0\"\n",
            "node_modules/left/package.json":
                "{\"name\": \"left\", \"version\": \"1.0.0\", \"license\": {\"type\": \"ISC\"}}",
            "node_modules/@s/right/package.json":
                "{\"name\": \"@s/right\",\n\"version\": \"2.0.0\", \"licenses\": [{\"type\": \"GPLv2\"}]}",
            "Cargo.lock": "[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry+https://x\"\n",
            "vendor/c/Cargo.toml": "[package]\nname = \"c\"\nversion = \"1.0.0\"\nlicense = \"MIT/Apache-2.0\"\n",
        ])
        #expect(
            Self.shown(assessment) == [
                "licence-denied node_modules/@s/right/package.json:1 @s/right 2.0.0 open",
                "licence-denied requirements.txt:1 Some.Package 1.0 open",
            ])
        let python = try #require(assessment.findings.first { $0.path == "requirements.txt" })
        #expect(python.rule.remedy.contains("dist-info/METADATA"))
        let files = assessment.dependencies.map(\.path)
        #expect(files == ["Cargo.lock", "node_modules/@s/right/package.json", "requirements.txt", "yarn.lock"])
        let again = try AssessmentDocument.parse(AssessmentDocument.json(assessment))
        #expect(again.dependencies == assessment.dependencies)
    }

    @Test func debianPackagesAreToldByTheirCopyright() async throws {
        let format = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        let assessment = try await Self.assess([
            "image/etc/os-release": "ID=debian\nVERSION_ID=\"12\"\n",
            "image/var/lib/dpkg/status": """
            Package: libz1
            Status: install ok installed
            Source: zlib
            Version: 1.3-1

            Package: mute
            Status: install ok installed
            Version: 2-1

            """,
            "image/usr/share/doc/libz1/copyright":
                format
                + "\nFiles: *\nLicense: Zlib\n\nFiles: debian/*\nLicense: GPL-2+\n text\n\nLicense: GPL-2+\n text\n",
            "image/usr/share/doc/mute/copyright": "Anybody may do anything.\n",
        ])
        #expect(
            Self.shown(assessment) == [
                "licence-denied image/var/lib/dpkg/status:1 zlib 1.3-1 open",
                "licence-unknown image/var/lib/dpkg/status:6 1 package open",
            ])
    }
}
