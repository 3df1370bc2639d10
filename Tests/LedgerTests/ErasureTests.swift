import Core
import TestSupport
import Testing

@testable import Ledger

@Suite struct ErasureTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }

    private func verify(_ path: String? = nil) async throws -> Verification {
        try await Ledger.verify(directory: path ?? self.path, key: testKey.verifierKey)
    }

    @Test func anErasedPayloadIsGoneAndTheLogStillProves() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        try await ledger.append("keep", "forget Ada Lovelace", "keep too", "forget Ada again")
        let before = try await ledger.checkpoint()
        let leafHash = try ledger.entry(1).leaf.hash
        #expect(try await ledger.erase([1..<2, 3..<4], by: "usr_dpo", reason: "erasure request 7") == 2)
        let entry = try ledger.entry(1)
        #expect(entry.isErased && entry.salt == nil && entry.leaf.hash == leafHash)
        #expect(try ledger.inclusionProof(1).leafHash == leafHash && ledger.inclusionProof(1).holds)
        #expect(try ledger.find(containing: Array("Ada".utf8)).entries.isEmpty)
        let record = try ledger.entry(4)
        #expect(record.kind == .erasure)
        #expect(record.payload == Array(#"{"erased":[[1,1],[3,3]],"by":"usr_dpo","reason":"erasure request 7"}"#.utf8))
        #expect(try await ledger.erase([1..<2], by: "usr_dpo", reason: "again") == 0)
        await ledger.close()
        #expect(try !file(path + "/log", has: "Ada"))
        let found = try await Ledger.verify(directory: path, key: testKey.verifierKey, against: [before])
        #expect(found.isSound && found.erased == 2, "\(found.problems)")
    }

    @Test func aHoldRefusesErasureUntilItIsReleased() async throws {
        var ledger = try Ledger.open(path, key: testKey)
        try await ledger.append(#"{"session":"ses_1"}"#, #"{"session":"ses_2"}"#, #"{"session":"ses_1","n":2}"#)
        let byEntry = try await ledger.hold(.entries(0...0), by: "usr_counsel", reason: "case 1")
        let byText = try await ledger.hold(.containing(#""session":"ses_2""#), by: "usr_counsel", reason: "case 2")
        await expectConflict { try await ledger.erase([0..<1], by: "a", reason: "b") }
        await expectConflict { try await ledger.erase([1..<3], by: "a", reason: "b") }
        #expect(try ledger.entries(0..<3).allSatisfy { !$0.isErased })
        #expect(try await ledger.erase([2..<3], by: "a", reason: "b") == 1)
        await ledger.close()

        // Holds are read from the log when it is opened.
        ledger = try Ledger.open(path, key: testKey)
        #expect(ledger.holds.map(\.id) == [byEntry.index, byText.index])
        await expectConflict { try await ledger.erase([0..<1], by: "a", reason: "b") }
        try await ledger.release(hold: byEntry.index, by: "usr_counsel", reason: "closed")
        await #expect(throws: GatehouseError.self) {
            try await ledger.release(hold: byEntry.index, by: "x", reason: "y")
        }
        #expect(try await ledger.erase([0..<1], by: "a", reason: "b") == 1)
        await expectConflict { try await ledger.erase([1..<2], by: "a", reason: "b") }
        await ledger.close()
        let found = try await verify()
        #expect(found.isSound && found.erased == 2, "\(found.problems)")
    }

    @Test func aHoldOnTimesCoversWhatWasThenAndWillBe() async throws {
        let clock = ManualWallClock(Timestamp(seconds: 1_800_000_000))
        var options = Ledger.Options()
        options.clock = clock
        let ledger = try Ledger.open(path, key: testKey, options: options)
        try await ledger.append("before")
        clock.advance(by: .seconds(60))
        try await ledger.append("within")
        let from = Timestamp(seconds: 1_800_000_030)
        try await ledger.hold(.times(from...from + .seconds(100)), by: "usr_counsel", reason: "case 3")
        clock.advance(by: .seconds(60))
        try await ledger.append("within too")
        #expect(try await ledger.erase([0..<1], by: "a", reason: "b") == 1)
        await expectConflict { try await ledger.erase([1..<2], by: "a", reason: "b") }
        await expectConflict { try await ledger.erase([3..<4], by: "a", reason: "b") }
        await ledger.close()
        let again = try Ledger.open(path, key: testKey)
        #expect(again.holds.first?.scope == .times(from...from + .seconds(100)))
        await again.close()
    }

    @Test func aHoldOnAllThatComesSurvivesReopening() async throws {
        var ledger = try Ledger.open(path, key: testKey)
        try await ledger.append("old")
        try await ledger.hold(.entries(1 ... .max), by: "usr_counsel", reason: "everything from here")
        await ledger.close()
        ledger = try Ledger.open(path, key: testKey)
        #expect(ledger.holds.first?.scope == .entries(1 ... .max))
        try await ledger.append("new")
        await expectConflict { try await ledger.erase([2..<3], by: "a", reason: "b") }
        #expect(try await ledger.erase([0..<1], by: "a", reason: "b") == 1)
        await ledger.close()
    }

    @Test func theLedgersOwnEntriesAndThoseToComeCannotBeErased() async throws {
        let ledger = try Ledger.open(path, key: testKey)
        try await ledger.append("a")
        try await ledger.hold(.entries(100...200), by: "x", reason: "y")
        await expectConflict { try await ledger.erase([1..<2], by: "a", reason: "b") }
        await #expect { try await ledger.erase([2..<3], by: "a", reason: "b") } throws: {
            ($0 as? GatehouseError)?.code == .notFound
        }
        await #expect { try await ledger.erase([0..<1 << 40], by: "a", reason: "b") } throws: {
            ($0 as? GatehouseError)?.code == .tooLarge
        }
        await #expect { try await ledger.erase([0..<1, 0 ..< .max, 5 ..< .max], by: "a", reason: "b") } throws: {
            ($0 as? GatehouseError)?.code == .tooLarge
        }
        let essay = String(repeating: "x", count: Ledger.maximumPayload)
        await #expect { try await ledger.erase([0..<1], by: "a", reason: essay) } throws: {
            ($0 as? GatehouseError)?.code == .tooLarge
        }
        #expect(try !ledger.entry(0).isErased)
        await #expect(throws: GatehouseError.self) { try await ledger.hold(.containing(""), by: "x", reason: "y") }
        await ledger.close()
    }

    /// The crash falls between recording the erasure and doing it, or into the doing.
    @Test(arguments: [0, 1, 2]) func anInterruptedErasureIsCompleted(_ stage: Int) async throws {
        let copy = folder.path + "/copy"
        let ledger = try Ledger.open(path, key: testKey, options: quiet)
        try await ledger.append("keep", "forget me", "forget me too")
        let before = try readFile(path + "/log")
        #expect(try await ledger.erase([1..<3], by: "a", reason: "b") == 2)
        try copyLedger(path, to: copy)
        await ledger.close()
        var log = before + (try readFile(copy + "/log"))[before.count...]
        let ends = try frames(of: copy + "/log").reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        if stage > 0 { log[ends[1] + 8] = Frame.State.erased.rawValue }
        if stage > 1 { log[ends[1] + Frame.headerBytes + 3] = 0 }
        try writeFile(copy + "/log", log)
        let again = try Ledger.open(copy, key: testKey)
        #expect(again.recovery.completedErasures == 2)
        await again.close()
        #expect(try !file(copy + "/log", has: "forget"))
        let found = try await verify(copy)
        #expect(found.isSound && found.erased == 2, "\(found.problems)")
    }

    private func expectConflict(_ body: () async throws -> Int, _ location: SourceLocation = #_sourceLocation) async {
        do {
            _ = try await body()
            Issue.record("nothing was refused", sourceLocation: location)
        } catch {
            #expect((error as? GatehouseError)?.code == .conflict, "\(error)", sourceLocation: location)
        }
    }
}
