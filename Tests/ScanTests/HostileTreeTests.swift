import Core
import Privacy
import TestSupport
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct HostileTreeTests {
    @Test(.timeLimit(.minutes(2))) func nothingHoldsUpOrLeadsOut() async throws {
        let outside = TestTree()
        outside.write("secret.py", "k = '\(Fake.otherKey)'\n")
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        mkfifo("\(tree.root)/fifo", 0o644)
        symlink(".", "\(tree.root)/loop")
        symlink(outside.root, "\(tree.root)/out")
        symlink("\(outside.root)/secret.py", "\(tree.root)/out.py")
        symlink("nowhere", "\(tree.root)/dangling")
        tree.write(Array("bad".utf8) + [0xFF, 0xFE] + Array(".py".utf8), Array("k = '\(Fake.gitLab)'\n".utf8))
        tree.write("new\nline\u{1B}[31m.py", "k = '\(Fake.gitLab)'\n")
        tree.write(Array("binary.dat".utf8), Array("k = '\(Fake.otherKey)'".utf8) + [0])
        tree.write(Array("wide.txt".utf8), [0xFF, 0xFE, 0x41, 0x00])
        let sparse = open("\(tree.root)/sparse.txt", O_WRONLY | O_CREAT, 0o644)
        ftruncate(sparse, 2 << 30)
        close(sparse)
        let result = try await tree.assess()
        #expect(Set(result.findings.map(\.path)) == ["a.py", "bad\\xff\\xfe.py", "new\\u{a}line\\u{1b}[31m.py"])
        #expect(result.inventory.skipped[.symlink] == 4)
        #expect(result.inventory.skipped[.special] == 1)
        #expect(result.inventory.skipped[.binary] == 2)
        #expect(result.unchecked.map(\.reason) == [.encoding])
    }

    @Test(.timeLimit(.minutes(2))) func theSameInsideGit() async throws {
        let outside = TestTree()
        outside.write("secret.py", "k = '\(Fake.otherKey)'\n")
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("sub/b.py", "k = 1\n")
        symlink("\(outside.root)/secret.py", "\(tree.root)/out.py")
        try await tree.commit("first")
        // What git lists as a file of a folder has become a link that leads out.
        TemporaryFolder.remove("\(tree.root)/sub")
        symlink(outside.root, "\(tree.root)/sub")
        outside.write("b.py", "k = '\(Fake.otherKey)'\n")
        mkfifo("\(tree.root)/fifo", 0o644)
        let result = try await tree.assess()
        #expect(result.findings.map(\.path) == ["a.py"])
        #expect(result.unchecked.contains { $0.path == "sub/b.py" } || (result.inventory.skipped[.symlink] ?? 0) >= 2)
    }

    @Test(.timeLimit(.minutes(2))) func aLineOfFiftyMegabytes() async throws {
        let tree = TestTree()
        let filler = Array(String(repeating: "lorem ipsum dolor ", count: 64).utf8)
        var bytes = [UInt8]()
        bytes.reserveCapacity(51 << 20)
        var offsets: [Int] = []
        while bytes.count < 50 << 20 {
            // A secret on every seam of windows, and some between.
            if bytes.count % 3 == 0, offsets.count < 150 {
                bytes += " '\(Fake.awsKey)' ".utf8
                offsets.append(bytes.count - 21)
            }
            for _ in 0..<97 { bytes += filler }
        }
        tree.write(Array("line.txt".utf8), bytes)
        let result = try await tree.assess(limits: .init(findingsPerFile: 1000))
        #expect(result.findings.map(\.start.column).sorted() == offsets)
        #expect(result.findings.allSatisfy { $0.start.line == 1 && $0.snippet.utf8.count < 400 })
        let cut = try await tree.assess(limits: .init(fileBytes: 1 << 20))
        #expect(cut.unchecked.map(\.reason) == [.tooLarge])
        #expect(cut.inventory.total.bytes == 1 << 20)
    }

    @Test func seamsBetweenWindows() throws {
        let scanner = try SecretScanner(.init())
        for shift in stride(from: -40, through: 40, by: 7) {
            for seam in [
                ContentScan.windowBytes, ContentScan.windowBytes - ContentScan.overlap,
                ContentScan.windowBytes - ContentScan.overlap + ContentScan.lead,
            ] {
                var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: 3 << 20)
                let at = seam + shift
                bytes.replaceSubrange(at..<at + 22, with: "'\(Fake.awsKey)'".utf8)
                var scan = ContentScan(scanners: [scanner], limits: .standard)
                scan.begin(Array("a".utf8))
                bytes.withUnsafeBytes { scan.append($0) }
                let outcome = scan.finish()
                #expect(outcome.hits.map(\.start) == [Place(line: at + 1, column: 2)])
                #expect(outcome.lines == (3 << 20) - 22)
            }
        }
    }

    @Test func fiveThousandFilesAndAnUnreadableOne() async throws {
        let tree = TestTree()
        for index in 0..<5000 { tree.write("d\(index % 50)/f\(index).txt", "line \(index)\n") }
        tree.write("closed.txt", "x\n")
        chmod("\(tree.root)/closed.txt", 0)
        let result = try await tree.assess()
        if geteuid() == 0 {
            // Root reads everything: that a refusal is reported is shown by the vanished file elsewhere.
            #expect(result.inventory.total == .init(files: 5001, bytes: 48_892, lines: 5001))
        } else {
            #expect(result.unchecked.map(\.path) == ["closed.txt"])
            #expect(result.unchecked.map(\.reason) == [.unreadable])
        }
    }

    @Test func aTemporaryFolderIsGoneWithWhateverItHeld() async throws {
        let tree = TestTree()
        tree.write(Array("in/bad".utf8) + [0xFF], [1])
        symlink("/etc", "\(tree.root)/in/link")
        TemporaryFolder.remove(tree.root + "/in")
        #expect(access(tree.root + "/in", F_OK) != 0)
        #expect(access("/etc/passwd", F_OK) == 0)
    }

    @Test func foldersThatNestWithoutEnd() async throws {
        let tree = TestTree()
        tree.folder(String(repeating: "d/", count: 300))
        let result = try await tree.assess()
        #expect(result.unchecked.map(\.reason) == [.tooDeep])
    }

    @Test func randomBytesNeverCrash() throws {
        let scanner = try SecretScanner(.init())
        var random = SeededRandom(seed: 3)
        let seed = Array("k = '\(Fake.awsKey)' # gatehouse:allow * x\n".utf8)
        for _ in 0..<3000 {
            var bytes = seed + seed
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var scan = ContentScan(scanners: [scanner], limits: .standard)
            scan.begin(bytes.prefix(9).map { $0 })
            bytes.withUnsafeBytes { scan.append($0) }
            _ = scan.finish()
        }
    }
}
