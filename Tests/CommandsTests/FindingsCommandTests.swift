import Foundation
import JSON
import Testing

/// Findings and pipelines as a person works with them.
@Suite(.serialized) struct FindingsCommandTests {
    let program: Program
    init() throws { program = try Program() }

    @Test func findingsAreListedDecidedAndDigested() throws {
        let repository = try PlantedRepository(beside: program.data)
        defer {
            program.remove()
            repository.remove()
        }
        #expect(try program.run("findings").errors.contains("no such finding"))
        #expect(try program.run("assess", repository.path, "--quiet").status == 0)
        let list = try JSON.parse(try program.run("findings", "list", "--json").output)
        let id = try #require(list["findings"]?[0]?["id"]?.string)
        #expect(list["findings"]?[0]?["due"]?.string != nil)
        let table = try program.run("findings", "list", "--severity", "critical", "--order", "due")
        #expect(table.status == 0 && table.output.contains(id) && table.output.contains("deploy.yaml:2"), "\(table)")

        let suppressed = try program.run("findings", "triage", id, "--as", "suppressed", "--reason", "revoked")
        #expect(suppressed.status == 0, "\(suppressed.errors)")
        let refused = try program.run("findings", "triage", id, "--as", "accepted", "--reason", "a demo")
        #expect(refused.status == 2 && refused.errors.contains("risk"), "\(refused.errors)")
        let asked = try program.run(
            "findings", "triage", id, "--as", "accepted", "--reason", "a demo", "--risk", "it leaks", "--expires", "30d"
        )
        #expect(asked.status == 4 && asked.errors.contains("gatehouse approve apr_"), "\(asked.errors)")
        let shown = try program.run("findings", "show", id)
        #expect(
            shown.output.contains("suppressed") && shown.output.contains("triaged suppressed by"), "\(shown.output)")
        #expect(try program.run("findings", "list").errors.contains("no such finding"))
        #expect(try program.run("findings", "triage", id, "--as", "open", "--reason", "not so").status == 0)
        #expect(
            try program.run("findings", "triage", id, "--as", "open", "--reason", "x", "--expires", "later").status == 2
        )

        let digest = try program.run("findings", "digest", "--since", "1h")
        #expect(digest.output.hasPrefix("# Findings, ") && digest.output.contains("### New (1)"), "\(digest.output)")
        let page = program.data + "/digest.html"
        #expect(try program.run("findings", "digest", "--format", "html", "-o", page).status == 0)
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("Content-Security-Policy"))
        #expect(try program.run("findings", "digest", "--since", "tomorrow").status == 2)
    }

    @Test func furtherReportsAreOfTheSameAssessment() throws {
        let repository = try PlantedRepository(beside: program.data)
        defer {
            program.remove()
            repository.remove()
        }
        let (sarif, quality, comment) = (program.data + "/x.sarif", program.data + "/q.json", program.data + "/c.md")
        let run = try program.run(
            "assess", repository.path, "--format", "github", "--fail-on", "high", "--quiet", "--report",
            "sarif=\(sarif)", "--report", "gitlab=\(quality)", "--report", "comment=\(comment)")
        #expect(run.status == 1 && run.output.hasPrefix("::error file=deploy.yaml,line=2,"), "\(run)")
        #expect(try String(contentsOfFile: sarif, encoding: .utf8).contains("2.1.0"))
        #expect(try String(contentsOfFile: quality, encoding: .utf8).contains("check_name"))
        #expect(try String(contentsOfFile: comment, encoding: .utf8).hasPrefix("<!-- gatehouse-assess -->"))
        #expect(try program.run("assess", repository.path, "--report", "nothing").status == 2)
    }

    /// The pipelines that we hand out pass our own checks of pipelines.
    @Test(arguments: [
        [], ["--binary", "https://example.org/gatehouse", "--sha256", String(repeating: "0a", count: 32)],
    ])
    func pipelinesHaveNoFindings(options: [String]) throws {
        defer { program.remove() }
        let folder = program.data + "/repository"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for service in ["github", "gitlab"] {
            let printed = try program.run(["hook", "ci", service] + options)
            let written = try program.run(["hook", "ci", service, "--write", "--into", folder] + options)
            #expect(printed.status == 0 && written.status == 0, "\(written.errors)")
            #expect(printed.output.contains("--since") && printed.output.contains("<!-- gatehouse-assess -->"))
            #expect(try program.run("hook", "ci", service, "--write", "--into", folder).status == 5)
        }
        for path in [".github/workflows/gatehouse.yml", ".gitlab/gatehouse.gitlab-ci.yml"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(path)"))
        }
        let report = try JSON.parse(try program.run("assess", folder, "--format", "json").output)
        #expect(report["findings"]?.array?.isEmpty == true, "\(report["findings"]?.text(pretty: true) ?? "")")
        #expect(report["could_not_check_count"] == 0, "\(report["could_not_check"]?.text(pretty: true) ?? "")")
        // That they were looked at: a flaw put into them is found.
        let path = "\(folder)/.github/workflows/gatehouse.yml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let commit = try #require(text.split(separator: "actions/checkout@").last?.prefix(40))
        try text.split(separator: commit).joined(separator: "v4").write(toFile: path, atomically: true, encoding: .utf8)
        let worse = try JSON.parse(try program.run("assess", folder, "--format", "json").output)
        #expect(worse["findings"]?.array?.count == 1)
    }

    @Test(arguments: [
        ["--binary", "https://example.org/x"], ["--sha256", "00"],
        ["--binary", "http://example.org/x", "--sha256", String(repeating: "00", count: 32)],
        ["--binary", "https://e.org/$(x)", "--sha256", String(repeating: "00", count: 32)],
        ["--binary", "https://e.org/x\" y", "--sha256", String(repeating: "00", count: 32)],
    ])
    func whatWouldBeReadAsScriptIsRefused(options: [String]) throws {
        defer { program.remove() }
        #expect(try program.run(["hook", "ci", "github"] + options).status == 2)
    }
}
