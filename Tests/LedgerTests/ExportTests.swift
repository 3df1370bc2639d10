import Core
import JSON
import TestSupport
import Testing

@testable import Ledger

@Suite struct ExportTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }
    private var export: String { folder.path + "/export.jsonl" }

    /// Payloads of which some must not be read and written again.
    private let payloads: [[UInt8]] = [
        Array(#"{"a":1,"b":[1.0,1e5,-0],"é":"\u001f/ é 𝄞"}"#.utf8), Array(#"{ "spaces": true }"#.utf8),
        Array(#"{"a":1,"a":2}"#.utf8),
        [], [0xFF, 0xFE, 0], Array("no JSON".utf8), Array(#""\u0041\/""#.utf8), Array("null".utf8),
        Array(String(repeating: "[", count: 120).utf8) + Array(String(repeating: "]", count: 120).utf8),
        Array(#"{"payload":{"checkpoint":"x"},"n":123456789012345678901234567890.5}"#.utf8),
        Array("{\"line\":\"a\\nb\"}\n".utf8),
    ]

    private func make() async throws -> Checkpoint {
        let ledger = try Ledger.open(path, key: testKey)
        for payload in payloads { try await ledger.append(payload, durability: .written) }
        try await ledger.append("secret of Ada")
        _ = try await ledger.erase([UInt64(payloads.count)..<UInt64(payloads.count) + 1], by: "a", reason: "b")
        let checkpoint = try await ledger.export(to: export)
        await ledger.close()
        return checkpoint
    }

    private func verify(against held: [SignedNote] = []) async throws -> Verification {
        try await Ledger.verify(export: export, key: testKey.verifierKey, against: held)
    }

    private func lines() throws -> [String] {
        String(decoding: try readFile(export), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func rewrite(_ lines: [String]) throws {
        try writeFile(export, Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    private func expect(
        _ kinds: [Verification.Problem.Kind], _ index: UInt64?, _ lines: [String],
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        try rewrite(lines)
        let found = try await verify()
        #expect(found.problems.map(\.kind) == kinds, "\(found.problems.map(\.message))", sourceLocation: location)
        #expect(found.problems.first?.index == index, sourceLocation: location)
    }

    @Test func anExportIsVerifiedWithTheKeyAlone() async throws {
        let checkpoint = try await make()
        ScratchFolder.remove(path)
        let found = try await verify()
        #expect(found.isSound, "\(found.problems)")
        #expect(
            found.size == 13 && found.erased == 1 && found.checkpoint == checkpoint && found.root == checkpoint.root)
        let lines = try lines()
        #expect(lines.count == 15)
        let first = try JSON.parse(lines[1])
        #expect(first["payload"]?["b"]?[1]?.number?.spelling == "1e5")
        #expect(try JSON.parse(lines[2])["payload"] == nil)
        #expect(try !file(export, has: "Ada"))
        #expect(try DiskFile.open(export, .read).status().mode & 0o777 == 0o600)
    }

    @Test func exportsWhileAnotherWrites() async throws {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        try await ledger.append("a", "b")
        _ = try await ledger.checkpoint()
        try await ledger.append("not signed yet")
        let note = try LedgerReader.checkpoint(directory: path)
        let reader = try LedgerReader(directory: path)
        #expect(try await reader.export(to: export, upTo: note, key: testKey.verifierKey).size == 2)
        let found = try await verify()
        #expect(found.isSound && found.size == 2)
        let other = try SigningKey(name: testKey.name, seed: [UInt8](repeating: 1, count: 32))
        await #expect(throws: GatehouseError.self) {
            try await reader.export(to: export, upTo: note, key: other.verifierKey)
        }
        await ledger.close()
    }

    @Test func whatIsDoneToAnExportIsNamed() async throws {
        _ = try await make()
        let good = try lines()
        try await expect([.alteredPayload], 0, edited(good, 1, "\"a\":1,", "\"a\":2,"))
        try await expect([.alteredPayload], 0, edited(good, 1, "1e5", "1e+5"))
        try await expect([.alteredLeaf], 1, edited(good, 2, "\"control\":0", "\"control\":1"))
        try await expect([.alteredLeaf], 1, edited(good, 2, "\"kind\":\"record\"", "\"kind\":\"hold\""))
        try await expect([.alteredLeaf], 1, edited(good, 2, "{", "["))
        var lines = good
        lines.remove(at: 5)
        try await expect([.deletedLeaf], 4, lines)
        lines = good
        lines.swapAt(3, 4)
        try await expect([.reorderedLeaf], 2, lines)
        lines = good
        lines.insert(lines[3], at: 9)
        try await expect([.insertedLeaf], 2, lines)
        lines = good
        lines.remove(at: lines.count - 2)
        // With the erasure record the last entry goes, and the erasure is then unexplained.
        try await expect([.truncated, .unrecordedErasure], 12, lines)
        try await expect([.missingCheckpoint], nil, good.dropLast())
        try await expect([.badSignature], nil, edited(good, good.count - 1, "\\n13\\n", "\\n12\\n"))
        try await expect([.malformedCheckpoint], nil, edited(good, 0, "\"version\":1", "\"version\":2"))
        try rewrite(good)
        let other = try SigningKey(name: testKey.name, seed: [UInt8](repeating: 1, count: 32))
        #expect(try await Ledger.verify(export: export, key: other.verifierKey).problems.map(\.kind) == [.wrongKey])
        let later = try Checkpoint(origin: testKey.name, size: 20, root: MerkleTree.emptyRoot).signed(by: testKey)
        #expect(try await verify(against: [later]).problems.map(\.kind) == [.rolledBack])
        let fork = try Checkpoint(origin: testKey.name, size: 5, root: MerkleTree.emptyRoot).signed(by: testKey)
        #expect(try await verify(against: [fork]).problems.map(\.kind) == [.forked])
    }

    private func edited(_ lines: [String], _ number: Int, _ from: String, _ to: String) -> [String] {
        var lines = lines
        #expect(lines[number].contains(from))
        lines[number] = lines[number].replacing(from, with: to, maxReplacements: 1)
        return lines
    }

    @Test func filesThatAreNoExports() async throws {
        for text in ["", "\n", "{}", "{}\n{}\n", "{\"checkpoint\":\"\"}\n", String(repeating: "[", count: 100_000)] {
            try writeFile(export, Array(text.utf8))
            #expect(try await !verify().isSound)
        }
        await #expect(throws: GatehouseError.self) {
            try await Ledger.verify(export: folder.path + "/none", key: testKey.verifierKey)
        }
    }

    @Test func randomMutationsNeverCrashNorPass() async throws {
        _ = try await make()
        let good = try readFile(export)
        var random = SeededRandom(seed: 99)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        while clock.now < end {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...50, using: &random)))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                }
            }
            try writeFile(export, bytes)
            let found = try await verify()
            // A change that verifies must be one of form only, such as another spelling of a member that nothing
            // depends on.
            if found.isSound { #expect(found.size == 13) }
        }
    }
}
