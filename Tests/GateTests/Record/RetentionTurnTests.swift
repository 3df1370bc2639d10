import Core
import JSON
import Ledger
import Store
import TestSupport
import Testing

@testable import Gate

@Suite struct RetentionTurnTests {
    @Test func aTurnIsBounded() async throws {
        let archive = try await Archive.open()
        for _ in 0..<3000 {
            try await archive.write(3, days: 7)
            try await archive.write(days: 90)
        }
        archive.pass(days: 8)
        try await archive.follow()
        let now = archive.house.clock.now()
        var turns: [Retention.Turn] = []
        repeat {
            turns.append(try await archive.retention.turn(at: now, elapsed: .zero))
        } while turns.last?.isBehind == true
        #expect(turns.map(\.erased) == [3750, 3750, 1500])
        #expect(try archive.erasures() == 3)
        archive.pass(days: 90)
        #expect(try await archive.settle() == 3000)
        try await archive.verify()
    }

    @Test func aCrashBeforeTheCursorIsKeptDoesNoHarm() async throws {
        var archive = try await Archive.open()
        try await archive.write(10, days: 7)
        archive.pass(days: 8)
        #expect(try await archive.settle() == 10)
        let size = archive.ledger.size
        try await archive.house.store.write { try $0.execute("UPDATE gate_retention_cursors SET next = 0") }
        archive = try await archive.reopened()
        try await archive.write(days: 7)
        #expect(try await archive.settle() == 0)
        #expect(archive.ledger.size == size + 1)
        archive.pass(days: 8)
        #expect(try await archive.settle() == 1)
        try await archive.verify()
    }

    @Test func nothingOfTheProgressInTheStoreIsNeeded() async throws {
        let archive = try await Archive.open()
        try await archive.write(5, days: 7)
        try await archive.write(5, days: 365)
        let hold = try await archive.ledger.hold(.entries(0...1), by: "counsel", reason: "case 1")
        archive.pass(days: 8)
        #expect(try await archive.settle() == 3)
        try await archive.house.store.write { tx in
            for table in ["cursors", "left", "time"] { try tx.execute("DELETE FROM gate_retention_\(table)") }
        }
        #expect(try await archive.settle() == 0)
        try await archive.ledger.release(hold: hold.index, by: "counsel", reason: "closed")
        #expect(try await archive.settle() == 2)
        archive.pass(days: 400)
        #expect(try await archive.settle() == 5)
    }

    @Test func aClockThatLeapsErasesNothingAtOnce() async throws {
        let archive = try await Archive.open()
        try await archive.write(days: 7)
        try await archive.settle()
        archive.pass(days: 365)
        var now = archive.house.clock.now()
        // An entry that carries the leap is no reason either.
        try await archive.write(days: 7)
        for _ in 0..<20 {
            let turn = try await archive.retention.turn(at: now, elapsed: .seconds(900))
            #expect(turn.erased == 0 && turn.lag > .seconds(360 * 86_400))
        }
        // Set right again, and a week later the entry goes; the one with the wrong time stays till then.
        archive.pass(days: -365)
        now = archive.house.clock.now()
        #expect(try await archive.retention.turn(at: now, elapsed: .seconds(900)) == Retention.Turn())
        archive.pass(days: 7)
        #expect(try await archive.settle() == 1)
        #expect(try archive.erased() == [0])
    }

    @Test func timeFollowsAClockSlowlyAndBackAtOnce() {
        let start = Timestamp(seconds: 1_800_000_000)
        func time(_ seconds: Int64, elapsed: Int64) -> Int64 {
            RetentionRules.time(after: start, clock: start + .seconds(seconds), elapsed: .seconds(elapsed)).seconds
                - start.seconds
        }
        #expect(time(900, elapsed: 900) == 900)
        #expect(time(900, elapsed: 100) == 800)
        #expect(time(1_000_000, elapsed: 0) == 0)
        #expect(time(-1_000_000, elapsed: 900) == -1_000_000)
        #expect(time(100_000_000, elapsed: 50_000_000) == 8 * 86_400)
        #expect(time(900, elapsed: -900) == 0)
    }

    @Test func turnsRestUnlessTheyAreBehind() async throws {
        let archive = try await Archive.open()
        try await archive.write(Retention.entriesPerTurn + 1, days: 7)
        archive.pass(days: 8)
        try await archive.follow()
        let now = archive.house.clock.now()
        let start = ContinuousClock.now
        let turns = [
            try await archive.retention.turnWhenDue(at: now, start),
            try await archive.retention.turnWhenDue(at: now, start + .seconds(5)),
            try await archive.retention.turnWhenDue(at: now, start + .seconds(10)),
            try await archive.retention.turnWhenDue(at: now, start + .seconds(10 + 900)),
        ]
        #expect(turns.map { $0?.erased } == [5000, 1, nil, 0])
    }

    @Test func theGateItselfErases() async throws {
        let archive = try await Archive.open()
        try await archive.write(3, days: 7)
        archive.pass(days: 8)
        try await archive.follow()
        let gate = archive.house.gate
        let keeping = Task { try await gate.run() }
        try await wait("nothing was erased") { try archive.erased() == [0, 1, 2] }
        keeping.cancel()
        _ = try? await keeping.value
    }
}
