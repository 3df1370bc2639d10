/// What a file is, by its name alone: the language that it is written in, and whether it is a manifest (of packages,
/// infrastructure, containers or pipelines).
package enum FileKinds {
    static func language(_ path: ArraySlice<UInt8>) -> String? {
        let name = lowercased(fileName(path))
        if let language = byName[name] { return language }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return byExtension[String(name[name.index(after: dot)...])]
    }

    /// The kind of manifest: `npm`, `docker`, `terraform`, ….
    static func manifest(_ path: ArraySlice<UInt8>) -> String? {
        let name = lowercased(fileName(path))
        if let kind = manifests[name] { return kind }
        if name.hasSuffix(".tf") || name.hasSuffix(".tfvars") { return "terraform" }
        if name.hasSuffix(".csproj") { return "nuget" }
        if name.hasPrefix("dockerfile.") || name.hasSuffix(".dockerfile") { return "docker" }
        if name.hasPrefix("requirements"), name.hasSuffix(".txt") { return "pip" }
        guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") else { return nil }
        return contains(path, ".github/workflows/") ? "github-actions" : nil
    }

    /// Whether the path says that what it holds is for tests, examples or documentation.
    package static func isTest(_ path: ArraySlice<UInt8>) -> Bool {
        for component in path.split(separator: UInt8(ascii: "/")) {
            let name = lowercased(component)
            if testFolders.contains(name) { return true }
            if testMarks.contains(where: name.contains) || name.hasPrefix("test_") { return true }
        }
        return false
    }

    private static func fileName(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private static func contains(_ path: ArraySlice<UInt8>, _ part: String) -> Bool {
        String(decoding: path, as: UTF8.self).contains(part)
    }

    private static let testFolders: Set<String> = [
        "test", "tests", "spec", "specs", "__tests__", "testdata", "fixtures", "fixture", "example", "examples",
        "sample",
        "samples", "docs", "doc", "mocks", "__mocks__", "e2e",
    ]
    private static let testMarks = [
        "_test.", ".test.", ".spec.", "_spec.", "tests.swift", "test.java", ".example", ".sample",
    ]

    private static let byExtension: [String: String] = table(
        """
        Ada adb ads; Assembly s asm; Bicep bicep; C c h; C# cs csx; C++ cc cpp cxx hpp hh hxx; CSS css scss sass less;
        Clojure clj cljs; Dart dart; Elixir ex exs; Elm elm; Erlang erl hrl; F# fs fsx; Fortran f f90; Go go; GraphQL
        graphql gql;
        Groovy groovy gradle; HCL tf tfvars hcl; HTML html htm xhtml; Haskell hs; INI ini cfg conf properties env;
        JSON json jsonl
        ipynb; Java java; JavaScript js mjs cjs jsx; Julia jl; Kotlin kt kts; Lua lua; Markdown md markdown; Nix nix;
        OCaml ml mli;
        Objective-C m mm; PHP php; Perl pl pm; PowerShell ps1 psm1; Protocol-Buffers proto; Python py pyi; R r; Rego
        rego;
        Ruby rb erb; Rust rs; SQL sql; Scala scala; Shell sh bash zsh fish; Swift swift; TOML toml; Terraform-state
        tfstate;
        Text txt rst adoc; TypeScript ts tsx mts cts; Vue vue; XML xml xsd plist; YAML yml yaml; Zig zig
        """)
    private static let byName: [String: String] = [
        "dockerfile": "Dockerfile", "containerfile": "Dockerfile", "makefile": "Make", "gnumakefile": "Make",
        "cmakelists.txt": "CMake", "jenkinsfile": "Groovy", "gemfile": "Ruby", "rakefile": "Ruby", ".env": "INI",
        ".bashrc": "Shell", ".profile": "Shell",
    ]
    private static let manifests: [String: String] = table(
        """
        npm package.json package-lock.json npm-shrinkwrap.json; yarn yarn.lock; pnpm pnpm-lock.yaml;
        pip setup.py setup.cfg constraints.txt; pipenv pipfile pipfile.lock; python pyproject.toml; poetry
        poetry.lock; uv uv.lock;
        pdm pdm.lock; cargo cargo.toml cargo.lock; go go.mod go.sum; maven pom.xml; gradle build.gradle build.gradle.kts
        gradle.lockfile; nuget packages.lock.json packages.config; bundler gemfile gemfile.lock; composer composer.json
        composer.lock; pub pubspec.yaml pubspec.lock; hex mix.exs mix.lock; swiftpm package.swift package.resolved;
        conan conanfile.txt conanfile.py conan.lock; docker dockerfile containerfile; compose docker-compose.yml
        docker-compose.yaml compose.yml compose.yaml; helm chart.yaml; kustomize kustomization.yaml kustomization.yml;
        gitlab-ci .gitlab-ci.yml; jenkins jenkinsfile; circleci .circleci/config.yml; azure-pipelines
        azure-pipelines.yml;
        terraform .terraform.lock.hcl; serverless serverless.yml
        """)

    /// `VALUE key key; VALUE key`: one entry a key. Underscores of values stand as written.
    private static func table(_ text: String) -> [String: String] {
        var out: [String: String] = [:]
        for entry in text.split(separator: ";") {
            let words = entry.split { $0 == " " || $0 == "\n" }
            guard let value = words.first else { continue }
            for key in words.dropFirst() { out[String(key)] = String(value) }
        }
        return out
    }
}
