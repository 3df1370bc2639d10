import Core
import TestSupport
import Testing

@testable import Matching

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sets that were compiled before: they have to be what compiling anew gives, whatever became of their files.
@Suite struct PatternCacheTests {
    private static let patterns = (0..<20).map { Pattern(id: $0, "k\($0)[a-z]{2}(x|y+)?", options: .caseless) }
    private static let text = Array("k3ab K19zzyy k0qq".utf8)

    private func with(_ work: (PatternFolder, _ path: String) throws -> Void) throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let path = scratch.file("patterns")
        try work(PatternFolder(path), path)
    }

    private func file(_ folder: PatternFolder, _ patterns: [Pattern] = patterns) -> PatternFile {
        PatternFile(folder, patterns, mode: .block)
    }

    private func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    @Test func whatIsReadBackIsWhatWasCompiled() throws {
        try with { folder, path in
            let compiled = try CompiledPatterns(compiling: Self.patterns, mode: .block)
            #expect(file(folder).read() == nil)
            file(folder).write(compiled)
            let kept = try #require(file(folder).read())
            #expect(kept.traits == compiled.traits)
            #expect(try matches(kept) == matches(compiled))
            #expect(try matches(kept).count == 5)
            var status = stat()
            let name = try #require(names(path).first)
            #expect(stat("\(path)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func aCacheServesManyAndAsksTheFolderOnce() throws {
        try with { _, path in
            let first = PatternCache()
            first.keep(in: path)
            let made = try first.compiled(Self.patterns, mode: .block)
            #expect(try first.compiled(Self.patterns, mode: .block).database === made.database)
            #expect(names(path).count == 1)
            // A few patterns take less time than a file.
            _ = try first.compiled(Array(Self.patterns.prefix(3)), mode: .block)
            #expect(names(path).count == 1)
            let second = PatternCache()
            second.keep(in: path)
            #expect(try matches(second.compiled(Self.patterns, mode: .block)) == matches(made))
            for number in 0..<40 { _ = try first.compiled([Pattern(id: number, "only\(number)")], mode: .block) }
            #expect(try first.compiled(Self.patterns, mode: .block).database !== made.database)
        }
    }

    @Test func damageIsNoticedWhereverItIs() throws {
        try with { folder, path in
            file(folder).write(try CompiledPatterns(compiling: Self.patterns, mode: .block))
            let name = try #require(names(path).first)
            let whole = try #require(folder.read(name, limit: 1 << 20))
            var random = SeededRandom(seed: 7)
            for _ in 0..<200 {
                var broken = whole
                broken[Int.random(in: 0..<whole.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                folder.write(broken, as: name)
                #expect(file(folder).read() == nil)
                folder.write(Array(whole.prefix(Int.random(in: 0..<whole.count, using: &random))), as: name)
                #expect(file(folder).read() == nil)
            }
            folder.write(whole, as: name)
            #expect(file(folder).read() != nil)
        }
    }

    @Test func anotherSetUnderTheNameIsNotTaken() throws {
        try with { folder, path in
            let other = Array(Self.patterns.dropLast()) + [Pattern(id: 19, "other")]
            file(folder, other).write(try CompiledPatterns(compiling: other, mode: .block))
            let kept = try #require(names(path).first)
            let foreign = try #require(folder.read(kept, limit: 1 << 20))
            file(folder).write(try CompiledPatterns(compiling: Self.patterns, mode: .block))
            for name in names(path) { folder.write(foreign, as: name) }
            #expect(file(folder).read() == nil)
            #expect(file(folder, other).read() != nil)
            #expect(PatternFile(folder, other, mode: .streaming).read() == nil)
        }
    }

    @Test func filesThatOthersCouldHaveWrittenAreNotRead() throws {
        try with { folder, path in
            file(folder).write(try CompiledPatterns(compiling: Self.patterns, mode: .block))
            let kept = try #require(names(path).first)
            let name = "\(path)/\(kept)"
            chmod(name, 0o620)
            #expect(file(folder).read() == nil)
            chmod(name, 0o600)
            #expect(file(folder).read() != nil)
            rename(name, "\(path)/elsewhere")
            symlink("\(path)/elsewhere", name)
            #expect(file(folder).read() == nil)
        }
    }

    @Test func aFolderThatCannotBeMadeIsDoneWithout() throws {
        let cache = PatternCache()
        cache.keep(in: "/proc/gatehouse/patterns")
        #expect(try matches(cache.compiled(Self.patterns, mode: .block)).count == 5)
    }

    @Test func aFullFolderBeginsAnew() throws {
        try with { folder, path in
            for number in 0...PatternFolder.mostFiles { folder.write([1], as: "f\(number)") }
            #expect(names(path).count == PatternFolder.mostFiles + 1)
            folder.write([1], as: "last")
            #expect(names(path) == ["last"])
        }
    }

    private func matches(_ compiled: CompiledPatterns) throws -> [PatternSet.Match] {
        try PatternSet(Self.patterns, compiled: compiled, mode: .block).matches(in: Self.text)
    }
}
