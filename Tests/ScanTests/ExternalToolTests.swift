import Core
import Foundation
import Gate
import JSON
import Privacy
import Testing

@testable import Scan

/// Tools that are run: the real one that is here, and programs that behave badly.
@Suite struct ExternalToolTests {
    private static let bandit = (Python.path as NSString).deletingLastPathComponent + "/bandit"
    private static var hasBandit: Bool { FileManager.default.isExecutableFile(atPath: bandit) }

    private static let empty =
        #"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Fake","version":"0.1"}},"results":[]}]}"#

    /// A program of a few lines that stands for a tool.
    private func tool(
        _ folder: TestTree, _ script: String, version: String = "echo fake v3.2.1", arguments: [String] = ["{target}"]
    ) -> ExternalTool {
        folder.write("fake", "#!/bin/sh\nif [ \"$1\" = --version ]; then \(version); exit $?; fi\n\(script)\n")
        chmod(folder.root + "/fake", 0o755)
        return ExternalTool(
            id: "fake", title: "Fake", executable: folder.root + "/fake", arguments: arguments, hint: "write one")
    }

    private func assess(
        _ tree: TestTree, _ tool: ExternalTool, timeout: Duration = .seconds(60),
        scope: AssessmentRequest.Scope = .whole, _ change: (inout ExternalToolSettings) -> Void = { _ in }
    ) async throws -> Assessment {
        var settings = ExternalToolSettings()
        settings.timeout = timeout
        change(&settings)
        let assessor = Assessor(
            scanners: [SecretScanner(try SecretDetector())], tools: ExternalTools(settings, registry: [tool]))
        var request = AssessmentRequest(.path(tree.root))
        request.tools = [tool.id]
        request.scope = scope
        return try await assessor.assess(request)
    }

    private func whatWentWrong(_ result: Assessment) -> [String] {
        result.unchecked.filter { $0.reason == .tool }.map(\.detail)
    }

    @Test func aToolThatFindsNothingHasLooked() async throws {
        let (tree, folder) = (TestTree(), TestTree())
        tree.write("a.py", "x = 1\n")
        let result = try await assess(tree, tool(folder, "echo '\(Self.empty)'; echo noise >&2"))
        #expect(result.tools == [ToolRun(tool: "fake", version: "0.1", origin: .run, results: 0, isComplete: true)])
        #expect(result.uncheckedCount == 0, "\(result.unchecked)")
    }

    @Test func itsEnvironmentHoldsNothingOfOurs() async throws {
        setenv("GATEHOUSE_TEST_SECRET", Fake.password, 1)
        let (tree, folder) = (TestTree(), TestTree())
        tree.write("a.py", "x = 1\n")
        // Fails with its environment and its arguments as its last words.
        let result = try await assess(tree, tool(folder, "env | tr '\\n' ' ' >&2; echo \" $PWD $*\" >&2; exit 9"))
        let words = try #require(whatWentWrong(result).first)
        #expect(words.hasPrefix("fake failed with exit code 9"), "\(words)")
        #expect(!words.contains("GATEHOUSE_TEST_SECRET") && !words.contains(Fake.password))
        let inner = try await assess(
            tree, tool(folder, "[ \"$HOME\" = \"$PWD\" ] && [ \"$PWD\" != \"$1\" ] && echo '\(Self.empty)'"))
        #expect(inner.uncheckedCount == 0, "\(inner.unchecked)")
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var script: String
        var version = "echo fake 1.0"
        var words: String
        var testDescription: String { script }
    }

    @Test(arguments: [
        Bad(script: "exit 3", words: "failed with exit code 3"),
        Bad(script: "echo 'Traceback'; echo 'no module named x' >&2; exit 1", words: "exit code 1: no module named x"),
        Bad(script: "kill -9 $$", words: "ended by signal 9"),
        Bad(script: "echo garbage", words: "ended without a report that can be read: its report is no JSON"),
        Bad(script: "true", words: "ended without a report"),
        Bad(script: "printf '{\"version\":\"2.1.0\"}'", words: "its report runs is missing"),
        Bad(script: "yes", words: "and was stopped"), Bad(script: "yes >&2", words: "took longer than"),
        Bad(script: "sleep 600 & sleep 600", words: "took longer than"),
        Bad(script: "trap '' TERM; while :; do :; done", words: "took longer than"),
        Bad(script: "true", version: "exit 4", words: "exit code 4 when it was asked for its version"),
        Bad(script: "true", version: "sleep 600", words: "took longer than"),
    ]) func badToolsAreSeen(_ bad: Bad) async throws {
        let (tree, folder) = (TestTree(), TestTree())
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        // Only what never ends is waited for in vain.
        let timeout = Duration.seconds(bad.words.hasPrefix("took longer") ? 2 : 60)
        let result = try await assess(tree, tool(folder, bad.script, version: bad.version), timeout: timeout)
        #expect(
            whatWentWrong(result).contains { $0.hasPrefix("fake ") && $0.contains(bad.words) }, "\(result.unchecked)")
        // The rest went on.
        #expect(result.findings.count == 1)
        #expect(result.tools.isEmpty)
    }

    @Test func whatIsNotHereIsSaidWithWhereToGetIt() async throws {
        let tree = TestTree()
        tree.write("a.py", "x\n")
        let missing = ExternalTool(
            id: "fake", title: "Fake", executable: "gatehouse-no-such-tool", arguments: [], hint: "write one")
        #expect(whatWentWrong(try await assess(tree, missing)) == ["fake is not here: write one"])
    }

    @Test func reportsMayBeFilesAndSettingsAreNeeded() async throws {
        let (tree, folder) = (TestTree(), TestTree())
        tree.write("a.py", "x\n")
        let writes = tool(
            folder, "echo chatter; echo '\(Self.empty)' > \"${2#--out=}\"", arguments: ["{target}", "--out={report}"])
        #expect(try await assess(tree, writes).tools.count == 1)
        let needs = tool(folder, "exit 1", arguments: ["{database}"])
        #expect(whatWentWrong(try await assess(tree, needs)).first?.contains("was not run") == true)
    }

    @Test func aPartIsNotLookedAtByTools() async throws {
        let (tree, folder) = (TestTree(), TestTree())
        try await tree.git("init", "--quiet")
        tree.write("a.py", "x\n")
        try await tree.git("add", "-A")
        let result = try await assess(tree, tool(folder, "echo '\(Self.empty)'"), scope: .staged())
        #expect(whatWentWrong(result).first?.contains("was not run") == true)
    }

    @Test(.enabled(if: hasBandit, "bandit is not installed beside GATEHOUSE_PYTHON")) func banditFindsWhatItFinds()
        async throws
    {
        let tree = TestTree()
        tree.write(
            "app/run.py",
            "import subprocess\npassword = '\(Fake.password)'\n\n\ndef f(x):\n    subprocess.call('ls ' + x, shell=True)\n"
        )
        tree.write("app/broken.py", "def f(:\n")
        var bandit = try #require(ExternalTool.all.first { $0.id == "bandit" })
        bandit.executable = Self.bandit
        let result = try await assess(tree, bandit)
        let run = try #require(result.tools.first)
        #expect(run.tool == "bandit")
        #expect(run.version?.hasPrefix("1.") == true)
        let shell = try #require(
            result.findings.first { $0.rule.id == "bandit/B602" }, "\(result.findings.map(\.rule.id))")
        #expect((shell.path, shell.start.line, shell.severity) == ("app/run.py", 6, .high))
        #expect(shell.details?["cwe"] == ["CWE-78"])
        #expect(result.findings.contains { $0.sources.contains { $0.rule == "B105" } })
        #expect(result.unchecked.contains { $0.path == "app/broken.py" && $0.reason == .tool }, "\(result.unchecked)")
        #expect(!AssessmentDocument.json(result).text().contains(Fake.password))
    }

    private static let semgrep = Python.beside(".venv-semgrep/bin/semgrep")
    private static var hasSemgrep: Bool { FileManager.default.isExecutableFile(atPath: semgrep) }

    /// With a rule of the test's own: the tool brings none, and fetches none.
    @Test(.enabled(if: hasSemgrep, "semgrep is not installed in .venv-semgrep")) func semgrepFindsWhatItFinds()
        async throws
    {
        let (tree, rules) = (TestTree(), TestTree())
        rules.write(
            "shell.yaml",
            """
            rules:
              - id: shell-from-value
                languages: [python]
                severity: ERROR
                message: A command line is made of a value.
                pattern: os.system("..." + $X)
                metadata: {cwe: "CWE-78: OS Command Injection"}
            """)
        tree.write("app/run.py", "import os\n\n\ndef f(x):\n    os.system('ls ' + x)\n")
        var semgrep = try #require(ExternalTool.all.first { $0.id == "semgrep" })
        semgrep.executable = Self.semgrep
        let result = try await assess(tree, semgrep, timeout: .seconds(240)) { $0.semgrepRules = [rules.root] }
        let run = try #require(result.tools.first, "\(result.unchecked)")
        #expect(run.tool.hasPrefix("semgrep") && run.version?.hasPrefix("1.") == true && run.isComplete)
        let found = try #require(result.findings.first { $0.rule.id.hasSuffix("shell-from-value") })
        #expect((found.path, found.start.line, found.severity) == ("app/run.py", 5, .high))
        #expect(found.details?["cwe"] == ["CWE-78"])
    }

    // MARK: - Who may

    @Test func namesAreChecked() throws {
        var settings = ExternalToolSettings()
        settings.always = ["bandit"]
        let tools = ExternalTools(settings)
        #expect(try tools.chosen(["semgrep", "bandit"], isLocal: true) == ["bandit", "semgrep"])
        #expect(try tools.chosen([], isLocal: false) == ["bandit"])
        let denied = #expect(throws: GatehouseError.self) { try tools.chosen(["trivy"], isLocal: false) }
        #expect(denied?.code == .denied)
        let unknown = #expect(throws: GatehouseError.self) { try tools.chosen(["bandti"], isLocal: true) }
        #expect(unknown?.hint == "did you mean bandit?")
    }

    @Test func reportsLieInTheRoots() throws {
        let tree = TestTree()
        tree.write("in.sarif", Self.empty)
        var arguments = try AssessArguments(
            ["path": .string(tree.root), "sarif": [.string(tree.root + "/in.sarif")]], limits: .standard)
        try arguments.confine(to: AssessRoots([tree.root]))
        #expect(try arguments.request().reports.count == 1)
        var outside = try AssessArguments(
            ["path": .string(tree.root), "sarif": ["/etc/hostname"]], limits: .standard)
        #expect(throws: GatehouseError.self) { try outside.confine(to: AssessRoots([tree.root])) }
        let missing = try AssessArguments(["path": "/tmp", "sarif": ["/nonexistent.sarif"]], limits: .standard)
        #expect(throws: GatehouseError.self) { try missing.request() }
    }
}
