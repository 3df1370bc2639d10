import Core
import JSON
import Policy
import Rego
import TestSupport
import Testing

@Suite struct BundleReaderTests {
    static let long = String(repeating: "long-folder-name/", count: 12)

    private func makeTree() throws -> ScratchFolder {
        let tree = ScratchFolder()
        try tree.write(
            ".manifest",
            #"{"revision": "7", "roots": ["roles", "lib"], "metadata": {"by": "us"}, "rego_version": 1,"#
                + #" "file_rego_versions": {"/lib/old*.rego": 0}, "unknown": 1}"#)
        try tree.write("roles/allow.rego", "package roles\nallow if data.lib.x == 1")
        try tree.write("lib/old_style.rego", "package lib\nx = 1 { true }")
        try tree.write("lib/\(Self.long)deep.rego", "package lib.deep\ny := 2")
        try tree.write("roles/data.json", #"{"names": ["admin"]}"#)
        try tree.write("roles/more/data.yaml", "big: 12345678901234567890\nlist: [a, b]\n")
        try tree.write("README.md", "not policy")
        return tree
    }

    private func check(_ bundle: Bundle) throws {
        #expect(bundle.manifest.revision == "7")
        #expect(bundle.manifest.roots == ["roles", "lib"])
        #expect(bundle.manifest.metadata == ["by": "us"])
        #expect(
            bundle.modules.map(\.path) == ["lib/\(Self.long)deep.rego", "lib/old_style.rego", "roles/allow.rego"])
        #expect(bundle.modules.map(\.version) == [.v1, .v0, .v1])
        #expect(bundle.data["roles"]?["names"] == ["admin"])
        #expect(bundle.data["roles"]?["more"]?["big"]?.description == "12345678901234567890")
        let store = try PolicyStore(bundles: ["x": bundle])
        #expect(try store.value("roles", "allow") == true)
        #expect(try store.value("lib", "deep", "y") == 2)
    }

    @Test(arguments: ["ustar", "pax", "gnu", "v7"]) func readsWhatTarWrites(_ format: String) throws {
        let (tree, out) = (try makeTree(), ScratchFolder())
        if format == "v7" { run("rm", "-r", "\(tree.path)/lib/long-folder-name") }
        for (option, name) in [("-czf", "b.tar.gz"), ("-cf", "b.tar")] {
            #expect(run("tar", "--format=\(format)", option, "\(out.path)/\(name)", "-C", tree.path, ".") == 0)
            let bundle = try BundleReader().read(archive: try out.bytes(name))
            if format == "v7" { #expect(bundle.modules.count == 2) } else { try check(bundle) }
        }
    }

    @Test func readsFolders() throws {
        let tree = try makeTree()
        try tree.write(".git/hidden.rego", "package git")
        try check(try BundleReader().read(folder: tree.path))
        try check(try BundleReader().read(path: tree.path))
        #expect(failure { _ = try BundleReader().read(folder: "/nonexistent/x") }?.code == .notFound)
        #expect(failure { _ = try BundleReader().read(path: "/nonexistent/x") }?.code == .notFound)
    }

    @Test func linksStayInTheFolder() throws {
        let (tree, other) = (ScratchFolder(), ScratchFolder())
        try tree.write("..2026/policy.rego", "package a\nx := 1")
        tree.link("policy.rego", to: "..2026/policy.rego")
        tree.link("..data", to: "..2026")
        tree.link("loop", to: ".")
        #expect(try BundleReader().read(folder: tree.path).modules.map(\.path) == ["policy.rego"])
        tree.link("gone.rego", to: "nothing")
        #expect(failure { _ = try BundleReader().read(folder: tree.path) }?.message.contains("gone.rego") == true)
        run("rm", "\(tree.path)/gone.rego")
        let secret = try other.write("secret.rego", "package secret")
        tree.link("out.rego", to: secret)
        let error = failure { _ = try BundleReader().read(folder: tree.path) }
        #expect(error?.message == "the bundle has a link that leads out of it: out.rego")
    }

    @Test func sizesOfFoldersAreBounded() throws {
        let tree = try makeTree()
        var limits = BundleLimits()
        limits.fileBytes = 10
        #expect(failure { _ = try BundleReader(limits: limits).read(folder: tree.path) }?.code == .tooLarge)
        limits = BundleLimits()
        limits.totalBytes = 60
        #expect(failure { _ = try BundleReader(limits: limits).read(folder: tree.path) }?.code == .tooLarge)
        limits = BundleLimits()
        limits.depth = 5
        #expect(failure { _ = try BundleReader(limits: limits).read(folder: tree.path) }?.code == .tooLarge)
        limits = BundleLimits()
        limits.entries = 4
        #expect(failure { _ = try BundleReader(limits: limits).read(folder: tree.path) }?.code == .tooLarge)
    }

    // MARK: Contents

    private func read(_ files: (String, String)...) throws(GatehouseError) -> Bundle {
        var tar = HandmadeTar()
        for (path, text) in files { tar.add(path, text) }
        return try BundleReader().read(archive: tar.finished)
    }

    @Test func pathsAreThoseOfOPA() throws {
        let bundle = try read(
            ("/policy/a.rego", "package a"), ("/data.json", #"{"b": {"c": 1}}"#), ("./b/data.json", #"{"d": 2}"#))
        #expect(bundle.modules.map(\.path) == ["policy/a.rego"])
        #expect(bundle.data == ["b": ["c": 1, "d": 2]])
        #expect(try read(("x/data.json", "5")).data == ["x": 5])
    }

    @Test(arguments: [
        ("*.rego", "x.rego", true), ("*.rego", "a/x.rego", false), ("**/*.rego", "a/b/x.rego", true),
        ("**/x.rego", "x.rego", true), ("a/**/x.rego", "a/x.rego", true), ("a/**/x.rego", "a/b/c/x.rego", true),
        ("/a/**", "a/b/x.rego", true), ("a/*/x.rego", "a/b/c/x.rego", false), ("?.rego", "x.rego", true),
        ("**/b*/*.rego", "a/b1/c/b2/x.rego", true), ("a?b.rego", "a/b.rego", false), ("x.rego", "/x.rego", true),
    ]) func versionsGoByPattern(_ pattern: String, _ path: String, _ matches: Bool) throws {
        let manifest = "{\"rego_version\": 1, \"file_rego_versions\": {\"\(pattern)\": 0}}"
        let bundle = try read((".manifest", manifest), (path, "package x"))
        #expect(bundle.modules.first?.version == (matches ? .v0 : .v1))
    }

    @Test(arguments: [
        "[]", "{\"roots\": 1}", "{\"roots\": [1]}", "{\"revision\": 5}", "{\"rego_version\": 2}", "{", "\u{FF}",
        "{\"roots\": [\"a\", \"a/b\"]}", "{\"roots\": [\"\", \"x\"]}", "{\"wasm\": [{\"entrypoint\": \"a\"}]}",
        "{\"file_rego_versions\": {\"[a]\": 0}}", "{\"metadata\": 1}", "{\"roots\": [\"a\", \"a\"]}",
    ]) func badManifestsAreRefused(_ text: String) {
        let error = failure { _ = try read((".manifest", text)) }
        #expect(error?.domain == "policy")
        #expect(error?.message.contains("manifest") == true)
    }

    @Test func badContentsAreRefused() throws {
        #expect(failure { _ = try read(("data.json", "[1]")) }?.message.contains("data.json") == true)
        #expect(failure { _ = try read(("a/data.json", "{")) }?.message.contains("a/data.json") == true)
        #expect(failure { _ = try read(("a/data.yaml", "a: [")) }?.message.contains("a/data.yaml") == true)
        #expect(failure { _ = try read(("data.json", #"{"a": 1}"#), ("a/data.json", "2")) }?.code == .conflict)
        #expect(
            failure { _ = try read((".manifest", #"{"roots": ["a"]}"#), ("data.json", #"{"b": 1}"#)) }?.code == .invalid
        )
        #expect(failure { _ = try read(("policy.wasm", "x")) }?.code == .unsupported)
        #expect(failure { _ = try read(("patch.json", "{}")) }?.code == .unsupported)
        #expect(try read(("policy.wasm", "x"), ("a.rego", "package a")).modules.count == 1)
        #expect(failure { _ = try read((".signatures.json", "{}")) }?.code == .denied)
    }
}
