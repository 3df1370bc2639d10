import TestSupport
import Testing

@testable import Scan

/// What our own walk lists must be what git lists.
@Suite struct IgnoreTests {
    private static let names = ["a", "b", "ab", "foo", "bar", "foo.txt", "a b", "x.o", "#c", "!d", "é", "[z]", "doc"]
    private static let patterns = [
        "a", "b/", "/a", "/foo/", "foo", "*.o", "*.txt", "!foo.txt", "!a", "**/foo", "foo/**", "a/**/b", "/**", "!/**",
        "**", "*",
        "!*/", "a/*", "!a/b", "f?o", "[a-f]*", "[!a]b", "[^b]", "*b", "**/a/*", "/*/b", "foo*", "fo**o", "a/**",
        "!**/b/", "\\#c",
        "\\!d", "# comment", "", "/", "a b", "a\\ b", "doc  ", "doc\\ ", "x.o\r", "[[:alpha:]]", "[[:upper:]]*",
        "\\[z\\]", "[z", "é",
        "a//b", "./a", "bar/foo", "*/foo", "**/bar/**", "foo/", "!foo/", "ab*", "*a*b*", "a\\", "[]a]", "[a-]",
    ]

    private func makeTree(_ tree: TestTree, _ random: inout SeededRandom) {
        var folders = [""]
        for _ in 0..<8 {
            let folder =
                (folders.randomElement(using: &random) ?? "") + (Self.names.randomElement(using: &random) ?? "a") + "/"
            if folder.utf8.count < 60 { folders.append(folder) }
        }
        for folder in folders {
            for _ in 0..<3 { tree.write(folder + "f" + (Self.names.randomElement(using: &random) ?? "a"), "x") }
            for _ in 0..<2 { tree.write(folder + (Self.names.randomElement(using: &random) ?? "a"), "x") }
            guard Bool.random(using: &random) || folder.isEmpty else { continue }
            let lines = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                Self.patterns.randomElement(using: &random) ?? ""
            }
            tree.write(folder + ".gitignore", lines.joined(separator: "\n") + (Bool.random(using: &random) ? "\n" : ""))
        }
    }

    private func listed(_ tree: TestTree) throws -> Set<String> {
        let walk = FolderWalk(try TreeReader(root: tree.root))
        var paths: Set<String> = []
        while let step = walk.next() {
            if case .file(let path) = step { paths.insert(String(decoding: path, as: UTF8.self)) }
        }
        return paths
    }

    @Test(arguments: 1...40) func listsWhatGitLists(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        makeTree(tree, &random)
        tree.write(
            ".git/info/exclude",
            (0..<2).map { _ in Self.patterns.randomElement(using: &random) ?? "" }.joined(separator: "\n"))
        let expected = try await tree.git("ls-files", "-z", "--others", "--exclude-standard").split(separator: "\0")
            .map(String.init)
        let found = try listed(tree)
        #expect(found.subtracting(expected) == [], "listed, but git ignores them")
        #expect(Set(expected).subtracting(found) == [], "git lists them")
    }

    @Test func aHostilePatternCostsLittle() async {
        let pattern = Array(String(repeating: "*a", count: 40).utf8)
        let rules = IgnoreRules(pattern)
        let name = Array(String(repeating: "a", count: 250).utf8 + [UInt8(ascii: "b")])
        let took = await shortestTime(within: .seconds(2)) { _ = rules.decision(on: name[...], isDirectory: false) }
        #expect(took < .seconds(2))
    }

    @Test func randomBytesNeverCrash() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("*?[]!\\/-^:ab\n #\r".utf8)
        for _ in 0..<20_000 {
            let file = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let path = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                Array("ab/[-".utf8).randomElement(using: &random) ?? 0
            }
            _ = IgnoreRules(file).excludes(path)
        }
    }
}
