import Formats
import Gate
import JSON
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

@Suite struct UpgradeTests {
    /// A file of each kind, what it is to become, and the kind of proof.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var ecosystem: String
        var package: String
        var fixed: String
        var files: [String: String]
        var after: [String: String]
        var proof: String

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "requirements", ecosystem: "PyPI", package: "django", fixed: "4.2.5",
            files: [
                "requirements.txt":
                    "# web\r\nDjango[argon2]==4.2.1 ; python_version > '3'  # 4.2.1 is old\r\nsix==1.16.0"
            ],
            after: [
                "requirements.txt":
                    "# web\r\nDjango[argon2]==4.2.5 ; python_version > '3'  # 4.2.1 is old\r\nsix==1.16.0"
            ],
            proof: "assessed"),
        Case(
            name: "go.mod", ecosystem: "Go", package: "example.org/a", fixed: "1.3.0",
            files: [
                "go.mod":
                    "module m\n\ngo 1.22\n\nrequire (\n\texample.org/a v1.2.0 // indirect\n\texample.org/ab v1.2.0\n)\n"
            ],
            after: [
                "go.mod":
                    "module m\n\ngo 1.22\n\nrequire (\n\texample.org/a v1.3.0 // indirect\n\texample.org/ab v1.2.0\n)\n"
            ],
            proof: "assessed"),
        Case(
            name: "pom.xml", ecosystem: "Maven", package: "org.a:b", fixed: "2.0.1",
            files: [
                "pom.xml":
                    "<project>\n <properties><b.version>2.0.0</b.version></properties>\n <dependencies>\n"
                    + "  <dependency><groupId>org.a</groupId> <artifactId>b</artifactId>\n"
                    + "   <version> ${b.version} </version></dependency>\n </dependencies>\n</project>\n"
            ],
            after: [
                "pom.xml":
                    "<project>\n <properties><b.version>2.0.1</b.version></properties>\n <dependencies>\n"
                    + "  <dependency><groupId>org.a</groupId> <artifactId>b</artifactId>\n"
                    + "   <version> ${b.version} </version></dependency>\n </dependencies>\n</project>\n"
            ], proof: "assessed"),
        Case(
            name: "npm, direct", ecosystem: "npm", package: "a", fixed: "1.2.5",
            files: [
                "package.json": "{\n  \"dependencies\": {\n    \"a\": \"^1.2.0\",\n    \"b\": \"1\"\n  }\n}\n",
                "package-lock.json": lock(
                    #""": {"dependencies": {"a": "^1.2.0"}}, "node_modules/a": {"version": "1.2.0"}"#),
            ],
            after: ["package.json": "{\n  \"dependencies\": {\n    \"a\": \"^1.2.5\",\n    \"b\": \"1\"\n  }\n}\n"],
            proof: "judged"),
        Case(
            name: "npm, transitive", ecosystem: "npm", package: "deep", fixed: "1.2.5",
            files: [
                "package.json": "{\n  \"dependencies\": {\n    \"a\": \"^1.2.0\"\n  }\n}\n",
                "package-lock.json": lock(
                    #""": {"dependencies": {"a": "^1.2.0"}}, "node_modules/a": {"version": "1.2.0", "#
                        + #""dependencies": {"deep": "^1"}}, "node_modules/deep": {"version": "1.0.0"}"#
                ),
            ],
            after: [
                "package.json":
                    "{\n  \"dependencies\": {\n    \"a\": \"^1.2.0\"\n  },\n  \"overrides\": {\n    \"deep\": \"^1.2.5\"\n  }\n}\n"
            ], proof: "judged"),
        Case(
            name: "cargo", ecosystem: "crates.io", package: "a", fixed: "0.2.5",
            files: [
                "Cargo.toml":
                    "[package]\nname = \"m\"\n\n[dependencies]\na = { version = \"0.2\", features = [\"x\"] } # why\n",
                "Cargo.lock":
                    "version = 3\n\n[[package]]\nname = \"a\"\nversion = \"0.2.1\"\n"
                    + "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\n"
                    + "name = \"m\"\nversion = \"0.1.0\"\ndependencies = [\"a\"]\n",
            ],
            after: [
                "Cargo.toml":
                    "[package]\nname = \"m\"\n\n[dependencies]\na = { version = \"0.2.5\", features = [\"x\"] } # why\n"
            ], proof: "judged"),
        Case(
            name: "uv, direct", ecosystem: "PyPI", package: "Django", fixed: "4.2.5",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"m\"\ndependencies = [\n  \"django[argon2]>=4.0,<5 ; python_version > '3'\",\n  \"six\",\n]\n",
                "uv.lock":
                    "version = 1\n\n[[package]]\nname = \"django\"\nversion = \"4.2.1\"\nsource = { registry = \"https://pypi.org/simple\" }\n",
            ],
            after: [
                "pyproject.toml":
                    "[project]\nname = \"m\"\ndependencies = [\n  \"django[argon2]>=4.2.5,<5 ; python_version > '3'\",\n  \"six\",\n]\n"
            ], proof: "judged"),
        Case(
            name: "poetry", ecosystem: "PyPI", package: "django", fixed: "4.2.5",
            files: [
                "pyproject.toml": "[tool.poetry.dependencies]\npython = \"^3.12\"\nDjango = \"^4.2\"\n",
                "poetry.lock": "[[package]]\nname = \"django\"\nversion = \"4.2.1\"\n",
            ],
            after: ["pyproject.toml": "[tool.poetry.dependencies]\npython = \"^3.12\"\nDjango = \"^4.2.5\"\n"],
            proof: "judged"),
        Case(
            name: "gem", ecosystem: "RubyGems", package: "a", fixed: "1.2.5",
            files: [
                "Gemfile": "source 'https://rubygems.org'\ngem 'a', '~> 1.2', require: false\ngem 'b'\n",
                "Gemfile.lock":
                    "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.2.0)\n\nDEPENDENCIES\n  a (~> 1.2)\n",
            ],
            after: [
                "Gemfile": "source 'https://rubygems.org'\ngem 'a', '~> 1.2', '>= 1.2.5', require: false\ngem 'b'\n"
            ],
            proof: "judged"),
        Case(
            name: "composer", ecosystem: "Packagist", package: "a/b", fixed: "1.2.5",
            files: [
                "composer.json": "{\"require\": {\"php\": \">=8\", \"a/b\": \"^1.2\"}}\n",
                "composer.lock": #"{"packages": [{"name": "a/b", "version": "1.2.0"}]}"#,
            ],
            after: ["composer.json": "{\"require\": {\"php\": \">=8\", \"a/b\": \"^1.2.5\"}}\n"], proof: "judged"),
        Case(
            name: "nuget", ecosystem: "NuGet", package: "A.B", fixed: "1.2.5",
            files: [
                "Directory.Packages.props":
                    "<Project><ItemGroup>\n  <PackageVersion Include=\"a.b\" Version=\"1.2.0\" />\n</ItemGroup></Project>\n",
                "packages.lock.json":
                    #"{"version": 1, "dependencies": {"net8.0": {"A.B": {"type": "Direct", "requested": "[1.2.0, )", "resolved": "1.2.0"}}}}"#,
            ],
            after: [
                "Directory.Packages.props":
                    "<Project><ItemGroup>\n  <PackageVersion Include=\"a.b\" Version=\"1.2.5\" />\n</ItemGroup></Project>\n"
            ], proof: "judged"),
        Case(
            name: "gradle", ecosystem: "Maven", package: "org.a:b", fixed: "2.0.1",
            files: [
                "build.gradle": "dependencies {\n  implementation 'org.a:b:2.0.0' // why\n}\n",
                "gradle.lockfile": "org.a:b:2.0.0=compileClasspath\n",
            ],
            after: ["build.gradle": "dependencies {\n  implementation 'org.a:b:2.0.1' // why\n}\n"], proof: "judged"),
    ]

    private static func lock(_ packages: String) -> String {
        "{\"lockfileVersion\": 3, \"packages\": {\(packages.hasPrefix("\"\"") ? packages : "\"" + packages)}}"
    }

    @Test(arguments: cases)
    func theLeastSafeVersionIsAskedFor(entry: Case) async throws {
        let world = try World(entry.files)
        // Two flaws: the greater of their fixes counts, and one fix takes both away.
        try await world.advise([
            ("A-1", entry.ecosystem, entry.package, entry.fixed), ("A-2", entry.ecosystem, entry.package, "0.0.1"),
        ])
        let shown = try await world.fixes()
        #expect(shown["fixes"]?.array?.count == 1, "\(shown)")
        let fix = shown["fixes"]?[0] ?? [:]
        #expect(fix["kind"] == "upgrade")
        #expect(fix["proof"]?["kind"]?.string == entry.proof)
        #expect(fix["major"] == false)
        #expect(fix["title"]?.string?.hasSuffix("to \(entry.fixed)") == true)
        let preview = try await world.preview(shown)
        try await world.apply(shown)
        for (path, text) in entry.files { #expect(try world.tree.text(path) == entry.after[path] ?? text) }
        if entry.proof == "assessed" { #expect(try await world.open() == []) }
        try await world.undo(try #require(preview.undo))
        for (path, text) in entry.files { #expect(try world.tree.text(path) == text) }
    }

    @Test func severalFlawsOfOnePackageAreOneUpgrade() async throws {
        let world = try World(["requirements.txt": "django==4.2.1\n"])
        try await world.advise([
            ("A-1", "PyPI", "django", "4.2.5"), ("A-2", "PyPI", "django", "4.2.9"), ("A-3", "PyPI", "django", nil),
        ])
        let shown = try await world.fixes()
        #expect(shown["fixes"]?.array?.count == 1)
        #expect(shown["fixes"]?[0]?["findings"]?.array?.count == 2)
        #expect(shown["not_fixed"]?[0]?["rule"] == "A-3")
        try await world.apply(shown)
        #expect(try world.tree.text("requirements.txt") == "django==4.2.9\n")
        #expect(try await world.open() == ["A-3"])
    }

    @Test func aMajorVersionIsSaidToBeOne() async throws {
        let world = try World(["requirements.txt": "django==4.2.1\n"])
        try await world.advise([("A-1", "PyPI", "django", "5.0.0")])
        let fix = try await world.fixes()["fixes"]?[0]
        #expect(fix?["major"] == true)
        #expect(fix?["title"]?.string?.contains("major") == true)
    }

    @Test(arguments: [
        ("requirements.txt", "django==4.2.1 \\\n    --hash=sha256:00\n", "PyPI", "django", "4.2.5", "hashes"),
        (
            "go.mod", "module m\n\ngo 1.22\n\nrequire example.org/a v1.2.0\n", "Go", "example.org/a", "2.0.0",
            "another module"
        ),
        (
            "Pipfile.lock", #"{"default": {"django": {"version": "==4.2.1"}}}"#, "PyPI", "django", "4.2.5",
            "not named by the project"
        ),
        (
            "Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"0.2.1\"\nsource = \"registry+x\"\n", "crates.io", "a",
            "0.2.5", "cargo update"
        ),
    ])
    func whatIsNotCertainIsNotOffered(
        path: String, text: String, ecosystem: String, package: String, fixed: String, reason: String
    ) async throws {
        let world = try World([path: text])
        try await world.advise([("A-1", ecosystem, package, fixed)])
        let shown = try await world.fixes()
        #expect(shown["fixes"] == [])
        #expect(shown["not_fixed"]?[0]?["reason"]?.string?.contains(reason) == true, "\(shown)")
    }

    @Test(arguments: [
        ("^1.2.0", "^1.5.0"), ("~1.2.0", "~1.5.0"), (">= 1.2", ">= 1.5.0"), ("1.2.0", "1.5.0"), ("==1.2", "==1.5.0"),
        (">=1.2,<2", ">=1.5.0,<2"), ("<2", "<2,>=1.5.0"), ("~> 1.2", "~> 1.2, >= 1.5.0"), (">1.2", ">=1.5.0"),
    ])
    func rangesKeepTheirOperators(range: String, raised: String) throws {
        #expect(
            try VersionRange.raised(
                range.contains("<2") && !range.contains(",") ? "!=1.3,<2" : range, to: "1.5.0", .semver)
                == (range == "<2" ? "!=1.3,<2,>=1.5.0" : raised))
    }

    @Test(arguments: [
        "*", "latest", "1 - 2", "^1 || ^2", "workspace:*", "git+ssh://x", ">=1,<1.4", "~> 1.2.3", "2.0.0",
    ])
    func otherRangesAreLeftAlone(range: String) {
        #expect(throws: NoFix.self) { try VersionRange.raised(range, to: "1.5.0", .semver) }
    }
}
