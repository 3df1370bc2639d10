import Core
import Policy
import Rego
import TestSupport
import Testing

@Suite struct HostileArchiveTests {
    private func refusal(_ bytes: [UInt8], _ limits: BundleLimits = .default) -> GatehouseError? {
        failure { _ = try BundleReader(limits: limits).read(archive: bytes) }
    }

    @Test(arguments: [
        "../x.rego", "a/../../x.rego", "a/..", "//etc/x.rego", "a//b.rego", "a\\b.rego", "a\nb.rego", "..", "/../x",
    ]) func pathsThatLeadElsewhere(_ path: String) {
        let error = refusal(HandmadeTar.of(path, "package x"))
        #expect(error?.code == .invalid, "\(path)")
        #expect(error?.message.contains("path") == true)
    }

    @Test(arguments: ["1", "2", "3", "4", "6", "S", "Z"] as [Character]) func whatIsNoFile(_ type: Character) {
        let error = refusal(HandmadeTar.of("evil.rego", type: type, link: "/etc/passwd"))
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("evil.rego") == true)
    }

    @Test func duplicates() {
        var tar = HandmadeTar()
        tar.add("a.rego", "package a")
        tar.add("./a.rego", "package b")
        #expect(refusal(tar.finished)?.message == "the bundle has two files a.rego")
    }

    @Test func extendedHeaders() throws {
        func record(_ text: String) -> String {
            let length = text.utf8.count + 4
            return "\(length < 10 ? " \(length)" : "\(length)") \(text)\n"
        }
        var tar = HandmadeTar()
        tar.add("p", record("path=../../x.rego"), type: "x")
        tar.add("good.rego", "package a")
        #expect(refusal(tar.finished)?.code == .invalid)
        tar = HandmadeTar()
        tar.add("p", record("path=evil.rego"), type: "g")
        tar.add("good.rego", "package a")
        #expect(refusal(tar.finished)?.message.contains("global header") == true)
        for bad in ["99 path=x\n", "path=x\n", "5 path=x\n", "-1 a=b\n", "9999999999999999999999 a=b\n", "8 pathx\n"] {
            tar = HandmadeTar()
            tar.add("p", bad, type: "x")
            tar.add("good.rego", "package a")
            #expect(refusal(tar.finished)?.code == .corrupt, "\(bad)")
        }
        tar = HandmadeTar()
        tar.add("p", record("path=renamed.rego"), type: "x")
        tar.add("good.rego", "package a")
        #expect(try BundleReader().read(archive: tar.finished).modules.map(\.path) == ["renamed.rego"])
    }

    @Test func sizesThatLie() {
        for size in ["00000777777", "00000010000", "99999999999", "-0000000001", "\u{0}"] {
            var tar = HandmadeTar()
            tar.add("a.rego", "package a", size: size)
            #expect(failure { _ = try BundleReader().read(archive: tar.finished) }?.code == .corrupt, "\(size)")
        }
        var broken = HandmadeTar()
        broken.add("a.rego", "package a", fixesChecksum: false)
        #expect(refusal(broken.finished)?.code == .corrupt)
    }

    @Test func whatIsCutShort() throws {
        let whole = HandmadeTar.of("a.rego", "package a")
        for count in [1, 511, 512, 600, 1023, 1024] { #expect(refusal(Array(whole.prefix(count)))?.code == .corrupt) }
        #expect(refusal([])?.code == .corrupt)
        #expect(refusal(whole + Array("more".utf8))?.code == .corrupt)
        let packed = try BundleWriter().build(.of("package a\nx := 1", root: "a"))
        for count in stride(from: 1, to: packed.count, by: 7) {
            #expect(refusal(Array(packed.prefix(count)))?.code == .corrupt, "\(count)")
        }
        #expect(refusal(packed + [1, 2, 3])?.code == .corrupt)
        #expect(failure { _ = try BundleReader().read(archive: packed + packed) }?.code == .corrupt)
        #expect(try BundleReader().read(archive: packed + [0, 0, 0]).modules.count == 1)
    }

    @Test func limits() {
        var limits = BundleLimits()
        limits.archiveBytes = 1000
        let tar = HandmadeTar.of("folder/a.rego", "package a")
        #expect(refusal(tar, limits)?.code == .tooLarge)
        limits = BundleLimits()
        limits.fileBytes = 5
        #expect(refusal(tar, limits)?.message.contains("folder/a.rego") == true)
        limits = BundleLimits()
        limits.pathBytes = 5
        #expect(refusal(tar, limits)?.code == .tooLarge)
        limits = BundleLimits()
        limits.depth = 1
        #expect(refusal(tar, limits)?.code == .tooLarge)
        limits = BundleLimits()
        limits.entries = 2
        var many = HandmadeTar()
        for number in 0..<3 { many.add("\(number)", type: "5") }
        #expect(refusal(many.finished, limits)?.code == .tooLarge)
    }

    /// 300 MB of zeros in a file, which gzip makes a thousand times smaller.
    @Test func decompressionBombs() throws {
        let scratch = ScratchFolder()
        run("truncate", "-s", "300M", "\(scratch.path)/data.json")
        run("tar", "-czf", "\(scratch.path)/b.tar.gz", "-C", scratch.path, "data.json")
        let bytes = try scratch.bytes("b.tar.gz")
        #expect(bytes.count < 1 << 20)
        #expect(refusal(bytes)?.message == "the bundle decompresses to more than 200 times its size")
        var limits = BundleLimits()
        limits.ratio = 100_000
        limits.totalBytes = 8 << 20
        #expect(refusal(bytes, limits)?.code == .tooLarge)
    }

    /// Patterns that match slowly, against many files with long names.
    @Test(.timeLimit(.minutes(1))) func slowPatterns() {
        let patterns = (0..<500).map { "\"/**a*a*a*\($0)b\": 0" }
        var tar = HandmadeTar()
        tar.add(".manifest", "{\"file_rego_versions\": {\(patterns.joined(separator: ", "))}}")
        for number in 0..<2000 { tar.add("\(String(repeating: "a", count: 80))\(number).rego", "package a") }
        #expect(refusal(tar.finished)?.message.contains("too many files for the patterns") == true)
    }

    /// SeededRandom damage to archives, packed and not: an error or a bundle, and never a crash.
    @Test(.timeLimit(.minutes(1))) func damageNeverCrashes() throws {
        let bundle = Bundle(
            manifest: .init(revision: "1", roots: ["a"]), modules: [PolicyModule(path: "a.rego", text: "package a")],
            data: ["a": ["b": [1, 2, "x"]]])
        let packed = try BundleWriter().build(bundle)
        var tar = HandmadeTar()
        tar.add("p", "20 path=renamed.rego\n", type: "x")
        tar.add("a.rego", "package a")
        tar.add("a/data.json", #"{"b": [1, 2.5, "x"]}"#)
        tar.add(".manifest", #"{"roots": ["a"], "revision": "1"}"#)
        var random = SeededRandom(seed: 42)
        var read = 0
        let end = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < end {
            var bytes = Bool.random(using: &random) ? packed : tar.finished
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + 700))
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 512)], at: at)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            if Bool.random(using: &random) { HandmadeTar.fixChecksums(of: &bytes) }
            if (try? BundleReader().read(archive: bytes)) != nil { read += 1 }
        }
        #expect(read > 0)
    }
}
