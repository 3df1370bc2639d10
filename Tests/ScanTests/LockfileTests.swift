import Core
import Formats
import TestSupport
import Testing

@testable import Scan

@Suite struct LockfileTests {
    private struct Sample: Sendable, CustomTestStringConvertible {
        var path: String
        var text: String
        /// `name version line`, with `*` after what is direct and the way to what is not.
        var wanted: [String]
        var gaps = 0
        var testDescription: String { path }
    }

    private static func shown(_ dependency: Dependency) -> String {
        var text = "\(dependency.name) \(dependency.version) \(dependency.line)"
        if dependency.isDirect == true { text += " *" }
        if dependency.path.count > 1 { text += " " + dependency.path.joined(separator: ">") }
        return text
    }

    @Test(arguments: samples) private func packagesAreRead(_ sample: Sample) throws {
        let format = try #require(LockfileFormat.of(sample.path))
        let reading = try format.read(Array(sample.text.utf8))
        #expect(reading.dependencies.map(Self.shown) == sample.wanted)
        #expect(reading.gaps.count == sample.gaps, "\(reading.gaps)")
    }

    private static let samples: [Sample] = [
        Sample(
            path: "a/package-lock.json",
            text: """
                {"lockfileVersion": 3, "packages": {
                "": {"dependencies": {"a": "^1"}, "devDependencies": {"d": "1"}},
                "node_modules/a": {"version": "1.2.0", "dependencies": {"b": "2"}},
                "node_modules/b": {"version": "3.0.0"},
                "node_modules/a/node_modules/b": {"version": "2.0.0", "license": "MIT"},
                "node_modules/@s/d": {"version": "1.0.0", "dev": true},
                "node_modules/w": {"link": true, "resolved": "w"},
                "node_modules/g": {"version": "git+ssh://x/g.git#abc"}}}
                """,
            wanted: ["a 1.2.0 3 *", "b 3.0.0 4", "b 2.0.0 5 a>b", "@s/d 1.0.0 6"], gaps: 1),
        Sample(
            path: "npm-shrinkwrap.json",
            text: """
                {"lockfileVersion": 1, "dependencies": {
                "a": {"version": "1.0.0", "dependencies": {"b": {"version": "2.0.0"}}},
                "c": {"version": "npm:real@3.0.0"}}}
                """,
            wanted: ["a 1.0.0 2", "b 2.0.0 2", "real 3.0.0 3"]),
        Sample(
            path: "yarn.lock",
            text: """
                # yarn lockfile v1


                "@s/a@^1.0.0", "@s/a@^1.1.0":
                  version "1.1.5"
                  resolved "https://registry.yarnpkg.com/@s/a/-/a-1.1.5.tgz#x"
                  dependencies:
                    b "^2.0.0"

                alias@^2.0.0:
                  version "2.0.1"
                  resolved "https://registry.yarnpkg.com/b/-/b-2.0.1.tgz#x"
                """,
            wanted: ["@s/a 1.1.5 4", "b 2.0.1 10"]),
        Sample(
            path: "berry/yarn.lock",
            text: """
                __metadata:
                  version: 8

                "a@npm:^1.0.0":
                  version: 1.0.3
                  resolution: "a@npm:1.0.3"
                  dependencies:
                    b: "npm:^2"
                  languageName: node

                "b@npm:^2":
                  version: 2.5.0
                  resolution: "b@npm:2.5.0"

                "app@workspace:.":
                  version: 0.0.0-use.local
                  resolution: "app@workspace:."
                  dependencies:
                    a: "npm:^1.0.0"
                  linkType: soft
                """,
            wanted: ["a 1.0.3 4 *", "b 2.5.0 11 a>b"]),
        Sample(
            path: "pnpm-lock.yaml",
            text: """
                lockfileVersion: '9.0'
                importers:
                  .:
                    dependencies:
                      '@s/a':
                        specifier: ^1.0.0
                        version: 1.0.0(p@1.0.0)
                packages:
                  '@s/a@1.0.0':
                    resolution: {integrity: sha512-x}
                  b@2.0.0:
                    resolution: {integrity: sha512-y}
                    engines: {node: '>=8'}
                snapshots:
                  '@s/a@1.0.0(p@1.0.0)':
                    dependencies:
                      b: 2.0.0
                  b@2.0.0: {}
                """,
            wanted: ["@s/a 1.0.0 9 *", "b 2.0.0 11 @s/a>b"]),
        Sample(
            path: "old/pnpm-lock.yaml",
            text: """
                lockfileVersion: 5.4
                dependencies:
                  a: 1.0.0_p@1.0.0
                packages:
                  /a/1.0.0_p@1.0.0:
                    resolution: {integrity: sha512-x}
                    dev: false
                """,
            wanted: ["a 1.0.0 5 *"]),
        Sample(
            path: "requirements-dev.txt",
            text: """
                # comment
                Django==4.2.1 ; python_version > "3.7"  # why
                requests[security] == 2.31.0 \\
                    --hash=sha256:abc
                -r other.txt
                flask>=2
                six==1.*
                -e ./local
                """,
            wanted: ["Django 4.2.1 2", "requests 2.31.0 3"], gaps: 3),
        Sample(
            path: "poetry.lock",
            text: """
                [[package]]
                name = "Jinja2"
                version = "3.1.2"

                [package.dependencies]
                MarkupSafe = ">=2.0"

                [[package]]
                name = "markupsafe"
                version = "2.1.3"
                """,
            wanted: ["Jinja2 3.1.2 1", "markupsafe 2.1.3 8"]),
        Sample(
            path: "uv.lock",
            text: """
                version = 1
                [[package]]
                name = "app"
                version = "0.1.0"
                source = { virtual = "." }
                dependencies = [
                    { name = "jinja2" },
                ]
                [[package]]
                name = "jinja2"
                version = "3.1.2"
                source = { registry = "https://pypi.org/simple" }
                dependencies = [{ name = "markupsafe" }]
                [[package]]
                name = "markupsafe"
                version = "2.1.3"
                """,
            wanted: ["jinja2 3.1.2 9 *", "markupsafe 2.1.3 14 jinja2>markupsafe"]),
        Sample(
            path: "Pipfile.lock",
            text: """
                {"_meta": {}, "default": {
                "django": {"version": "==4.2"},
                "x": {"git": "https://x"}}, "develop": {"pytest": {"version": "==7.0"}}}
                """,
            wanted: ["django 4.2 2", "pytest 7.0 3"], gaps: 1),
        Sample(
            path: "Cargo.lock",
            text: """
                version = 4
                [[package]]
                name = "app"
                version = "0.1.0"
                dependencies = ["serde", "time 0.1.0"]
                [[package]]
                name = "serde"
                version = "1.0.1"
                source = "registry+https://github.com/rust-lang/crates.io-index"
                [[package]]
                name = "time"
                version = "0.1.0"
                source = "registry+https://github.com/rust-lang/crates.io-index"
                dependencies = ["libc"]
                [[package]]
                name = "libc"
                version = "0.2.1"
                source = "registry+https://github.com/rust-lang/crates.io-index"
                """,
            wanted: ["serde 1.0.1 6 *", "time 0.1.0 10 *", "libc 0.2.1 15 time>libc"]),
        Sample(
            path: "go.mod",
            text: """
                module example.com/app
                go 1.21
                toolchain go1.21rc2
                require github.com/a/b v1.2.3
                require (
                \tgolang.org/x/net v0.7.0 // indirect
                \t"github.com/c/d" v0.0.0-20170424173420-06e7a29f36a3
                \tgithub.com/local/e v1.0.0
                )
                replace github.com/c/d => github.com/f/d v1.5.0
                replace github.com/local/e v1.0.0 => ../e
                """,
            wanted: [
                "stdlib 1.21.0-rc.2 3 *", "github.com/a/b v1.2.3 4 *", "golang.org/x/net v0.7.0 6",
                "github.com/f/d v1.5.0 7 *",
            ], gaps: 1),
        Sample(
            path: "pom.xml",
            text: """
                <?xml version="1.0"?>
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <properties><spring.version>5.3.0</spring.version></properties>
                  <dependencyManagement><dependencies><dependency>
                    <groupId>m</groupId><artifactId>n</artifactId><version>1.1</version>
                  </dependency></dependencies></dependencyManagement>
                  <dependencies>
                    <dependency><groupId>g</groupId><artifactId>a</artifactId><version>${spring.version}</version></dependency>
                    <dependency><groupId>m</groupId><artifactId>n</artifactId></dependency>
                    <dependency><groupId>x</groupId><artifactId>y</artifactId></dependency>
                  </dependencies>
                </project>
                """,
            wanted: ["g:a 5.3.0 8 *", "m:n 1.1 9 *"], gaps: 2),
        Sample(
            path: "gradle.lockfile",
            text:
                "# comment\ncom.g:a:1.0=compileClasspath\norg.t:u:2=testRuntimeClasspath\nempty=annotationProcessor\n",
            wanted: ["com.g:a 1.0 2", "org.t:u 2 3"]),
        Sample(
            path: "packages.lock.json",
            text: """
                {"version": 1, "dependencies": {"net8.0": {
                "A.B": {"type": "Direct", "resolved": "1.0.0", "dependencies": {"C": "2.0.0"}},
                "C": {"type": "Transitive", "resolved": "2.0.0"},
                "proj": {"type": "Project"}}}}
                """,
            wanted: ["A.B 1.0.0 2 *", "C 2.0.0 3 A.B>C"]),
        Sample(
            path: "Gemfile.lock",
            text: """
                GEM
                  remote: https://rubygems.org/
                  specs:
                    nokogiri (1.13.0)
                      racc (~> 1.4)
                    nokogiri (1.13.0-x86_64-linux)
                    racc (1.6.0)

                PLATFORMS
                  ruby

                DEPENDENCIES
                  nokogiri (>= 1.0)
                """,
            wanted: ["nokogiri 1.13.0 4 *", "racc 1.6.0 7 nokogiri>racc"]),
        Sample(
            path: "composer.lock",
            text: """
                {"packages": [
                {"name": "a/b", "version": "v1.2.3", "license": ["MIT"]}],
                "packages-dev": [{"name": "c/d", "version": "2.0"}]}
                """,
            wanted: ["a/b v1.2.3 2", "c/d 2.0 3"]),
        Sample(
            path: "pubspec.lock",
            text: """
                packages:
                  http:
                    dependency: "direct main"
                    description:
                      name: http
                      url: "https://pub.dev"
                    source: hosted
                    version: "0.13.5"
                  flutter:
                    dependency: "direct main"
                    source: sdk
                    version: "0.0.0"
                """,
            wanted: ["http 0.13.5 2 *"]),
        Sample(
            path: "mix.lock",
            text: """
                %{
                  "plug": {:hex, :plug, "1.10.0", "hash", [:mix], [{:mime, "~> 1.0", []}], "hexpm", "x"},
                  "local": {:git, "https://x", "abc", []},
                }
                """,
            wanted: ["plug 1.10.0 2"], gaps: 1),
        Sample(
            path: "Package.resolved",
            text: """
                {"pins": [
                {"identity": "a", "location": "https://github.com/x/a.git", "state": {"version": "1.0.0"}},
                {"identity": "b", "location": "git@github.com:x/b", "state": {"branch": "main"}}], "version": 2}
                """,
            wanted: ["github.com/x/a 1.0.0 2"], gaps: 1),
        Sample(
            path: "conan.lock",
            text: #"{"version": "0.5", "requires": ["zlib/1.2.11#rev%1.2", "bad"], "build_requires": ["cmake/3.2"]}"#,
            wanted: ["zlib 1.2.11 1", "cmake 3.2 1"], gaps: 1),
        Sample(
            path: "image/var/lib/dpkg/status",
            text: """
                Package: libssl3
                Status: install ok installed
                Source: openssl (3.0.11-1)
                Version: 3.0.11-1~deb12u2
                Description: x
                 more

                Package: gone
                Status: deinstall ok config-files
                Version: 1
                """,
            wanted: ["openssl 3.0.11-1 1"]),
        Sample(
            path: "image/lib/apk/db/installed",
            text: "C:Q1\nP:libcrypto3\nV:3.1.4-r0\nL:Apache-2.0\no:openssl\nF:lib\n\nP:musl\nV:1.2.4-r1\n",
            wanted: ["openssl 3.1.4-r0 1", "musl 1.2.4-r1 8"]),
    ]

    /// A broken file is an error with its place, never an empty list.
    @Test(arguments: [
        ("package-lock.json", "{\n\"packages\": {", 2), ("package-lock.json", "{}", 1),
        ("package-lock.json", "{\"packages\": {},\n\"packages\": {}}", 2), ("Cargo.lock", "a = 1\n[[package\n", 2),
        ("Cargo.lock", "[[package]]\nname = \"a\"", 1), ("poetry.lock", "x = \"a", 1),
        ("pom.xml", "<project>\n<a></b>", 2),
        ("pom.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><project/>", 1), ("yarn.lock", "a@1:\n  resolved x", 1),
        ("pnpm-lock.yaml", "a: b", 1), ("pubspec.lock", "packages:\n\tx: 1", 2), ("go.mod", "require x v1", 1),
        ("Gemfile.lock", "GEM\n<<<<<<< HEAD", 2), ("gradle.lockfile", "a:b\n", 1), ("mix.lock", "garbage here", 1),
        ("composer.lock", "[]", 1), ("var/lib/dpkg/status", "Package: a\nbroken", 2), ("var/lib/rpm/Packages", "x", 1),
        ("a-1.dist-info/METADATA", "Name: a\n", 1),
    ])
    func brokenFiles(_ path: String, _ text: String, _ line: Int) throws {
        let format = try #require(LockfileFormat.of(path))
        let error = #expect(throws: TextError.self) { try format.read(Array(text.utf8)) }
        #expect(error?.line == line, "\(path): \(error.map(String.init(describing:)) ?? "")")
    }

    @Test func nestingIsBounded() throws {
        let deep = String(repeating: "[", count: 200_000)
        for (path, text) in [
            ("Cargo.lock", "a = " + deep), ("Cargo.lock", String(repeating: "{a=", count: 100_000)),
            ("Cargo.lock", "[" + String(repeating: "a.", count: 100_000) + "a]"), ("package-lock.json", deep),
            ("pom.xml", String(repeating: "<a>", count: 100_000)),
            ("pnpm-lock.yaml", (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
        ] {
            let format = try #require(LockfileFormat.of(path))
            #expect(throws: TextError.self) { try format.read(Array(text.utf8)) }
        }
    }

    /// Damage of any kind: an error or packages, never a crash.
    @Test func mutatedFiles() throws {
        var random = SeededRandom(seed: 21)
        for sample in Self.samples {
            let format = try #require(LockfileFormat.of(sample.path))
            for _ in 0..<150 {
                var bytes = Array(sample.text.utf8)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: bytes.indices, using: &random)
                    switch Int.random(in: 0...2, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(Array("{}[]\"'\n:,=<>".utf8).randomElement(using: &random) ?? 0, at: place)
                    }
                }
                _ = try? format.read(bytes)
            }
        }
    }

    @Test func packagesHaveTheirURLs() {
        func purl(_ ecosystem: String, _ name: String, _ version: String) -> String? {
            Dependency(ecosystem: ecosystem, name: name, version: version, line: 1).purl?.description
        }
        #expect(purl("npm", "@s/a", "1.0.0") == "pkg:npm/%40s/a@1.0.0")
        #expect(purl("Maven", "org.g:a", "1") == "pkg:maven/org.g/a@1")
        #expect(purl("PyPI", "Zope.Interface", "5") == "pkg:pypi/zope-interface@5")
        #expect(purl("Go", "github.com/a/b", "v1.0.0") == "pkg:golang/github.com/a/b@v1.0.0")
        #expect(purl("Debian:12", "openssl", "3.0") == "pkg:deb/debian/openssl@3.0?distro=12")
    }
}
