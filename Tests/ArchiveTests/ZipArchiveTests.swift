import Archive
import Core
import Foundation
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
    /// Made by the system's Python, whose zip files are not ours.
    private static func made(_ script: String, in folder: ScratchFolder) throws -> String {
        let path = folder.file("made.zip")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import zipfile, sys\npath = sys.argv[1]\n" + script, path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    private static let plain = """
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("a.txt", "hello " * 1000)
            z.writestr("b/c.bin", bytes(range(256)), zipfile.ZIP_STORED)
            z.comment = b"PK\\x05\\x06 in a comment"
        """

    @Test func entriesAreRead() throws {
        let folder = ScratchFolder()
        let archive = try ZipArchive(FileSource(Self.made(Self.plain, in: folder)))
        #expect(archive.entries.map(\.name) == ["a.txt", "b/c.bin"])
        let texts = try archive.entries.map { try archive.read($0, limit: 1 << 20) }
        #expect(String(decoding: texts[0], as: UTF8.self) == String(repeating: "hello ", count: 1000))
        #expect(texts[1] == Array(0...255))
        #expect(archive.entries[0].modified != nil)
    }

    @Test func manyEntriesNeedTheLargeRecord() throws {
        let folder = ScratchFolder()
        let script = """
            with zipfile.ZipFile(path, "w") as z:
                for i in range(66000): z.writestr(str(i), "x")
            """
        let archive = try ZipArchive(FileSource(Self.made(script, in: folder)))
        #expect(archive.entries.count == 66_000)
        #expect(try archive.read(archive.entries[65_999], limit: 10) == Array("x".utf8))
    }

    @Test func whatGrowsBeyondTheLimitIsRefused() throws {
        let folder = ScratchFolder()
        let script = """
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z: z.writestr("bomb", b"0" * 50_000_000)
            """
        let archive = try ZipArchive(FileSource(Self.made(script, in: folder)))
        #expect { try archive.read(archive.entries[0], limit: 1 << 20) } throws: {
            ($0 as? GatehouseError)?.code == .tooLarge
        }
    }

    @Test func whatIsNoArchiveIsRefused() {
        for bytes in [[], Array("not a zip file at all, and long enough to hold an end".utf8)] as [[UInt8]] {
            #expect { try ZipArchive(MemorySource(bytes)) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
        }
    }

    /// Damage of any kind is an error or the right content, never a crash and never other bytes.
    @Test func mutatedArchives() throws {
        let folder = ScratchFolder()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: Self.made(Self.plain, in: folder))))
        let good = Set([Array(String(repeating: "hello ", count: 1000).utf8), Array(0...255)])
        var random = SeededRandom(seed: 3)
        var refused = 0
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            guard let archive = try? ZipArchive(MemorySource(bytes)) else {
                refused += 1
                continue
            }
            for entry in archive.entries {
                if let content = try? archive.read(entry, limit: 1 << 20) { #expect(good.contains(content)) }
            }
        }
        #expect(refused > 1_000)
    }
}
