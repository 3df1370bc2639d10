import Core
import JSON
import Policy
import Rego
import TestSupport
import Testing

@Suite struct BundleWriterTests {
    private let bundle = Bundle(
        manifest: .init(revision: "9", roots: ["a", "b"], regoVersion: .v1, metadata: ["x": 1]),
        modules: [
            PolicyModule(path: "a/\(String(repeating: "long/", count: 40))x.rego", text: "package a.x", version: .v1),
            PolicyModule(path: "b.rego", text: "package b\np { true }", version: .v0),
        ], data: ["a": ["n": [1, 2]]], plan: Array("{}".utf8))

    @Test func whatIsWrittenIsRead() throws {
        let read = try BundleReader().read(archive: try BundleWriter().build(bundle))
        #expect(read.modules == bundle.modules)
        #expect(read.data == bundle.data)
        #expect(read.plan == bundle.plan)
        #expect(read.manifest.fileRegoVersions == ["/b.rego": .v0])
        #expect(read.manifest.metadata == bundle.manifest.metadata)
        #expect(try BundleWriter().build(read) == (try BundleWriter().build(bundle)))
    }

    @Test func orderDoesNotMatter() throws {
        var other = bundle
        other.modules.reverse()
        #expect(try BundleWriter().build(other) == (try BundleWriter().build(bundle)))
    }

    @Test func tarReadsIt() throws {
        let scratch = ScratchFolder()
        try scratch.write("b.tar.gz", try BundleWriter().build(bundle))
        try scratch.write("out/keep", "")
        #expect(run("tar", "-xzf", "\(scratch.path)/b.tar.gz", "-C", "\(scratch.path)/out") == 0)
        #expect(try scratch.bytes("out/b.rego") == bundle.modules[1].text)
        #expect(try BundleReader().read(folder: "\(scratch.path)/out").modules == bundle.modules)
    }

    @Test func impossibleBundlesAreRefused() {
        for path in ["../a.rego", "", "a.txt", "a//b.rego"] {
            let bundle = Bundle(modules: [PolicyModule(path: path, text: "package a")])
            #expect(failure { _ = try BundleWriter().build(bundle) } != nil, "\(path)")
        }
        let twice = Bundle(modules: [.init(path: "a.rego", text: ""), .init(path: "/a.rego", text: "")])
        #expect(failure { _ = try BundleWriter().build(twice) } != nil)
    }
}
