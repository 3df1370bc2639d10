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
        for number in 0..<advisories {
            try text(number).write(toFile: "\(path)/\(number).json", atomically: false, encoding: .utf8)
        }
        let database = AdvisoryDatabase(path: folder + "/advisories.db")
        let imported = try await Spent.measure { _ = try await database.importing(path, ecosystem: "npm") }
        let wanted = (0..<packages).map {
            Dependency(ecosystem: "npm", name: "package-\($0 * 7)", version: "1.\($0 % 9).0", line: 1)
        }
        var times: [Double] = []
        var found = 0
        for _ in 0..<5 {
            let begun = ContinuousClock.now
            found = try await database.verdicts(on: wanted).matches.count
            times.append(Double((ContinuousClock.now - begun).microseconds) / 1000)
        }
        return [
            Figure(
                name: "dependencies: 1,000 packages, 250,000 advisories", value: times.median, unit: "ms",
                goal: .atMost(100), note: "\(found) have flaws"),
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
