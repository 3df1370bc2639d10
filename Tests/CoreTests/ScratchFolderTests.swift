import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ScratchFolderTests {
    private func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private func write(_ path: [UInt8]) {
        let file = open((path + [0]).map(CChar.init(bitPattern:)), O_WRONLY | O_CREAT, 0o600)
        if file >= 0 { close(file) }
    }

    @Test func itIsGoneWithWhateverItHeld() {
        let other = ScratchFolder()
        defer { other.remove() }
        write(Array(other.file("kept").utf8))
        let folder = ScratchFolder()
        for name in ["in", "in/closed"] { mkdir(folder.file(name), 0o700) }
        write(Array(folder.file("in/closed/a").utf8))
        write(Array(folder.file("in/").utf8) + [0xFF, 0xFE])
        symlink(other.path, folder.file("link"))
        chmod(folder.file("in/closed"), 0)
        #expect(ScratchFolder.names(in: folder.path).sorted() == ["in", "link"])
        folder.remove()
        #expect(!isThere(folder.path) && !isThere(folder.path + ".gone"))
        #expect(isThere(other.file("kept")))
    }

    @Test func itIsGoneHoweverTheWorkEnds() async {
        struct Failure: Error {}
        var path = ""
        await #expect(throws: Failure.self) {
            try await ScratchFolder.with { folder in
                path = folder
                #expect(isThere(folder))
                throw Failure()
            }
        }
        #expect(!path.isEmpty && !isThere(path))
    }

    @Test func whatStillWritesThereLeavesNothing() async {
        for _ in 0..<20 {
            let folder = ScratchFolder()
            let path = folder.path
            async let writing: Void = Task.detached {
                for number in 0..<2000 { write(Array("\(path)/\(number)".utf8)) }
            }.value
            while ScratchFolder.names(in: path).isEmpty { await Task.yield() }
            folder.remove()
            await writing
            #expect(!isThere(path) && !isThere(path + ".gone"))
        }
    }
}
