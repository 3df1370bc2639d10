import Archive
import Core
import Foundation
import Formats
import JSON
import Risk
import Store
import TestSupport
import Testing

@testable import Scan

@Suite struct DependencyScannerTests {
    private struct FixedClock: WallClock {
        func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
    }

    private final class World: Sendable {
        let folder = ScratchFolder()
        let advisories: AdvisoryDatabase
        let threats: ThreatDatabase

        init() {
            advisories = AdvisoryDatabase(path: folder.file("advisories.db"), clock: FixedClock())
            threats = ThreatDatabase(path: folder.file("threats.db"), clock: FixedClock())
        }

        func write(_ name: String, _ text: String) throws -> String {
            let path = folder.file(name)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }

        func assess() async throws -> Assessment {
            let scanner = DependencyScanner(advisories: advisories, threats: threats)
            let assessor = Assessor(scanners: [], trees: [scanner], clock: FixedClock())
            return try await assessor.assess(AssessmentRequest(.path(folder.file("repo"))))
        }
    }

    private static func advisory(
        _ id: String, _ name: String, fixed: String, aliases: String = "[]", modified: String = "2026-06-09T00:00:00Z",
        more: String = ""
    ) -> String {
        """
        {"id": "\(id)", "modified": "\(modified)", "aliases": \(aliases), "summary": "bad \(name)",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]\(more),
        "affected": [{"package": {"ecosystem": "PyPI", "name": "\(name)"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "\(fixed)"}]}]}]}
        """
    }

    @Test func whatIsAffectedIsFound() async throws {
        let world = World()
        _ = try world.write(
            "osv/PyPI/P-1.json", Self.advisory("PYSEC-1", "Django", fixed: "4.2.5", aliases: #"["CVE-2026-1"]"#))
        _ = try world.write(
            "osv/PyPI/G-1.json", Self.advisory("GHSA-1", "django", fixed: "4.2.6", aliases: #"["CVE-2026-1"]"#))
        _ = try world.write(
            "osv/PyPI/W-1.json",
            Self.advisory("W-1", "django", fixed: "9", more: #", "withdrawn": "2026-01-01T00:00:00Z""#))
        let feeds = try await world.advisories.importing(world.folder.file("osv"))
        #expect(feeds.map(\.ecosystem) == ["PyPI"])
        #expect(feeds[0].advisories == 2)
        _ = try world.write("repo/requirements.txt", "six==1.16.0\nDjango==4.2.1\n")
        let assessment = try await world.assess()
        let finding = try #require(assessment.findings.first)
        #expect(assessment.findings.count == 1)
        #expect(finding.rule.id == "CVE-2026-1")
        #expect(finding.severity == .critical)
        #expect(finding.path == "requirements.txt")
        #expect(finding.start.line == 2)
        #expect(finding.rule.remedy.contains("4.2.6"))
        #expect(finding.details?["advisories"] == ["GHSA-1", "PYSEC-1"])
        #expect(finding.details?["advisories_as_of"]?.string?.hasPrefix("2026-06-09") == true)
        #expect(finding.details.flatMap { RiskDecision.replay($0["risk"] ?? .null) } == true)
        #expect(finding.priority.tier == .now)
        #expect(assessment.unchecked.isEmpty)
        #expect(assessment.dependencies.first?.dependencies.count == 2)
        let again = try AssessmentDocument.parse(AssessmentDocument.json(assessment))
        #expect(AssessmentDocument.json(again) == AssessmentDocument.json(assessment))
    }

    @Test func aTerminalShowsAPackageOnceWithTheMostUrgentOfItsFlaws() async throws {
        let world = World()
        for number in 1...3 {
            _ = try world.write(
                "osv/PyPI/P-\(number).json", Self.advisory("P-\(number)", "flask", fixed: "3.0.\(number)"))
        }
        _ = try await world.advisories.importing(world.folder.file("osv"))
        _ = try world.write("repo/requirements.txt", "flask==3.0.0\nsix==1.0\n")
        let assessment = try await world.assess()
        #expect(assessment.findings.count == 3)
        let table = TableReport(assessment, width: 120, color: false).text
        let rows = table.split(separator: "\n").filter { $0.contains("requirements.txt:1") }
        #expect(rows.count == 1 && rows[0].contains("+2 · flask 3.0.0"), "\(table)")
        #expect(table.contains("open: 3 critical · 0 high"), "\(table)")
    }

    @Test func packagesAreListedWithWhatIsKnownAgainstThem() async throws {
        let world = World()
        _ = try world.write("osv/PyPI/P-1.json", Self.advisory("P-1", "flask", fixed: "3.0.1"))
        _ = try await world.advisories.importing(world.folder.file("osv"))
        let lock = """
            version = 1
            [[package]]
            name = "shop"
            version = "1.0"
            source = { virtual = "." }
            dependencies = [{ name = "web-kit" }]
            [[package]]
            name = "web-kit"
            version = "2.0"
            dependencies = [{ name = "flask" }]
            [[package]]
            name = "flask"
            version = "3.0.0"

            """
        _ = try world.write("repo/uv.lock", lock)
        let store = try Store.open(path: world.folder.file("db"), migrations: Scan.migrations)
        let findings = FindingsStore(store, version: "1", clock: FixedClock())
        let assessment = try await findings.record(try await world.assess())
        let list = try #require(try await findings.packages(of: assessment.repository))
        let flawed = try #require(list.packages.first)
        #expect(flawed.dependency.name == "flask" && flawed.tier == .now && list.packages.count >= 2)
        #expect(flawed.dependency.path == ["web-kit", "flask"], "\(flawed.dependency.path)")
        #expect(list.packages.dropFirst().allSatisfy { $0.flaws.isEmpty && $0.tier == nil })
        let flaw = try #require(flawed.flaws.first)
        #expect(flaw.finding.details?["fix"] == "3.0.1")
        // Exposed, automatable and total: three days, whatever the level of its severity.
        #expect(flaw.finding.due == assessment.finished + .seconds(3 * 86_400))
        let triage = Triage(
            .suppressed, reason: "not reached", owner: "Ada", justification: .vulnerableCodeNotInExecutePath, by: "Ada",
            decided: FixedClock().now())
        try await findings.triage(flaw.finding.id, triage)
        let after = try #require(
            try await findings.packages(of: assessment.repository)?.packages.first { !$0.flaws.isEmpty })
        #expect(after.tier == nil && after.flaws.first?.finding.state == .suppressed)
        let again = try await findings.record(try await world.assess())
        let vex = AssessmentReport(again, version: "1").bytes(.openvex)
        let statement = try #require(try JSON.parse(vex)["statements"]?[0])
        #expect(statement["status"] == "not_affected")
        #expect(statement["justification"] == "vulnerable_code_not_in_execute_path")
        #expect(try await findings.packages(of: "elsewhere") == nil)
    }

    /// A lockfile too large to wait for in memory as other files do, in a repository that is only a git store.
    @Test func largeLockfilesOfCommitsAreRead() async throws {
        let world = World()
        _ = try await world.advisories.importing(
            try world.write("osv/PyPI/P-1.json", Self.advisory("P-1", "django", fixed: "4.2.5")), ecosystem: "PyPI")
        let filler = String(repeating: "# " + String(repeating: "x", count: 98) + "\n", count: 50_000)
        _ = try world.write("work/requirements.txt", filler + "django==4.2.1\n")
        let script = """
            cd "$1/work" && git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm a \
            && git clone -q --bare . "$1/repo"
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, "sh", world.folder.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let assessment = try await world.assess()
        #expect(assessment.listing == .commit)
        #expect(assessment.findings.map(\.start.line) == [50_001])
    }

    @Test func withoutAdvisoriesNothingIsSaidToBeFine() async throws {
        let world = World()
        _ = try world.write("repo/requirements.txt", "django==4.2.1\n")
        let assessment = try await world.assess()
        #expect(assessment.findings.isEmpty)
        #expect(assessment.unchecked.map(\.reason) == [.feed])
        #expect(assessment.unchecked.first?.path == "requirements.txt")
    }

    @Test func oldAdvisoriesCountAsMissing() async throws {
        let world = World()
        let text = Self.advisory("P-1", "django", fixed: "4.2.5", modified: "2026-05-01T00:00:00Z")
        _ = try await world.advisories.importing(try world.write("osv/PyPI/P-1.json", text), ecosystem: "PyPI")
        _ = try world.write("repo/requirements.txt", "django==4.2.1\n")
        let assessment = try await world.assess()
        #expect(assessment.findings.count == 1)
        #expect(assessment.unchecked.map(\.reason) == [.feed])
        #expect(assessment.unchecked.first?.detail.contains("2026-05-01") == true)
    }

    @Test func brokenAndUnpinnedFilesAreSaid() async throws {
        let world = World()
        _ = try await world.advisories.importing(
            try world.write("osv/PyPI/P-1.json", Self.advisory("P-1", "x", fixed: "1")), ecosystem: "PyPI")
        _ = try world.write("repo/requirements.txt", "django>=4\n")
        _ = try world.write("repo/Cargo.lock", "[[package\n")
        let assessment = try await world.assess()
        #expect(Set(assessment.unchecked.map(\.reason)) == [.version, .malformed])
    }

    @Test func statementsOfVEXSuppress() async throws {
        let world = World()
        let text = Self.advisory("P-1", "django", fixed: "4.2.5", aliases: #"["CVE-2026-1"]"#)
        _ = try await world.advisories.importing(try world.write("osv/PyPI/P-1.json", text), ecosystem: "PyPI")
        _ = try world.write("repo/requirements.txt", "django==4.2.1\n")
        _ = try world.write(
            "repo/.vex/x.openvex.json",
            """
            {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "a", "timestamp": "2026-01-01T00:00:00Z",
            "version": 1, "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "status": "not_affected",
            "products": [{"@id": "pkg:pypi/django@4.2.1"}], "justification": "vulnerable_code_not_present"}]}
            """)
        let suppressed = try await world.assess()
        #expect(suppressed.findings.map(\.state) == [.suppressed], "\(suppressed.unchecked)")
        #expect(suppressed.findings.first?.stateReason?.contains("vulnerable_code_not_present") == true)
        // What is exploited is never dismissed.
        let catalogue =
            #"{"dateReleased": "2026-06-01T00:00:00Z", "vulnerabilities": [{"cveID": "CVE-2026-1", "dateAdded": "2026-05-30"}]}"#
        _ = try await world.threats.put(KnownExploited(Array(catalogue.utf8)), source: "test")
        let exploited = try await world.assess()
        #expect(exploited.findings.map(\.state) == [.open])
        #expect(exploited.findings.first?.priority.reason.contains("known to be exploited") == true)
    }

    @Test func imagesAreComparedWithTheirRelease() async throws {
        let world = World()
        let text = Self.advisory("DSA-1", "openssl", fixed: "3.0.12-1").replacing("\"PyPI\"", with: "\"Debian:12\"")
        _ = try await world.advisories.importing(try world.write("osv/Debian/D.json", text), ecosystem: "Debian")
        _ = try world.write(
            "repo/rootfs/var/lib/dpkg/status",
            "Package: libssl3\nSource: openssl\nVersion: 3.0.11-1\nStatus: install ok installed\n")
        #expect(try await world.assess().unchecked.map(\.reason) == [.version])
        _ = try world.write("repo/rootfs/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        let assessment = try await world.assess()
        #expect(assessment.findings.map(\.rule.id) == ["DSA-1"])
        #expect(assessment.unchecked.isEmpty)
    }

    /// RPM's database names installed packages; Red Hat's advisories name them by channel of the release.
    @Test func packagesOfRPMAreCompared() async throws {
        let world = World()
        func advisory(_ id: String, _ name: String, _ ecosystem: String) -> String {
            Self.advisory(id, name, fixed: "2:1.2.3-5.el9").replacing("\"PyPI\"", with: "\"\(ecosystem)\"")
        }
        _ = try world.write("osv/a.json", advisory("RHSA-1", "acme-lib-devel", "Red Hat:enterprise_linux:9::appstream"))
        _ = try world.write("osv/b.json", advisory("RHSA-2", "acme-lib", "Red Hat:enterprise_linux:9::baseos"))
        _ = try world.write("osv/c.json", advisory("RHSA-3", "acme-lib", "Red Hat:enterprise_linux:8::baseos"))
        _ = try await world.advisories.importing(world.folder.file("osv"), ecosystem: "Red Hat")
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Fixtures/rpm/rpmdb.sqlite.gz")
        let path = try world.write("repo/root/usr/lib/sysimage/rpm/rpmdb.sqlite", "")
        try Data(GzipFile.read(fixture.path, limit: 1 << 20)).write(to: URL(filePath: path))
        _ = try world.write("repo/root/etc/os-release", "ID=\"rhel\"\nVERSION_ID=\"9.4\"\n")
        let assessment = try await world.assess()
        let found = assessment.findings.map { "\($0.rule.id) \($0.snippet)" }.sorted()
        #expect(found == ["RHSA-1 acme-lib-devel 2:1.2.3-4.el9", "RHSA-2 acme-lib 2:1.2.3-4.el9"])
        #expect(assessment.unchecked.isEmpty)
        let purls = assessment.dependencies.flatMap(\.dependencies).compactMap { $0.purl?.description }
        #expect(purls.contains("pkg:rpm/redhat/acme-lib@1.2.3-4.el9?distro=9&epoch=2"))
        _ = try world.write("repo/root/usr/lib/sysimage/rpm/rpmdb.sqlite-wal", "changes")
        #expect(try await world.assess().unchecked.map(\.reason) == [.malformed])
    }

    @Test func anOlderImportIsRefusedAndChangesNothing() async throws {
        let world = World()
        let new = try world.write("new/PyPI/a.json", Self.advisory("NEW", "a", fixed: "2"))
        let old = try world.write(
            "old/PyPI/a.json", Self.advisory("OLD", "a", fixed: "2", modified: "2026-01-01T00:00:00Z"))
        _ = try await world.advisories.importing(new, ecosystem: "PyPI")
        await #expect { try await world.advisories.importing(old, ecosystem: "PyPI") } throws: {
            ($0 as? GatehouseError)?.code == .conflict
        }
        let dependency = Dependency(ecosystem: "PyPI", name: "a", version: "1", line: 1)
        #expect(try await world.advisories.verdicts(on: [dependency]).matches[0]?.map(\.id) == ["NEW"])
        _ = try await world.advisories.importing(old, ecosystem: "PyPI", replacingNewer: true)
        #expect(try await world.advisories.verdicts(on: [dependency]).matches[0]?.map(\.id) == ["OLD"])
    }

    @Test func whatHoldsNoAdvisoryIsRefused() async throws {
        let world = World()
        for text in ["{}", "not json"] {
            let path = try world.write("osv/PyPI/x.json", text)
            await #expect { try await world.advisories.importing(path, ecosystem: "PyPI") } throws: {
                ($0 as? GatehouseError)?.code == .invalid
            }
        }
        let other = try world.write("osv/PyPI/x.json", Self.advisory("P-1", "django", fixed: "1"))
        await #expect { try await world.advisories.importing(other, ecosystem: "npm") } throws: {
            ($0 as? GatehouseError)?.code == .invalid
        }
        #expect(try await world.advisories.feeds().isEmpty)
    }

    private static let zip = SharedFiles.path("advisories/PyPI.zip")

    @Test(.enabled(if: zip != nil, "\(SharedFiles.absence)"))
    func publicAdvisories() async throws {
        let world = World()
        let feeds = try await world.advisories.importing(try #require(Self.zip))
        #expect(feeds.map(\.ecosystem) == ["PyPI"])
        #expect(feeds[0].advisories > 2_000)
        #expect(feeds[0].unreadable == 0)
        let trac = Dependency(ecosystem: "PyPI", name: "Trac", version: "0.10", line: 1)
        let verdicts = try await world.advisories.verdicts(on: [trac])
        #expect(verdicts.matches[0]?.contains { $0.names.contains("PYSEC-2007-2") } == true)
    }
}
