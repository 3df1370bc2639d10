import Core
import JSON
import Store
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is staged, and what commits brought since.
@Suite struct ChangesTests {
    private func assess(_ tree: TestTree, _ scope: AssessmentRequest.Scope) async throws -> Assessment {
        var request = AssessmentRequest(.path(tree.root))
        request.scope = scope
        return try await assessor.get().assess(request)
    }

    private func repository() async throws -> TestTree {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write("old.py", "k = '\(Fake.awsKey)'\n")
        try await tree.commit("first")
        return tree
    }

    @Test func stagedIsWhatTheIndexHolds() async throws {
        let tree = try await repository()
        tree.write("a/new.py", "k = '\(Fake.gitLab)'\n")
        tree.write("gone.py", "k = '\(Fake.otherKey)'\n")
        try await tree.git("add", "-A")
        // Neither what was written since, nor what is not staged, nor what was there before.
        tree.write("a/new.py", "# nothing\n")
        tree.write("untracked.py", "k = '\(Fake.otherKey)'\n")
        try await tree.git("rm", "--quiet", "--cached", "gone.py")
        let result = try await assess(tree, .staged())
        #expect(result.findings.map(\.path) == ["a/new.py"])
        #expect(result.findings.first?.isOnlyInHistory == false)
        #expect(result.scope == .staged && result.inventory.total.files == 1)
        let again = try AssessmentDocument.parse(AssessmentDocument.json(result))
        #expect(again.scope == .staged)
    }

    @Test func stagedBeforeTheFirstCommit() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        #expect(try await assess(tree, .staged()).findings.isEmpty)
        try await tree.git("add", "-A")
        #expect(try await assess(tree, .staged()).findings.map(\.path) == ["a.py"])
    }

    /// As in the hooks of `git commit -a`.
    @Test func anotherIndex() async throws {
        let tree = try await repository()
        tree.write("new.py", "k = '\(Fake.gitLab)'\n")
        try await tree.git("add", "new.py")
        let index = tree.root + "/.git/other"
        try await tree.git("update-index", "--refresh")
        #expect(rename(tree.root + "/.git/index", index) == 0)
        try await tree.git("read-tree", "HEAD")
        #expect(try await assess(tree, .staged()).findings.isEmpty)
        #expect(try await assess(tree, .staged(index: index)).findings.map(\.path) == ["new.py"])
    }

    @Test func sinceARevision() async throws {
        let tree = try await repository()
        try await tree.git("tag", "base")
        tree.write("new.py", "k = '\(Fake.gitLab)'\n")
        tree.write("brief.py", "k = '\(Fake.otherKey)'\n")
        try await tree.commit("second", date: 1_700_000_100)
        tree.write("brief.py", "k = ''\n")
        try await tree.commit("third", date: 1_700_000_200)
        let result = try await assess(tree, .since("base"))
        #expect(result.findings.map(\.path).sorted() == ["brief.py", "new.py"])
        #expect(result.findings.first { $0.path == "brief.py" }?.isOnlyInHistory == true)
        #expect(result.findings.first { $0.path == "new.py" }?.isOnlyInHistory == false)
        let base = try await tree.git("rev-parse", "base").trimmed
        #expect(result.scope == .since(commit: base))
        #expect(try await assess(tree, .since("HEAD")).findings.isEmpty)
    }

    @Test(arguments: ["no-such", "--output=x", "HEAD:old.py", ""])
    func unknownRevisions(revision: String) async throws {
        let tree = try await repository()
        await #expect { try await assess(tree, .since(revision)) } throws: { error in
            (error as? GatehouseError)?.code == .notFound
        }
    }

    @Test func onlyRepositoriesChange() async throws {
        let tree = TestTree()
        tree.write("a.py", "")
        await #expect { try await assess(tree, .staged()) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    /// What was not looked at is not fixed.
    @Test func nothingElseIsTakenForFixed() async throws {
        let tree = try await repository()
        let data = TestTree()
        let findings = FindingsStore(
            try Store.open(path: data.root + "/db", migrations: Scan.migrations), version: "1.0.0")
        _ = try await findings.record(try await tree.assess())
        tree.write("new.py", "k = '\(Fake.gitLab)'\n")
        try await tree.git("add", "-A")
        _ = try await findings.record(try await assess(tree, .staged()))
        #expect(try await findings.openCounts().values.reduce(0, +) == 2)
    }

    /// A secret that a commit of the branch touched and another put back is where it was.
    @Test func whatIsInTheTreeStaysThere() async throws {
        let tree = try await repository()
        let data = TestTree()
        let findings = FindingsStore(
            try Store.open(path: data.root + "/db", migrations: Scan.migrations), version: "1.0.0")
        _ = try await findings.record(try await tree.assess())
        tree.write("old.py", "# note\nk = '\(Fake.awsKey)'\n")
        try await tree.commit("edited", date: 1_700_000_100)
        tree.write("old.py", "k = '\(Fake.awsKey)'\n")
        try await tree.commit("back", date: 1_700_000_200)
        let result = try await findings.record(try await assess(tree, .since("HEAD~2")))
        #expect(result.findings.map(\.isOnlyInHistory) == [false])
    }

    @Test func argumentsThatDoNotGoTogether() throws {
        for json in [
            #"{"path":"/x","staged":true,"since":"a"}"#, #"{"path":"/x","staged":true,"history":true}"#,
            #"{"url":"https://example.org/x","staged":true}"#, #"{"path":"/x","index":"/i"}"#,
            #"{"path":"/x","staged":1}"#, #"{"path":"/x","since":""}"#,
        ] {
            #expect(throws: GatehouseError.self) {
                try AssessArguments(try .parse(Array(json.utf8)), limits: .standard)
            }
        }
    }
}
