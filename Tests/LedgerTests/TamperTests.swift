import Core
import TestSupport
import Testing

@testable import Ledger

/// Does to a log what an intruder or a bad disk would, and looks whether verification names it.
@Suite struct TamperTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }
    private var logPath: String { path + "/log" }

    /// A closed ledger of entries "entry 0", "entry 1", …, all signed.
    private func make(_ count: Int, at path: String? = nil, prefix: String = "entry") async throws {
        let ledger = try Ledger.open(path ?? self.path, key: testKey, options: quiet)
        let start = Int(ledger.size)
        for number in start..<start + count {
            try await ledger.append(Array("\(prefix) \(number)".utf8), durability: .written)
        }
        await ledger.close()
    }

    private func records() throws -> [[UInt8]] { try frames(of: logPath) }

    private func rewrite(_ records: [[UInt8]]) throws { try writeFile(logPath, Array(records.joined())) }

    private func verify(against held: [SignedNote] = []) async throws -> Verification {
        try await Ledger.verify(directory: path, key: testKey.verifierKey, against: held)
    }

    private func note(_ path: String? = nil) throws -> SignedNote {
        try SignedNote(parsing: try readFile("\(path ?? self.path)/checkpoint"))
    }

    /// Expects exactly these problems, in any order.
    private func expect(
        _ kinds: [Verification.Problem.Kind], _ indexes: [UInt64?], against held: [SignedNote] = [],
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await verify(against: held)
        #expect(found.problems.map(\.kind) == kinds, "\(found.problems.map(\.message))", sourceLocation: location)
        #expect(found.problems.map(\.index) == indexes, "\(found.problems.map(\.message))", sourceLocation: location)
        #expect(!found.isSound, sourceLocation: location)
    }

    @Test func everyFlippedBitIsFoundAndItsEntryNamed() async throws {
        try await make(6)
        let log = try readFile(logPath)
        let ends = try records().reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }.dropFirst()
        var random = SeededRandom(seed: 1)
        for position in log.indices {
            var changed = log
            changed[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try writeFile(logPath, changed)
            let found = try await verify()
            let entry = UInt64(ends.firstIndex { $0 > position } ?? 0) - 1
            #expect(found.problems.first?.index == entry, "byte \(position): \(found.problems)")
            #expect(
                found.problems.allSatisfy { [.alteredLeaf, .alteredPayload].contains($0.kind) },
                "byte \(position): \(found.problems)")
            #expect(found.problemCount == 1)
        }
    }

    @Test func anAlteredPayloadUnderAWholeLeaf() async throws {
        try await make(10)
        var records = try records()
        records[4][Frame.overhead] ^= 0x20
        try rewrite(records)
        try await expect([.alteredPayload], [4])
        #expect {
            try frames(of: logPath)
            return try reopenAndRead(4)
        } throws: { ($0 as? GatehouseError)?.code == .corrupt }
    }

    private func reopenAndRead(_ index: UInt64) throws -> Ledger.Entry {
        try Ledger.open(path, key: testKey).entry(index)
    }

    @Test func deletedEntries() async throws {
        try await make(10)
        var records = try records()
        records.removeSubrange(3...4)
        try rewrite(records)
        try await expect([.deletedLeaf, .deletedLeaf], [3, 4])
    }

    @Test func theFirstEntryDeleted() async throws {
        try await make(3)
        try rewrite(Array(try records().dropFirst()))
        try await expect([.deletedLeaf], [0])
    }

    @Test func insertedEntries() async throws {
        try await make(10)
        var records = try records()
        records.insert(records[2], at: 7)
        try rewrite(records)
        try await expect([.insertedLeaf], [2])
        records = try self.records()
        records.remove(at: 7)
        records.insert(forged(index: 5, "never said", like: records[4]), at: 5)
        try rewrite(records)
        try await expect([.insertedLeaf], [5])
    }

    @Test func reorderedEntries() async throws {
        try await make(10)
        var records = try records()
        records.swapAt(3, 4)
        try rewrite(records)
        try await expect([.reorderedLeaf], [3])
        records.swapAt(3, 4)
        records.append(records.remove(at: 2))
        try rewrite(records)
        try await expect([.reorderedLeaf], [2])
    }

    @Test func aTruncatedLog() async throws {
        try await make(10)
        let records = try records()
        try rewrite(Array(records.dropLast(3)))
        try await expect([.truncated], [7])
        #expect { try Ledger.open(path, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
        try writeFile(logPath, Array(records.joined().dropLast(5)))
        let found = try await verify()
        #expect(found.problems.map(\.kind) == [.truncated])
        #expect(found.unfinishedBytes == UInt64(records[9].count - 5))
        try writeFile(logPath, [])
        try await expect([.truncated], [0])
    }

    @Test func aLogRolledBackToAnOlderCopy() async throws {
        try await make(5)
        let old = folder.path + "/old"
        try copyLedger(path, to: old)
        try await make(5)
        let held = try note()
        #expect(try await verify(against: [held, try note(old)]).isSound)
        ScratchFolder.remove(path)
        try copyLedger(old, to: path)
        #expect(try await verify().isSound)
        try await expect([.rolledBack], [5], against: [held])
    }

    @Test func aForkedLog() async throws {
        try await make(5)
        let other = folder.path + "/other"
        try copyLedger(path, to: other)
        try await make(5, prefix: "true")
        try await make(5, at: other, prefix: "false")
        let held = try note(other)
        #expect(try await verify().isSound)
        try await expect([.forked], [nil], against: [held])
        try await make(3, prefix: "true")
        try await expect([.forked], [nil], against: [held])
    }

    @Test func anEntryReplacedWithAllItsSums() async throws {
        try await make(10)
        var records = try records()
        records[6] = forged(index: 6, "another story", like: records[6])
        try rewrite(records)
        try await expect([.rewritten], [6])
        // Without the stored hashes it is not known which one, but it is found all the same, also when opening.
        try writeFile(path + "/nodes", [])
        try await expect([.rewritten], [nil])
        #expect { try Ledger.open(path, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
    }

    @Test func aWrongStoredHashIsNoFaultOfTheLog() async throws {
        try await make(10)
        var nodes = try readFile(path + "/nodes")
        nodes[Int(StoredNodes.position(level: 0, index: 3)) * 32] ^= 1
        try writeFile(path + "/nodes", nodes)
        try await expect([.derivedFile], [3])
    }

    @Test func checkpointsThatCannotBeTrusted() async throws {
        try await make(3)
        let note = try note()
        let other = try SigningKey(name: "log.example/test", seed: [UInt8](repeating: 8, count: 32))
        #expect(try await Ledger.verify(directory: path, key: other.verifierKey).problems.map(\.kind) == [.wrongKey])
        let larger = note.description.replacing("\n3\n", with: "\n4\n")
        try writeFile(path + "/checkpoint", Array(larger.utf8))
        try await expect([.badSignature], [nil])
        #expect { try Ledger.open(path, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
        try writeFile(path + "/checkpoint", Array("x".utf8))
        try await expect([.malformedCheckpoint], [nil])
        ScratchFolder.remove(path + "/checkpoint")
        try await expect([.missingCheckpoint], [nil])
        #expect { try Ledger.open(path, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
        try writeFile(path + "/checkpoint", Array(note.description.utf8))
        let foreign = try Checkpoint(origin: "elsewhere", size: 1, root: MerkleTree.emptyRoot).signed(by: testKey)
        try await expect([.wrongOrigin], [nil], against: [foreign])
        let false3 = try SignedNote(parsing: Array(larger.utf8))
        try await expect([.badSignature], [nil], against: [false3])
    }

    @Test func aPayloadMadeToVanish() async throws {
        try await make(5)
        var records = try records()
        records[2][8] = Frame.State.erased.rawValue
        try rewrite(records)
        try await expect([.incompleteErasure, .unrecordedErasure], [2, 2])
        for index in Frame.headerBytes..<records[2].count { records[2][index] = 0 }
        try rewrite(records)
        try await expect([.unrecordedErasure], [2])
    }

    @Test func numbersThatNoLogReaches() async throws {
        try await make(3)
        var records = try records()
        records.append(forged(index: .max, "far away"))
        try rewrite(records)
        try await expect([.alteredLeaf], [3])
        let ledger = try? Ledger.open(path, key: testKey)
        #expect(ledger == nil)
    }

    @Test func offsetsOfNonsenseAreAnErrorAndNoCrash() async throws {
        try await make(20)
        let ledger = try Ledger.open(path, key: testKey)
        var random = SeededRandom(seed: 5)
        for _ in 0..<200 {
            var offsets = [UInt8](repeating: 0, count: 160)
            for index in offsets.indices { offsets[index] = UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) { for index in offsets.indices where index % 8 < 6 { offsets[index] = 0 } }
            try DiskFile.open(path + "/offsets", .readWrite).write(offsets, at: 0)
            #expect(throws: GatehouseError.self) { try ledger.entries(3..<7) }
            #expect(throws: GatehouseError.self) { try ledger.entry(9) }
        }
        await ledger.close()
    }

    @Test func noiseBetweenAndInsteadOfEntries() async throws {
        try await make(5)
        var random = SeededRandom(seed: 4)
        let original = try readFile(logPath)
        for _ in 0..<300 {
            var log = original
            let position = Int.random(in: 0..<log.count, using: &random)
            let noise = (0..<Int.random(in: 1...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let end = Bool.random(using: &random) ? position : min(log.count, position + noise.count)
            log.replaceSubrange(position..<end, with: noise)
            try writeFile(logPath, log)
            let found = try await verify()
            #expect(!found.isSound || log.starts(with: original))
        }
    }

    /// A frame that is right in itself.
    private func forged(index: UInt64, _ text: String, like record: [UInt8]? = nil) -> [UInt8] {
        let body = [UInt8](repeating: 1, count: 32) + Array(text.utf8)
        let model = record.flatMap { $0.withUnsafeBytes { try? Frame.header($0).get().leaf } }
        let leaf = Leaf(
            kind: .record, payloadLength: UInt32(text.utf8.count), index: index,
            time: model?.time ?? Timestamp(seconds: 0),
            wallTime: model?.wallTime ?? Timestamp(seconds: 0), control: 0,
            commitment: body.withUnsafeBytes(MerkleTree.commitment(raw:)))
        var frame: [UInt8] = []
        _ = body.withUnsafeBytes { Frame.append(leaf, body: $0, to: &frame) }
        return frame
    }
}

/// The records of a log, each with its header.
@discardableResult
func frames(of path: String) throws -> [[UInt8]] {
    let file = try DiskFile.open(path, .read)
    let reader = LogReader(file, from: 0, to: try file.size())
    var frames: [[UInt8]] = []
    while case .record(let record) = try reader.next() {
        frames.append(try file.read(at: record.offset, count: Int(record.header.frameBytes)))
    }
    return frames
}
