import Core
import Foundation
import Scan

/// Compares packages with many advisories: made ones, in OSV's form, about packages that are there and others.
enum DependenciesBenchmark {
    private static let advisories = 250_000
    private static let packages = 1_000

    static func run() async throws -> [Figure] { try await withFolder(measure) }

    private static func measure(_ folder: String) async throws -> [Figure] {
        let path = folder + "/npm"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for start in stride(from: 0, to: advisories, by: StoredZip.mostEntries) {
            var archive = StoredZip()
            for number in start..<min(start + StoredZip.mostEntries, advisories) {
                archive.add("MADE-\(number).json", Array(text(number).utf8))
            }
            try Data(archive.finished()).write(to: URL(fileURLWithPath: "\(path)/\(start).zip"))
        }
        let database = AdvisoryDatabase(path: folder + "/advisories.db")
        let imported = try await Spent.measure { _ = try await database.importing(path, ecosystem: "npm") }
        let wanted = (0..<packages).map {
            Dependency(ecosystem: "npm", name: "package-\($0 * 7)", version: "1.\($0 % 9).0", line: 1)
        }
        var (wall, cpu): ([Double], [Double]) = ([], [])
        var found = 0
        for _ in 0..<5 {
            let spent = try await Spent.measure { found = try await database.verdicts(on: wanted).matches.count }
            wall.append(spent.wall * 1e3)
            cpu.append(spent.cpu * 1e3)
        }
        return [
            Figure(
                name: "dependencies: 1,000 packages, 250,000 advisories", value: wall.median, unit: "ms",
                goal: .atMost(100), note: "\(Figure.text(cpu.median)) ms CPU; \(found) have flaws"),
            Figure(
                name: "dependencies: import of 250,000 advisories", value: imported.cpu, unit: "CPU-s",
                goal: .atMost(120)),
        ]
    }

    /// Five for each package, on average.
    private static func text(_ number: Int) -> String {
        """
        {"id": "MADE-\(number)", "modified": "2026-01-01T00:00:00Z", "summary": "made", "aliases": ["CVE-\(number)"],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": {"ecosystem": "npm", "name": "package-\(number % 50_000)"}, "ranges": [{"type": "SEMVER",
        "events": [{"introduced": "0"}, {"fixed": "1.\(number % 9).5"}]}]}]}
        """
    }
}
