import Core
import Formats
import JSON
import Risk
import TestSupport
import Testing

@testable import Scan

@Suite struct ReachabilityTests {
    private static func uses(_ language: SourceLanguage, _ text: String) -> SourceUses {
        let uses = SourceReading.uses(language, Array(text.utf8))
        #expect(SourceUses(kept: uses.bytes) == uses)
        return uses
    }

    @Test func importsAreRead() {
        let python = Self.uses(
            .python,
            "import os, yaml as y\nfrom a.b import c\nfrom . import d\n  import late # x\nx = 'import no'\n"
        )
        #expect(python.imports == ["os", "yaml", "a.b", "late"])
        let script = Self.uses(
            .javascript,
            """
            import a, { b } from '@s/n/lib/x'
            import 'side'; const c = require("c/d"), e = await import(`e`)
            // require('comment')
            /* import 'comment' */ export * from "./own"
            import fs from 'node:fs'
            """)
        #expect(script.imports == ["@s/n", "side", "c", "e"])
        #expect(!script.isDynamic)
        #expect(Self.uses(.javascript, "require(name)").isDynamic)
        let go = Self.uses(
            .go,
            """
            package a // import "no"
            import "fmt"
            import (
                y "gopkg.in/yaml.v3"
                "golang.org/x/net/html"
                "github.com/labstack/echo/v4"
            )
            var s = "html.Render(x)" /* html.Render(x) */
            func f() { y.Unmarshal(b, &c); html.Parse(r); echo.New().Start(":1") }
            """)
        #expect(
            go.imports == [
                "fmt", "gopkg.in/yaml.v3", "golang.org/x/net/html", "github.com/labstack/echo/v4",
            ])
        #expect(
            go.calls == [
                "gopkg.in/yaml.v3 Unmarshal", "golang.org/x/net/html Parse",
                "github.com/labstack/echo/v4 New",
            ])
        #expect(go.names.contains("Start"))
        #expect(!go.names.contains("Render"))
        let rust = Self.uses(
            .rust, "use tokio::io;\nfn a() { time::OffsetDateTime::now(); x.poll() /* y.no() */ }")
        #expect(rust.imports.isSuperset(of: ["tokio", "time"]))
        #expect(rust.names.contains("poll") && rust.names.contains("now") && !rust.names.contains("no"))
        let java = Self.uses(.java, "import org.a.B;\nimport static org.c.D.e;\n")
        #expect(java.imports == ["org.a.B", "org.c.D.e"])
    }

    @Test func codeOfOthersIsNotTheProjects() {
        #expect(SourceLanguage("a/b.go") == .go)
        for path in [
            "a/b_test.go", "vendor/x/y.go", "node_modules/a/b.js", "v/site-packages/a.py", "a/b", "c.txt",
        ] {
            #expect(SourceLanguage(path) == nil, "\(path)")
        }
    }

    @Test func mutatedSources() {
        var random = SeededRandom(seed: 8)
        let words = [
            "import ", "from ", "\"", "'", "`", "(", ")", "//", "/*", "*/", "\n", "a.b(", "::", "use ",
            "\\", "x",
        ]
        for _ in 0..<400 {
            let text = (0..<30).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            for language in SourceLanguage.allCases { _ = Self.uses(language, text) }
        }
    }

    // MARK: - With advisories

    private struct FixedClock: WallClock {
        func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
    }

    private static func assess(_ advisory: String, _ files: [String: String], exploited: Bool = false)
        async throws -> Finding
    {
        let (tree, state, world) = (TestTree(), ScratchFolder(), TestTree())
        let (advisories, threats) = (
            AdvisoryDatabase(path: state.file("a.db"), clock: FixedClock()),
            ThreatDatabase(path: state.file("t.db"), clock: FixedClock())
        )
        world.write("osv/A.json", advisory)
        _ = try await advisories.importing(
            world.root + "/osv",
            ecosystem: JSON.parse(advisory)["affected"]?[0]?["package"]?["ecosystem"]?.string)
        if exploited {
            let catalogue =
                #"{"dateReleased": "2026-06-01T00:00:00Z", "vulnerabilities": [{"cveID": "CVE-2026-1", "dateAdded": "2026-05-30"}]}"#
            _ = try await threats.put(KnownExploited(Array(catalogue.utf8)), source: "test")
        }
        for (path, text) in files { tree.write(path, text) }
        let scanner = DependencyScanner(advisories: advisories, threats: threats)
        let assessment = try await Assessor(scanners: [], trees: [scanner], clock: FixedClock()).assess(
            AssessmentRequest(.path(tree.root)))
        return try #require(assessment.findings.first)
    }

    private static func advisory(_ ecosystem: String, _ name: String, _ specific: String = "{}")
        -> String
    {
        """
        {"id": "A-1", "modified": "2026-06-09T00:00:00Z", "aliases": ["CVE-2026-1"], "summary": "s", "affected": [{
        "package": {"ecosystem": "\(ecosystem)", "name": "\(name)"}, "ecosystem_specific": \(specific),
        "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "9.0.0"}]}]}]}
        """
    }

    private static let goAdvisory = advisory(
        "Go", "golang.org/x/net",
        #"{"imports": [{"path": "golang.org/x/net/html", "symbols": ["Parse", "Tokenizer.Next"]}]}"#)
    private static let goModule = "module a\n\ngo 1.22\n\nrequire golang.org/x/net v0.1.0\n"

    @Test(arguments: [
        ("html.Parse(r)", "called"), ("t.Next()", "called"), ("html.Render(r)", "imported"),
    ])
    func flawedFunctionsOfGo(_ call: String, _ wanted: String) async throws {
        let finding = try await Self.assess(
            Self.goAdvisory,
            [
                "go.mod": Self.goModule,
                "b/c.go": "package b\n\nimport \"golang.org/x/net/html\"\n\nfunc f() { \(call) }\n",
            ])
        #expect(finding.details?["reachability"]?["verdict"]?.string == wanted)
        #expect(finding.details?["reachability"]?["in"] == ["b/c.go"])
        #expect(finding.details?["risk"]?["facts"]?["reachability"]?.string == wanted)
        #expect(finding.state == .open)
    }

    /// Not seen is not proven: only a list of all that is built dismisses, and never what is exploited.
    @Test func whatIsNotBuiltIsDismissed() async throws {
        let code = "package b\n\nimport \"golang.org/x/net/http2\"\n"
        let unseen = try await Self.assess(Self.goAdvisory, ["go.mod": Self.goModule, "b.go": code])
        #expect(unseen.details?["reachability"]?["verdict"] == "not-imported")
        #expect(unseen.state == .open)
        let modules = "# golang.org/x/net v0.1.0\n## explicit\ngolang.org/x/net/http2\n"
        let files = ["go.mod": Self.goModule, "b.go": code, "vendor/modules.txt": modules]
        let proven = try await Self.assess(Self.goAdvisory, files)
        #expect(proven.details?["reachability"]?["verdict"] == "not-imported")
        #expect(proven.state == .suppressed)
        let exploited = try await Self.assess(Self.goAdvisory, files, exploited: true)
        #expect(exploited.state == .open)
        #expect(exploited.priority.reason.contains("known to be exploited"))
        let built = try await Self.assess(
            Self.goAdvisory,
            files.merging(["vendor/modules.txt": modules + "golang.org/x/net/html\n"]) { $1 })
        #expect(built.details?["reachability"]?["verdict"] == "imported")
        #expect(built.state == .open)
    }

    @Test func functionsOfRust() async throws {
        let advisory = Self.advisory(
            "crates.io", "some-crate", #"{"affects": {"functions": ["some_crate::io::Reader::fill"]}}"#)
        let lock =
            "[[package]]\nname = \"some-crate\"\nversion = \"1.0.0\"\nsource = \"registry+https://x\"\n"
        let called = try await Self.assess(
            advisory,
            [
                "Cargo.lock": lock,
                "src/a.rs": "use some_crate::io::Reader;\nfn f(r: Reader) { r.fill() }\n",
            ])
        #expect(called.details?["reachability"]?["verdict"] == "called")
        #expect(
            called.rule.remedy.contains("Called in src/a.rs, by the names of flawed functions: fill."))
        let other = try await Self.assess(
            advisory,
            ["Cargo.lock": lock, "src/a.rs": "use other::Reader;\nfn f(r: Reader) { r.fill() }\n"])
        #expect(other.details?["reachability"]?["verdict"] == "unknown")
    }

    @Test func importsOfPythonAndNode() async throws {
        let python = Self.advisory("PyPI", "PyYAML")
        let imported = try await Self.assess(
            python, ["requirements.txt": "pyyaml==5.0.0\n", "a.py": "from yaml import load\n"])
        #expect(imported.details?["reachability"]?["verdict"] == "imported")
        // What pip lists may be there for others.
        let unseen = try await Self.assess(
            python, ["requirements.txt": "pyyaml==5.0.0\n", "a.py": "import os\n"])
        #expect(unseen.details?["reachability"]?["verdict"] == "unknown")
        let lock =
            #"{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0"}}}"#
        let node = Self.advisory("npm", "a")
        let not = try await Self.assess(
            node, ["package-lock.json": lock, "x.ts": "import b from 'b'\n"])
        #expect(not.details?["reachability"]?["verdict"] == "not-imported")
        #expect(not.state == .open)
        let dynamic = try await Self.assess(
            node, ["package-lock.json": lock, "x.ts": "require(name)\n"])
        #expect(dynamic.details?["reachability"]?["verdict"] == "unknown")
        let alone = try await Self.assess(node, ["package-lock.json": lock])
        #expect(alone.details?["reachability"]?["verdict"] == "unknown")
        // Code elsewhere is another project's.
        let apart = try await Self.assess(
            node, ["web/package-lock.json": lock, "x.ts": "import a from 'a'\n"])
        #expect(apart.details?["reachability"]?["verdict"] == "unknown")
    }
}
