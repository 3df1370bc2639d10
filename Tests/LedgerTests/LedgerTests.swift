import Core
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }

    @Test func whatIsAppendedIsThereAndProven() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        try await ledger.append("zero", "one", "two")
        let receipt = try await ledger.append(Array("three".utf8), durability: .written)
        #expect(receipt.index == 3)
        #expect(ledger.size == 4)
        let entry = try ledger.entry(3)
        #expect(entry.payload == Array("three".utf8))
        #expect(entry.leaf.hash == receipt.leafHash)
        #expect(try ledger.entries(last: 2).map(\.index) == [2, 3])
        #expect(try ledger.entries(1..<100).map(\.index) == [1, 2, 3])
        #expect(throws: GatehouseError.self) { try ledger.entry(4) }
        #expect(try ledger.root(at: 4) == ledger.root)
        for size in UInt64(1)...4 {
            for index in 0..<size { #expect(try ledger.inclusionProof(index, size: size).holds) }
            for first in 1...size { #expect(try ledger.consistencyProof(first, size).holds) }
        }
        #expect(throws: GatehouseError.self) { try ledger.inclusionProof(4) }
        #expect(throws: GatehouseError.self) { try ledger.consistencyProof(0) }
        await ledger.close()
        await #expect(throws: GatehouseError.self) { try await ledger.append([1]) }
        let found = try await Ledger.verify(directory: path, key: testKey.verifierKey)
        #expect(found.isSound && found.size == 4 && found.checkpoint?.size == 4 && found.root == ledger.root)
    }

    @Test func othersReadWhatOneProcessWrites() async throws {
        #expect { try LedgerReader(directory: path) } throws: { ($0 as? GatehouseError)?.code == .notFound }
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        #expect(try LedgerReader(directory: path).size == 0)
        try await ledger.append("a", "b", "c")
        let reader = try LedgerReader(directory: path)
        try await ledger.append("d")
        #expect(reader.size == 3 && ledger.size == 4)
        #expect(try reader.entries(last: 5).map(\.payload) == [Array("a".utf8), Array("b".utf8), Array("c".utf8)])
        #expect(try reader.inclusionProof(1).holds)
        #expect(throws: GatehouseError.self) { try reader.entry(3) }
        #expect(try LedgerReader.checkpoint(directory: path) == ledger.latestCheckpoint)
        // Derived files ahead of the log.
        try DiskFile.open(path + "/offsets", .readWrite).write([0, 0, 0, 0, 0, 1, 0, 0], at: 32)
        #expect(try LedgerReader(directory: path).size == 4)
        await ledger.close()
    }

    @Test func itGoesOnWhereItWas() async throws {
        var root = MerkleTree.emptyRoot
        for round in 0..<4 {
            let ledger = try Ledger.open(path, key: testKey)
            #expect(ledger.size == UInt64(round * 5))
            #expect(ledger.root == root)
            #expect(ledger.recovery == Ledger.Recovery())
            for number in 0..<5 { try await ledger.append("round \(round) number \(number)") }
            root = ledger.root
            await ledger.close()
        }
        #expect(try await Ledger.verify(directory: path, key: testKey.verifierKey).isSound)
    }

    @Test func aSecondWriterIsRefused() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        #expect { try Ledger.open(path, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .conflict }
        await ledger.close()
        await (try Ledger.open(path, key: testKey)).close()
    }

    @Test func anotherKeyOrNameIsRefused() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        await ledger.close()
        let other = try SigningKey(name: testKey.name, seed: [UInt8](repeating: 6, count: 32))
        #expect { try Ledger.open(path, key: other) } throws: { ($0 as? GatehouseError)?.code == .denied }
        #expect { try Ledger.open(path, key: testKey, origin: "x") } throws: {
            ($0 as? GatehouseError)?.code == .conflict
        }
    }

    @Test func payloadsHaveALimit() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        let largest = [UInt8](repeating: 7, count: Ledger.maximumPayload)
        try await ledger.append(largest)
        try await ledger.append([])
        await #expect { try await ledger.append(largest + [7]) } throws: { ($0 as? GatehouseError)?.code == .tooLarge }
        #expect(try ledger.entry(0).payload == largest)
        #expect(try ledger.entry(1).payload == [])
        await ledger.close()
    }

    @Test func aFullQueueRefuses() async throws {
        var options = Ledger.Options()
        options.queuedBytes = 1000
        let ledger = try Ledger.open(path, key: testKey, options: options)
        await #expect { try await ledger.append([UInt8](repeating: 1, count: 1001)) } throws: {
            ($0 as? GatehouseError)?.code == .exhausted
        }
        try await ledger.append([UInt8](repeating: 1, count: 1000))
        await ledger.close()
    }

    @Test func manyWritersShareTheLog() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        let receipts = try await withThrowingTaskGroup(of: (Ledger.Receipt, String).self) { group in
            for writer in 0..<64 {
                group.addTask {
                    let text = "writer \(writer)"
                    return (
                        try await ledger.append(Array(text.utf8), durability: writer % 3 == 0 ? .written : .durable),
                        text
                    )
                }
            }
            var all: [(Ledger.Receipt, String)] = []
            for try await one in group { all.append(one) }
            return all
        }
        #expect(Set(receipts.map(\.0.index)) == Set(0..<64))
        for (receipt, text) in receipts { #expect(try ledger.entry(receipt.index).payload == Array(text.utf8)) }
        await ledger.close()
        #expect(try await Ledger.verify(directory: path, key: testKey.verifierKey).isSound)
    }

    @Test func timeNeverGoesBackThoughTheClockDoes() async throws {
        let clock = ManualWallClock(Timestamp(seconds: 1_800_000_000))
        var options = quiet
        options.clock = clock
        let ledger = try Ledger.open(path, key: testKey, options: options)
        try await ledger.append("a")
        clock.set(Timestamp(seconds: 1_700_000_000))
        try await ledger.append("b")
        clock.set(Timestamp(microseconds: .max))
        try await ledger.append("c")
        clock.set(Timestamp(microseconds: .min))
        try await ledger.append("d")
        let entries = try ledger.entries(0..<4)
        #expect(entries[1].time == entries[0].time)
        #expect(entries[1].leaf.wallTime == Timestamp(seconds: 1_700_000_000))
        #expect(entries[2].time.description.hasPrefix("9999-12-31"))
        #expect(entries[3].time == entries[2].time && entries[3].leaf.wallTime == Timestamp(microseconds: 0))
        await ledger.close()
        #expect(try await Ledger.verify(directory: path, key: testKey.verifierKey).isSound)
    }

    /// Nobody asks for it, no checkpoint comes: it is made durable all the same.
    @Test func whatIsWrittenBecomesDurableByItself() async throws {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        try await ledger.append(Array("a".utf8), durability: .written)
        while ledger.durableSize < 1 { try await Task.sleep(for: .milliseconds(1)) }
        try await ledger.append("b")
        #expect(ledger.durableSize == 2)
        await ledger.close()
    }

    /// Reading and verifying never see half of anything.
    @Test func readersGoOnWhileItIsWrittenAndErased() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        for number in 0..<200 { try await ledger.append(Array("entry \(number)".utf8), durability: .written) }
        _ = try await ledger.checkpoint()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for index in UInt64(0)..<200 {
                    _ = try await ledger.erase([index..<index + 1], by: "a", reason: "b")
                    try await ledger.append("more")
                }
            }
            group.addTask { [path] in
                while ledger.size < 600 {
                    for entry in try ledger.entries(0..<200) where !entry.isErased {
                        #expect(entry.payload == Array("entry \(entry.index)".utf8))
                    }
                    let found = try await Ledger.verify(directory: path, key: testKey.verifierKey)
                    #expect(found.isSound, "\(found.problems)")
                }
            }
            try await group.waitForAll()
        }
        await ledger.close()
    }

    @Test func checkpointsComeByNumberAndByTime() async throws {
        var options = quiet
        options.checkpointEntries = 3
        let counted = try Ledger.open(path, key: testKey, options: options)
        try await counted.append("a", "b", "c", "d")
        #expect(try Checkpoint(parsing: counted.latestCheckpoint.text).size == 3)
        await counted.close()
        options.checkpointEntries = .max
        options.checkpointInterval = .milliseconds(10)
        let timed = try Ledger.open(path, key: testKey, options: options)
        try await timed.append("e")
        while try Checkpoint(parsing: timed.latestCheckpoint.text).size < 5 {
            try await Task.sleep(for: .milliseconds(2))
        }
        await timed.close()
    }

    @Test func findsFromTheNewestBack() async throws {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        for number in 0..<3000 { try await ledger.append(Array("entry number \(number).".utf8), durability: .written) }
        let matches = try ledger.find(containing: Array("number 29".utf8), limit: 3)
        #expect(matches.entries.map(\.index) == [2999, 2998, 2997])
        #expect(
            try ledger.find(containing: Array("number 29".utf8), before: 2997, limit: 200).entries.count == 97 + 10 + 1)
        #expect(try ledger.find(containing: Array("number 1.".utf8)).entries.map(\.index) == [1])
        let bounded = try ledger.find(containing: Array("number 1.".utf8), scanning: 100)
        #expect(bounded.entries.isEmpty && bounded.next == 2900)
        #expect(try ledger.find(containing: []).entries.isEmpty)
        await ledger.close()
    }

    @Test func derivedFilesAreMadeAgain() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        for number in 0..<100 { try await ledger.append(Array("\(number)".utf8), durability: .written) }
        let root = ledger.root
        await ledger.close()
        for damage in ["nodes", "offsets"] {
            var bytes = try readFile("\(path)/\(damage)")
            bytes.removeLast(64)
            try writeFile("\(path)/\(damage)", bytes)
            let again = try Ledger.open(path, key: testKey)
            #expect(again.recovery.rebuiltDerivedFiles && again.recovery.scannedEntries == 100)
            #expect(again.root == root)
            #expect(try again.inclusionProof(50).holds)
            await again.close()
        }
        try writeFile("\(path)/nodes", [])
        try writeFile("\(path)/offsets", [])
        await (try Ledger.open(path, key: testKey)).close()
        #expect(try await Ledger.verify(directory: path, key: testKey.verifierKey).isSound)
    }

    @Test func anAbandonedLedgerClosesItself() async throws {
        try await abandon()
        // Its thread finishes a moment later.
        while (try? Ledger.open(path, key: testKey)) == nil { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func abandon() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        try await ledger.append("a")
    }
}
