import Core
import JSON
import Subprocess
import TestSupport
import Testing

@testable import Scan

/// What lies in archives, notebooks and encoded texts, and what bounds the looking.
@Suite struct PackedTests {
    /// Makes the files that a small program in Python describes, in the folder that it is run for.
    private func made(_ program: String, _ tree: TestTree) async throws {
        let head = """
            import base64, gzip, io, json, os, sys, tarfile, zipfile
            os.chdir(sys.argv[1])
            key, other = sys.argv[2].encode(), sys.argv[3].encode()
            def zipped(files, method=zipfile.ZIP_DEFLATED):
                out = io.BytesIO()
                with zipfile.ZipFile(out, "w", method) as z:
                    for name, data in files: z.writestr(name, data)
                return out.getvalue()
            def tarred(files):
                out = io.BytesIO()
                with tarfile.open(fileobj=out, mode="w") as t:
                    for name, data in files:
                        info = tarfile.TarInfo(name)
                        info.size = len(data)
                        t.addfile(info, io.BytesIO(data))
                return out.getvalue()
            def put(name, data): open(name, "wb").write(data)

            """
        let result = try await Python.run(head + program, tree.root, Fake.awsKey, Fake.otherKey)
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    @Test func archives() async throws {
        let tree = TestTree()
        try await made(
            """
            text = b"\\n\\n  k = '" + key + b"'\\n"
            put("a.zip", zipped([("conf/x.py", text), ("empty/", b""), ("y.bin", b"\\0" + key)]))
            put("b.tar.gz", gzip.compress(tarred([("p" * 150 + "/x.py", text)])))
            put("c.log.gz", gzip.compress(text))
            put("d.jar", zipped([("in/e.tgz", gzip.compress(tarred([("../../etc/x", text)])))], zipfile.ZIP_STORED))
            """, tree)
        let result = try await tree.assess()
        #expect(
            result.findings.map(\.path).sorted() == [
                "a.zip!/conf/x.py", "b.tar.gz!/" + String(repeating: "p", count: 150) + "/x.py", "c.log.gz!/c.log",
                "d.jar!/in/e.tgz!/../../etc/x",
            ])
        for finding in result.findings { #expect(finding.start == Place(line: 3, column: 8), "\(finding.path)") }
        #expect(result.unchecked.isEmpty)
        // A service that shows files knows the archives, and not what lies in them.
        let sarif = try JSON.parse(AssessmentReport(result, version: "1.0.0").bytes(.sarif))
        let places = (sarif["runs"]?[0]?["results"]?.array ?? []).compactMap { result in
            result["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]?.string
        }
        #expect(places.sorted() == ["a.zip", "b.tar.gz", "c.log.gz", "d.jar"])
    }

    @Test func archivesInPastCommits() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        try await made(
            "put('big.zip', zipped([('x', os.urandom(2 << 20)), ('k.py', b'k = ' + key)]))", tree)
        try await tree.commit("first")
        try await tree.git("rm", "--quiet", "big.zip")
        try await tree.commit("gone")
        let result = try await tree.assess(history: true)
        #expect(result.findings.map(\.path) == ["big.zip!/k.py"], "\(result.unchecked)")
        #expect(result.findings.first?.isOnlyInHistory == true)
    }

    @Test func whatCannotBeReadIsSaid() async throws {
        let tree = TestTree()
        try await made(
            """
            whole = zipped([("k.py", b"k = '" + key + b"'")] + [("n%d" % n, os.urandom(400)) for n in range(9)])
            put("cut.zip", whole[:len(whole) // 2])
            locked = bytearray(zipped([("k.py", b"k = '" + key + b"'")]))
            locked[locked.index(b"PK\\1\\2") + 8] |= 1
            put("locked.zip", bytes(locked))
            put("cut.gz", gzip.compress(os.urandom(9000))[:4000])
            tar = tarred([("a.py", b"k = '" + key + b"'"), ("b", b"x" * 2000)])
            put("cut.tar", tar[:2100])
            put("x.7z", b"7z\\xbc\\xaf\\x27\\x1c\\0\\4" + bytes(64))
            """, tree)
        let result = try await tree.assess()
        let reasons = Dictionary(result.unchecked.map { ($0.path, $0.reason) }, uniquingKeysWith: { first, _ in first })
        #expect(
            reasons == [
                "cut.zip": .archive, "locked.zip!/k.py": .archive, "cut.gz!/cut": .archive, "cut.tar!/b": .archive,
                "x.7z": .archive,
            ])
        #expect(result.findings.map(\.path) == ["cut.tar!/a.py"])
    }

    @Test func bombs() async throws {
        let tree = TestTree()
        try await made(
            """
            put("dense.gz", gzip.compress(bytes(8 << 20)))
            inner = zipped([("z%d" % n, bytes(1 << 20)) for n in range(8)])
            put("wide.zip", zipped([("i%d.zip" % n, inner) for n in range(8)]))
            deep = b"k = '" + key + b"'"
            for level in range(8): deep = gzip.compress(deep)
            put("deep.gz", deep)
            put("many.tar", tarred([("f%d" % n, b"") for n in range(3000)]))
            """, tree)
        let limits = AssessmentLimits(
            expandedBytes: 20 << 20, memberBytes: 4 << 20, archiveRatio: 1200, archiveMembers: 1000)
        let result = try await tree.assess(limits: limits)
        #expect(result.findings.isEmpty)
        let reasons = Set(result.unchecked.map { "\($0.path.prefix { $0 != "!" }) \($0.reason.rawValue)" })
        #expect(reasons == ["dense.gz too_large", "wide.zip too_large", "deep.gz too_deep", "many.tar too_large"])
        let strict = try await tree.assess(limits: .init(archiveRatio: 100))
        #expect(strict.unchecked.contains { $0.path.hasPrefix("dense.gz") && $0.detail.contains("100 times") })
        let small = try await tree.assess(limits: .init(archiveBytes: 100))
        #expect(small.unchecked.contains { $0.path == "many.tar" && $0.reason == .tooLarge })
    }

    @Test func notebooks() async throws {
        let tree = TestTree()
        try await made(
            """
            cells = [
                {"cell_type": "markdown", "source": "# Title"},
                {"cell_type": "code", "source": ["import os\\n", "k = '%s'\\n" % key.decode()], "outputs": [
                    {"output_type": "stream", "text": ["done\\n"]},
                    {"output_type": "execute_result", "data": {"text/plain": ["'%s'" % other.decode()],
                     "image/png": base64.b64encode(other).decode()}}]},
            ]
            put("a.ipynb", json.dumps({"nbformat": 4, "cells": cells, "metadata": {}}).encode())
            put("broken.ipynb", b'{"cells": [{"source": "k = \\'' + key + b'\\'"')
            """, tree)
        let result = try await tree.assess()
        let places = result.findings.map { "\($0.path):\($0.start.line):\($0.start.column)" }.sorted()
        #expect(places == ["a.ipynb!/cell-2/output-2:1:2", "a.ipynb!/cell-2/source:2:6", "broken.ipynb:1:29"])
        #expect(result.inventory.total.files == 2)
    }

    @Test func encodedTexts() async throws {
        let tree = TestTree()
        let text = "[default]\naws_access_key_id = \(Fake.awsKey)\nregion = eu\n"
        let once = Base64.encode(Array(text.utf8))
        let twice = Base64.encode(Array("data: \(once)\n".utf8))
        tree.write("once.txt", "a\nb \(once) c\n")
        tree.write("twice.txt", "x = \"\(twice)\"\n")
        tree.write("hex.txt", "h = \(Hex.encode(Array(text.utf8)))\n")
        tree.write("deep.txt", (0..<3).reduce(twice) { text, _ in Base64.encode(Array("v: \(text)\n".utf8)) } + "\n")
        tree.write("names.txt", String(repeating: "some_long-name/of-a_thing-that/is-nothing_at-all ", count: 40))
        let result = try await tree.assess()
        #expect(result.findings.map(\.path).sorted() == ["hex.txt", "once.txt", "twice.txt"])
        let found = try #require(result.findings.first { $0.path == "once.txt" })
        let offset = 30 * 4 / 3  // of the key in the text, before it was encoded
        #expect(found.start == Place(line: 2, column: 3 + offset))
        #expect(found.snippet.hasSuffix("(encoded)") && !found.snippet.contains(once.dropFirst(offset + 4).prefix(12)))
        #expect(result.findings.first { $0.path == "twice.txt" }?.snippet.hasSuffix("(encoded 2 times)") == true)
        #expect(result.unchecked.map(\.path) == ["deep.txt"] && result.unchecked.first?.reason == .tooDeep)
    }

    @Test func containers() {
        #expect(MemberPath.containers(of: "a.zip!/b.jar!/c") == ["a.zip", "a.zip!/b.jar"])
        #expect(MemberPath.containers(of: "a/b.c").isEmpty)
    }

    /// Bytes of archives, changed at random: everything ends, and nothing but what can be said comes of it.
    @Test func mutationsNeverCrash() async throws {
        let tree = TestTree()
        try await made(
            """
            text = b"k = '" + key + b"'\\n" * 20
            put("a.zip", zipped([("x", text), ("y.gz", gzip.compress(text))]))
            put("b.tar", tarred([("x", text), ("p" * 150, text)]))
            put("c.gz", gzip.compress(text))
            """, tree)
        var random = SeededRandom(seed: 11)
        let files = try ["a.zip", "b.tar", "c.gz"].map { ($0, try bytes(of: tree, $0)) }
        let scanners = try assessor.get().scanners
        var scan = ContentScan(scanners: scanners, limits: .standard)
        let end = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < end {
            for (name, whole) in files {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                }
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
                var tally = Tally()
                var packed = PackedScan(limits: AssessmentLimits(expandedBytes: 1 << 20))
                packed.scan(bytes, of: Array(name.utf8), with: &scan, into: &tally)
                #expect(tally.hitCount < 100)
            }
        }
    }

    private func bytes(of tree: TestTree, _ name: String) throws -> [UInt8] {
        guard case .descriptor(let file) = try TreeReader(root: tree.root).open(Array(name.utf8)[...]) else {
            return []
        }
        defer { TreeReader.close(file) }
        return try #require(FolderWalk.readWhole(file, limit: 1 << 20))
    }
}
