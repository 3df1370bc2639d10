import Core
import JSON
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct HistoryTests {
    /// A repository whose first secret was replaced by a second, and whose third is on a branch only.
    private func repository() async throws -> TestTree {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write("README", "hello\n")
        try await tree.commit("first", date: 1_700_000_000)
        tree.write("conf/a.py", "k = '\(Fake.awsKey)'\n")
        try await tree.commit("leak", date: 1_700_000_100)
        tree.write("conf/a.py", "# note\nk = '\(Fake.awsKey)'\n")
        try await tree.commit("edit", date: 1_700_000_200)
        try await tree.git("checkout", "--quiet", "-b", "side")
        tree.write("b.py", "k = '\(Fake.gitLab)'\n")
        try await tree.commit("side", date: 1_700_000_300)
        try await tree.git("checkout", "--quiet", "main")
        tree.write("conf/a.py", "k = '\(Fake.otherKey)'\n")
        try await tree.commit("rotate", date: 1_700_000_400)
        return tree
    }

    @Test func pastCommitsAreLookedThrough() async throws {
        let tree = try await repository()
        let now = try await tree.assess()
        #expect(now.findings.map(\.path) == ["conf/a.py"])
        #expect(now.history == nil)
        let result = try await tree.assess(history: true)
        #expect(result.uncheckedCount == 0, "\(result.unchecked)")
        #expect(result.findings.count == 3)
        let past = try #require(result.findings.first { $0.isOnlyInHistory && $0.path == "conf/a.py" })
        let leak = try await tree.git("rev-parse", "main~2").trimmed
        #expect(past.commit == .init(id: leak, authored: Timestamp(seconds: 1_700_000_100)))
        #expect(past.start.line == 1)
        let side = try #require(result.findings.first { $0.path == "b.py" })
        #expect(side.isOnlyInHistory)
        let present = try #require(result.findings.first { !$0.isOnlyInHistory })
        #expect(present.commit?.authored == Timestamp(seconds: 1_700_000_400))
        #expect(present.fingerprint == now.findings.first?.fingerprint)
        #expect(result.history?.blobs == 5)
    }

    @Test func aLargePastVersionIsReadAsItComes() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        let filler = String(repeating: "some words and more words\n", count: 200_000)
        tree.write("big.txt", filler + "k = '\(Fake.awsKey)'\n" + filler)
        tree.write("empty.txt", "")
        try await tree.commit("big")
        tree.write("big.txt", "small\n")
        try await tree.commit("small")
        let result = try await tree.assess(history: true)
        #expect(result.findings.map(\.start.line) == [200_001])
        let cut = try await tree.assess(history: true, limits: .init(blobBytes: 1 << 20))
        #expect(cut.findings.isEmpty)
        #expect(cut.unchecked.map(\.reason) == [.tooLarge])
    }

    @Test func aRenameIsNotASecondFinding() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write("old.py", "k = '\(Fake.awsKey)'\n")
        try await tree.commit("first")
        try await tree.git("mv", "old.py", "new.py")
        try await tree.commit("moved")
        let result = try await tree.assess(history: true)
        #expect(result.findings.map(\.path) == ["new.py"])
        #expect(result.findings.first?.isOnlyInHistory == false)
    }

    @Test func addressesAreClonedAndForgotten() async throws {
        let tree = try await repository()
        let url = try GitURL("file://" + tree.root)
        let shallow = try await assessor.get().assess(AssessmentRequest(.url(url)))
        #expect(shallow.findings.map(\.path) == ["conf/a.py"])
        #expect(shallow.listing == .commit)
        #expect(shallow.repository == "file://" + tree.root)
        #expect(shallow.inventory.total.files == 2)
        try await tree.git("clone", "--quiet", "--bare", tree.root, tree.root + "/bare")
        let bare = try await assessor.get().assess(AssessmentRequest(.path(tree.root + "/bare")))
        #expect(bare.findings.map(\.path) == ["conf/a.py"])
        #expect(bare.listing == .commit)
        let whole = try await assessor.get().assess(AssessmentRequest(.url(url), history: true))
        #expect(whole.findings.count == 3, "\(whole.unchecked)")
        #expect(
            Set(whole.findings.map(\.fingerprint))
                == Set(try await tree.assess(history: true).findings.map(\.fingerprint)))
        await #expect(throws: GatehouseError.self) {
            _ = try await assessor.get().assess(AssessmentRequest(.url(try GitURL("file:///nowhere/at/all"))))
        }
    }

    @Test func nothingInARepositoryIsExecuted() async throws {
        let tree = try await repository()
        let trap = tree.root + "/trap"
        let command = "touch \(trap)"
        for (key, value) in [
            ("core.fsmonitor", command), ("core.sshCommand", command), ("core.pager", command),
            ("log.showSignature", "true"),
            ("gpg.program", command), ("diff.external", command), ("filter.x.clean", command),
            ("filter.x.smudge", command),
            ("core.hooksPath", tree.root + "/hooks"), ("uploadpack.packObjectsHook", command),
            ("core.alternateRefsCommand", command),
            ("remote.origin.url", "ext::sh -c '\(command)'"), ("remote.origin.promisor", "true"),
            ("extensions.partialClone", "origin"),
        ] {
            try await tree.git("config", key, value)
        }
        tree.write(".gitattributes", "* filter=x diff=x\n")
        for hook in ["post-checkout", "pre-commit", "post-index-change", "fsmonitor-watchman"] {
            tree.write("hooks/\(hook)", "#!/bin/sh\n\(command)\n")
            tree.write(".git/hooks/\(hook)", "#!/bin/sh\n\(command)\n")
            chmod("\(tree.root)/hooks/\(hook)", 0o755)
            chmod("\(tree.root)/.git/hooks/\(hook)", 0o755)
        }
        // A missing object makes a partial clone ask its remote.
        let blob = try await tree.git("rev-parse", "side:b.py").trimmed
        unlink("\(tree.root)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
        let result = try await tree.assess(history: true)
        #expect(access(trap, F_OK) != 0)
        #expect(result.findings.contains { $0.path == "conf/a.py" })
        #expect(result.uncheckedCount > 0)
        #expect(!result.repository.contains("sh -c"))
    }

    @Test func addressesAreChecked() throws {
        let pair = ["user", "pa%40ss"].joined(separator: ":")
        #expect(try GitURL("https://\(pair)@host/x.git").address == "https://host/x.git")
        #expect(try GitURL("https://\(pair)@host/x.git").credentials?.expose() == "user:pa@ss")
        #expect(try GitURL("ssh://\(pair)@host:22/x").address == "ssh://user@host:22/x")
        #expect(try GitURL("git@host:group/x.git").scheme == .ssh)
        for bad in [
            "http://host/x", "git://host/x", "ext::sh -c id", "ssh://-oProxyCommand=x/y", "https://host", "-u@host:x",
            "a b@host:x",
            "git@-host:x", "git@host:-x", "file://host/x", "https:///x", "https://ho\nst/x", "/etc/passwd", "",
        ] {
            #expect(throws: GatehouseError.self, "\(bad)") { try GitURL(bad) }
        }
        #expect(
            Git.redacted("fatal: cannot read 'https://a:b@host/x': no") == "fatal: cannot read 'https://host/x': no")
    }
}

extension String {
    var trimmed: String { String(reversed().drop { $0 == "\n" }.reversed()) }
}
