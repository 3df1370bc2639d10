import Core
import Formats
import Gate
import JSON
import Store
import Subprocess
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ReportTests {
    private static let secrets = [Fake.awsKey, Fake.otherKey, Fake.gitLab, Fake.password]

    /// Secrets of several kinds in a tree with hostile names, one accepted, one only in history, one file unreadable.
    private func assessment() async throws -> Assessment {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        try await tree.git("remote", "add", "origin", "https://bob:\(Fake.password)@example.org/shop.git")
        tree.write("old.py", "k = '\(Fake.gitLab)'\n")
        try await tree.commit("first")
        unlink("\(tree.root)/old.py")
        tree.write(
            "<script>alert(1)</script>&\"'.py", "a = '\(Fake.awsKey)'; b = '\(Fake.otherKey)'; again(\(Fake.awsKey))\n")
        tree.write("|`pipe`|.py", "# gatehouse:allow * <b>sample</b>\nk = '\(Fake.awsKey)'\n")
        tree.write("url.txt", "x <img src=x> postgres://app:\(Fake.password)@db.internal:5432/x\n")
        tree.write("gone.py", "x\n")
        try await tree.commit("second")
        unlink("\(tree.root)/gone.py")
        return try await tree.assess(history: true)
    }

    @Test func noReportHoldsASecret() async throws {
        let assessment = try await assessment()
        #expect(assessment.findings.count >= 4)
        let report = AssessmentReport(assessment, version: "1.0.0")
        for name in AssessmentReport.Format.names {
            let format = try #require(AssessmentReport.Format(name: name, width: 200, color: true))
            let text = String(decoding: report.bytes(format), as: UTF8.self)
            #expect(text.utf8.count > 100)
            for secret in Self.secrets { #expect(!text.contains(secret), "\(name)") }
        }
        #expect(assessment.repository == "https://example.org/shop.git")
    }

    @Test func theStoreHoldsNoSecret() async throws {
        let folder = TestTree()
        let store = try Store.open(path: folder.root + "/db", migrations: Scan.migrations)
        _ = try await FindingsStore(store, version: "1.0.0").record(try await assessment())
        try store.close()
        var all = ""
        for name in ["/db", "/db-wal"] {
            let file = open(folder.root + name, O_RDONLY)
            guard file >= 0 else { continue }
            defer { close(file) }
            let bytes = try #require(FolderWalk.readWhole(file, limit: 64 << 20))
            all += String(decoding: bytes, as: UTF8.self)
        }
        let holdsRule = all.contains("aws-access-key-id")
        #expect(holdsRule)
        for secret in Self.secrets {
            let holdsSecret = all.contains(secret)
            #expect(!holdsSecret)
        }
    }

    @Test func theDocumentReadsBack() async throws {
        let assessment = try await assessment()
        let bytes = AssessmentReport(assessment, version: "1").bytes(.json)
        #expect(try AssessmentDocument.parse(JSON.parse(bytes)) == assessment)
        #expect(throws: GatehouseError.self) { try AssessmentDocument.parse(["schema": "gatehouse.assessment/1"]) }
    }

    @Test func aHostileNameIsOnlyText() async throws {
        let assessment = try await assessment()
        let html = String(decoding: AssessmentReport(assessment, version: "<1>").bytes(.html), as: UTF8.self)
        for bad in ["<script", "<img", "<b>", "<1>"] { #expect(!html.contains(bad)) }
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;.py"))
        #expect(html.contains("Content-Security-Policy"))
        for outside in ["<link", "<iframe", "<a ", "href=", "url(", "@import", "onclick"] {
            #expect(!html.contains(outside))
        }
        let markdown = String(decoding: AssessmentReport(assessment, version: "1").bytes(.markdown), as: UTF8.self)
        #expect(!markdown.contains("| <script"))
        #expect(markdown.contains("`` \\|`pipe`\\|.py:2:6 ``"))
        let table = String(
            decoding: AssessmentReport(assessment, version: "1").bytes(.table(width: 60, color: false)), as: UTF8.self)
        #expect(table.split(separator: "\n").allSatisfy { TableReport.columns(String($0)) <= 60 })
        #expect(!table.contains("\u{1B}"))
    }

    /// Set `SARIF_SCHEMA` to the file sarif-schema-2.1.0.json; without it, or without Python's jsonschema, this says
    /// so.
    @Test(.enabled(if: getenv("SARIF_SCHEMA") != nil, "SARIF_SCHEMA names no copy of the SARIF 2.1.0 schema"))
    func sarifIsValid() async throws {
        let schema = try #require(getenv("SARIF_SCHEMA").map { String(cString: $0) })
        let tree = TestTree()
        let sarif = AssessmentReport(try await assessment(), version: "1.0.0").bytes(.sarif)
        tree.write(Array("a.sarif".utf8), sarif)
        let program = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1])); log = json.load(open(sys.argv[2]))
            kind = jsonschema.validators.validator_for(schema)
            for error in kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(log):
                print(list(error.absolute_path), error.message[:200])
            print(len(log["runs"][0]["results"]), "results")
            """
        let result = try await Python.run(program, schema, tree.root + "/a.sarif")
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        #expect(result.standardOutput.split(separator: "\n").count == 1, "\(result.standardOutput)")
    }

    /// Another implementation reads it, and refuses it when a part that must be there is not.
    @Test(.enabled(if: Python.has("sarif_pydantic"), "needs python with sarif-pydantic (GATEHOUSE_PYTHON)"))
    func sarifIsReadByOthers() async throws {
        let tree = TestTree()
        let sarif = AssessmentReport(try await assessment(), version: "1.0.0").bytes(.sarif)
        tree.write(Array("a.sarif".utf8), sarif)
        let program = """
            import json, sys, sarif_pydantic
            log = json.load(open(sys.argv[1]))
            read = sarif_pydantic.Sarif.model_validate(log)
            print(len(read.runs[0].results), len(log["runs"][0]["results"]))
            del log["runs"][0]["tool"]
            try: sarif_pydantic.Sarif.model_validate(log)
            except ValueError: print("refused")
            """
        let result = try await Python.run(program, tree.root + "/a.sarif")
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        let lines = result.standardOutput.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.first.map { $0.count == 2 && $0[0] == $0[1] && $0[0] != "0" } == true, "\(lines)")
        #expect(lines.last == ["refused"])
    }

    @Test func sarifSaysWhatCodeScanningReads() async throws {
        let log = AssessmentReport(try await assessment(), version: "1.0.0").sarif.json
        let run = try #require(log["runs"]?[0])
        #expect(log["version"] == "2.1.0")
        #expect(run["columnKind"] == "unicodeCodePoints")
        let results = try #require(run["results"]?.array)
        for result in results {
            #expect(result["partialFingerprints"]?["gatehouseFingerprint/v1"]?.string?.count == 32)
            let index = try #require(result["ruleIndex"]?.int)
            #expect(run["tool"]?["driver"]?["rules"]?[index]?["id"] == result["ruleId"])
        }
        #expect(results.count { $0["suppressions"] != nil } == 1)
        #expect(
            run["invocations"]?[0]?["toolExecutionNotifications"]?[0]?["descriptor"]?["id"]
                == "could-not-check/vanished")
        #expect(run["versionControlProvenance"]?[0]?["repositoryUri"] == "https://example.org/shop.git")
        let uris = results.compactMap { $0["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]?.string }
        #expect(uris.contains("%3Cscript%3Ealert%281%29%3C/script%3E%26%22%27.py"))
    }
}
