import Core
import JSON
import Testing

@testable import Scan

@Suite struct RequestReportTests {
    private func assessment() async throws -> Assessment {
        let tree = TestTree()
        tree.write("a,b:c%\n::error::x.py", "one\nkey = '\(Fake.awsKey)'\n")
        tree.write("@all|`x`.py", "key = '\(Fake.gitLab)'\n")
        var assessment = try await tree.assess()
        assessment.unchecked = [CouldNotCheck(path: "b\n.yaml", reason: .malformed, detail: "line 3: no mapping")]
        assessment.uncheckedCount = 1
        return assessment
    }

    @Test func annotationsAreOneLineEach() async throws {
        let text = String(
            decoding: AssessmentReport(try await assessment(), version: "1").bytes(.github), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.hasPrefix("::error ") || $0.hasPrefix("::warning ") })
        let hostile = try #require(lines.first { $0.contains("line=2") })
        #expect(hostile.contains("file=a%2Cb%3Ac") && hostile.contains("%3A%3Aerror%3A%3Ax.py"))
        #expect(hostile.contains(",endLine=2,col=8,") && hostile.contains("title="))
        #expect(lines.last?.contains("title=could not check::line 3: no mapping") == true)
    }

    @Test func codeQualityHasWhatGitLabReads() async throws {
        let report = try JSON.parse(AssessmentReport(try await assessment(), version: "1").bytes(.gitlab))
        let entries = try #require(report.array)
        #expect(entries.count == 2)
        for entry in entries {
            #expect(entry["fingerprint"]?.string?.count == 32 && entry["check_name"]?.string?.isEmpty == false)
            #expect(["info", "minor", "major", "critical", "blocker"].contains(entry["severity"]?.string))
            #expect((entry["location"]?["lines"]?["begin"]?.int ?? 0) >= 1)
            #expect(entry["description"]?.string?.isEmpty == false)
        }
        #expect(Set(entries.compactMap { $0["fingerprint"]?.string }).count == 2)
    }

    @Test func theCommentIsKnownAgainAndCallsNobody() async throws {
        var assessment = try await assessment()
        func comment() -> String {
            String(decoding: AssessmentReport(assessment, version: "1").bytes(.comment), as: UTF8.self)
        }
        #expect(comment().hasPrefix("<!-- gatehouse-assess -->\n### Gatehouse found 2 open findings\n"))
        #expect(comment().contains("**critical**") || comment().contains("**high**"))
        #expect(comment().contains("Could not check: 1"))
        let table = comment().split(separator: "\n").filter { $0.hasPrefix("| **") }
        #expect(table.count == 2 && table.allSatisfy { !$0.contains("@all|") })
        let finding = try #require(assessment.findings.first)
        assessment.findings = (0..<5000).map { index in
            var copy = finding
            copy.path = String(repeating: "d/", count: 100) + "\(index)"
            return copy
        }
        #expect(comment().utf8.count < 65_536 && comment().contains("and 4950 more"))
        assessment.findings = []
        #expect(comment().contains("Gatehouse found nothing"))
    }
}
