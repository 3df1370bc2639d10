import Core
import TestSupport
import Testing

@testable import Ledger

@Suite struct RecoveryTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }
    private var copy: String { folder.path + "/copy" }

    /// A copy of a ledger as a crash would leave it: nothing of it is signed.
    private func crashed(_ texts: [String]) async throws -> (log: [UInt8], frames: [[UInt8]]) {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        for text in texts { try await ledger.append(text) }
        try copyLedger(path, to: copy)
        await ledger.close()
        return (try readFile(copy + "/log"), try frames(of: copy + "/log"))
    }

    @Test func anAppendCutShortAtAnyByteIsTakenAway() async throws {
        let (log, frames) = try await crashed(["first", "second", "the third and last"])
        let start = log.count - frames[2].count
        for cut in start...log.count {
            try writeFile(copy + "/log", Array(log[..<cut]))
            let found = try await Ledger.verify(directory: copy, key: testKey.verifierKey)
            #expect(
                found.isSound && found.unfinishedBytes == (cut == log.count ? 0 : UInt64(cut - start)), "cut at \(cut)")
            let ledger = try Ledger.open(copy, key: testKey, options: quiet)
            #expect(ledger.size == (cut == log.count ? 3 : 2))
            #expect(ledger.recovery.truncatedBytes == (cut == log.count ? 0 : UInt64(cut - start)))
            try await ledger.append("after")
            await ledger.close()
            #expect(try await Ledger.verify(directory: copy, key: testKey.verifierKey).isSound)
            // Back to the state without a signature over it.
            ScratchFolder.remove(copy)
            try restore()
        }
    }

    private func restore() throws {
        let empty = folder.path + "/empty"
        if ScratchFolder.names(in: empty).isEmpty {
            try DiskFile.makeDirectory(empty)
            let note = try Checkpoint(origin: testKey.name, size: 0, root: MerkleTree.emptyRoot).signed(by: testKey)
            try writeFile(empty + "/checkpoint", Array(note.description.utf8))
        }
        try copyLedger(empty, to: copy)
    }

    /// After a power cut, blocks may be there that were never written.
    @Test func zerosInPlaceOfTheLastBlocksAreTakenAway() async throws {
        let (log, frames) = try await crashed(["first", "second", String(repeating: "x", count: 3000)])
        let start = log.count - frames[2].count
        for kept in [start, start + 3, start + 50, start + Frame.headerBytes + 40, start + 1000] {
            let zeros = [UInt8](repeating: 0, count: 8192 - kept)
            try writeFile(copy + "/log", Array(log[..<kept]) + zeros)
            let ledger = try Ledger.open(copy, key: testKey, options: quiet)
            #expect(ledger.size == 2 && ledger.recovery.truncatedBytes == UInt64(8192 - start), "kept to \(kept)")
            await ledger.close()
            ScratchFolder.remove(copy)
            try restore()
        }
    }

    @Test func whatIsAlteredIsNeverTakenForCutShort() async throws {
        let (log, frames) = try await crashed(["first", "second", "third"])
        for position in log.indices {
            var changed = log
            changed[position] ^= 0x10
            try writeFile(copy + "/log", changed)
            let entry = position < frames[0].count ? 0 : position < frames[0].count + frames[1].count ? 1 : 2
            #expect {
                try Ledger.open(copy, key: testKey, options: quiet)
            } throws: { error in
                let error = error as? GatehouseError
                return error?.code == .corrupt && error?.message.contains("entry \(entry)") == true
            }
            // Verification can still read it, and nothing was cut away.
            #expect(try readFile(copy + "/log") == changed)
        }
    }

    @Test func onlyWhatNoCheckpointCoversIsReadAgain() async throws {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        for number in 0..<50 { try await ledger.append("\(number)") }
        _ = try await ledger.checkpoint()
        for number in 0..<7 { try await ledger.append("later \(number)") }
        try copyLedger(path, to: copy)
        await ledger.close()
        let again = try Ledger.open(copy, key: testKey)
        #expect(again.recovery.scannedEntries == 7 && !again.recovery.rebuiltDerivedFiles)
        #expect(again.root == ledger.root)
        await again.close()
    }

    /// Derived files may come out of a power cut with anything behind the checkpoint.
    @Test func derivedFilesBehindTheCheckpointAreNotTrusted() async throws {
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        for number in 0..<10 { try await ledger.append("\(number)") }
        _ = try await ledger.checkpoint()
        for number in 10..<20 { try await ledger.append("\(number)") }
        try copyLedger(path, to: copy)
        await ledger.close()
        for name in ["nodes", "offsets"] {
            var bytes = try readFile("\(copy)/\(name)")
            for index in bytes.count * 2 / 3..<bytes.count { bytes[index] = 0 }
            try writeFile("\(copy)/\(name)", bytes)
        }
        let again = try Ledger.open(copy, key: testKey)
        #expect(again.root == ledger.root)
        for index in UInt64(0)..<20 {
            #expect(try again.inclusionProof(index).holds)
            #expect(try again.entry(index).payload == Array("\(index)".utf8))
        }
        await again.close()
    }

    @Test func aLogWithoutItsCheckpointIsNotOpened() async throws {
        _ = try await crashed(["first"])
        ScratchFolder.remove(copy + "/checkpoint")
        #expect { try Ledger.open(copy, key: testKey) } throws: { ($0 as? GatehouseError)?.code == .corrupt }
    }
}
