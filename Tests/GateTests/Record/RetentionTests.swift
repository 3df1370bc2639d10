import Core
import JSON
import Ledger
import Store
import Testing

@testable import Gate

@Suite struct RetentionTests {
    @Test func whatSessionsLeaveIsErasedByClassAndStillProven() async throws {
        let archive = try await Archive.open()
        let house = archive.house
        _ = try await house.gate.submit(.get("a"), as: house.caller("ada", "developer", class: "week"))
        _ = try await house.gate.submit(.get("a"), as: house.caller("ada", "developer", class: "quarter"))
        let known = try await archive.ledger.checkpoint()
        #expect(archive.ledger.size == 4)

        archive.pass(days: 6)
        #expect(try await archive.settle() == 0)
        archive.pass(days: 1)
        #expect(try await archive.settle() == 2)
        #expect(try archive.erased() == [0, 1])
        #expect(try archive.ledger.inclusionProof(0).holds)
        // What is done is done: no second entry tells of it.
        #expect(try await archive.settle() == 0)
        #expect(try archive.erasures() == 1)

        archive.pass(days: 83)
        #expect(try await archive.settle() == 2)
        // The two erasures are the ledger's own, and stay.
        archive.pass(days: 1000)
        #expect(try await archive.settle() == 0)
        #expect(try archive.erased() == [0, 1, 2, 3])
        try await archive.verify(against: known)
    }

    @Test func theFloorWinsAlsoWhenItIsLaidLater() async throws {
        let archive = try await Archive.open()
        try await archive.write(days: 7)
        archive.retention.reload(.weekAndQuarter(floor: 30))
        archive.pass(days: 29)
        #expect(try await archive.settle() == 0)
        archive.pass(days: 1)
        #expect(try await archive.settle() == 1)
        // One that was in force when an entry was written holds for that entry.
        let house = archive.house
        try await house.gate.reload(.weekAndQuarter(floor: 30))
        _ = try await house.gate.submit(.get("a"), as: house.caller("ada", "developer", class: "week"))
        try await house.gate.reload(.weekAndQuarter())
        archive.pass(days: 29)
        #expect(try await archive.settle() == 0)
        archive.pass(days: 1)
        #expect(try await archive.settle() == 2)
    }

    @Test func nothingGoesBeforeADay() async throws {
        let none = SessionClass(name: "none", retention: .zero, logging: .required, approval: .auto)
        let archive = try await Archive.open(GateSettings(sessionClasses: ["none": none]))
        try await archive.write(days: 0)
        archive.house.clock.advance(by: .seconds(86_399))
        #expect(try await archive.settle() == 0)
        archive.house.clock.advance(by: .seconds(1))
        #expect(try await archive.settle() == 1)
    }

    @Test func lengthsThatNoClassHasAnyMoreAreMet() async throws {
        let archive = try await Archive.open()
        for days in [3, 7, 30, 365] { try await archive.write(days: days) }
        archive.pass(days: 8)
        #expect(try await archive.settle() == 2)
        archive.pass(days: 22)
        #expect(try await archive.settle() == 1)
        archive.pass(days: 400)
        #expect(try await archive.settle() == 1)
    }

    @Test func whatBelongsToNoSessionIsKeptUnlessASettingSaysOtherwise() async throws {
        let archive = try await Archive.open()
        let entries = [
            #"{"v":1,"type":"access","principal":"prn_1","state":"signed_in"}"#, "no JSON",
            #"{"session":"ses_1"}"#, #"{"retention":1}"#, #"{"session":"ses_1","retention":"x"}"#, #"[1]"#, "",
        ]
        for text in entries { try await archive.ledger.append(Array(text.utf8)) }
        try await archive.write(days: 7)
        archive.pass(days: 1000)
        #expect(try await archive.settle() == 1)
        archive.retention.reload(.weekAndQuarter(system: .seconds(1001 * 86_400)))
        #expect(try await archive.settle() == 0)
        archive.pass(days: 1)
        #expect(try await archive.settle() == entries.count)
        try await archive.verify()
    }

    @Test func aHoldKeepsAndItsReleaseLetsGo() async throws {
        let archive = try await Archive.open()
        try await archive.write(4, days: 7)
        try await archive.write(days: 7, session: "ses_held")
        try await archive.write(days: 90)
        let one = try await archive.ledger.hold(.entries(1...2), by: "counsel", reason: "case 1")
        let two = try await archive.ledger.hold(.containing("ses_held"), by: "counsel", reason: "case 2")
        try await archive.ledger.hold(.entries(0...0), by: "counsel", reason: "case 3")
        archive.pass(days: 8)
        #expect(try await archive.settle() == 1)
        #expect(try archive.erased() == [3])

        try await archive.ledger.release(hold: two.index, by: "counsel", reason: "closed")
        #expect(try await archive.settle() == 1)
        try await archive.ledger.release(hold: one.index, by: "counsel", reason: "closed")
        #expect(try await archive.settle() == 2)
        #expect(try archive.erased() == [1, 2, 3, 4])
        try await archive.verify()
    }

    @Test func aHoldOnWhatIsErasedHoldsUpNothing() async throws {
        let archive = try await Archive.open()
        try await archive.write(days: 90)
        try await archive.write(3, days: 7)
        try await archive.write(days: 90)
        archive.pass(days: 8)
        #expect(try await archive.settle() == 3)
        try await archive.ledger.hold(.entries(2...2), by: "counsel", reason: "too late")
        archive.pass(days: 90)
        // All but what the hold covers is in one piece, and none of it in the way.
        #expect(try await archive.settle() == 2)
        let erasure = try #require(try archive.ledger.entries(last: 1).first?.payload)
        #expect(try JSON.parse(erasure)["erased"] == [[0, 1], [4, 4]])
        try await archive.verify()
    }

    @Test func aReleaseUnderAHigherFloorWaitsForTheFloor() async throws {
        let archive = try await Archive.open()
        try await archive.write(2, days: 7)
        let hold = try await archive.ledger.hold(.entries(0...0), by: "counsel", reason: "case 1")
        archive.pass(days: 8)
        #expect(try await archive.settle() == 1)
        archive.retention.reload(.weekAndQuarter(floor: 30))
        try await archive.ledger.release(hold: hold.index, by: "counsel", reason: "closed")
        #expect(try await archive.settle() == 0)
        archive.pass(days: 22)
        #expect(try await archive.settle() == 1)
    }

    @Test func whatIsKeptOfAnActionKeepsItsEntries() async throws {
        let archive = try await Archive.open()
        let house = archive.house
        let request = try house.caller("olga", "operator", class: "week")
        let approval = try house.waiting(try await house.gate.submit(.set("a", "2"), as: request))
        archive.pass(days: 8)
        // It waits, and what was asked stays on the record.
        #expect(try await archive.settle() == 0)
        #expect(try await archive.house.gate.action(approval.actionID).state == .waiting)
        // Once it is over and forgotten, so is what the ledger says of it: what was asked, and in a week how it ended.
        await house.gate.sweep()
        #expect(try await archive.settle() == 1)
        archive.pass(days: 8)
        try await archive.settle()
        let left = try house.records().filter { $0["action"] != nil }
        #expect(left.isEmpty, "\(left.map { $0.text() })")
        try await archive.verify()
    }

    @Test func whatMayStillBeUndoneKeepsItsEntries() async throws {
        let archive = try await Archive.open()
        let house = archive.house
        let changed = try await house.changed("a", to: "2")
        let entries = try house.story(of: changed).count
        archive.pass(days: 91)
        #expect(try await archive.settle() == 0)
        #expect(try await house.gate.actions.sweep(at: house.clock.now()) == 1)
        #expect(try await archive.settle() == entries)
    }

    @Test func aSessionThatOwesAReviewIsKeptUntilItIsClosed() async throws {
        let archive = try await Archive.open()
        let house = archive.house
        let caller = try house.caller("olga", "operator", class: "week")
        _ = try await house.gate.sessions.breakGlass(caller.session.id, reason: "the house is burning")
        _ = try await house.gate.submit(.get("a"), as: house.gate.enter(caller.principal, class: "week"))
        archive.pass(days: 8)
        #expect(try await archive.settle() == 0)
        let review = try #require(try await house.gate.sessions.reviews().first)
        let reviewer = Principal(id: "test#lee", kind: .person, name: "lee", roles: ["security_lead"])
        try await house.gate.sessions.review(review.id, by: reviewer, note: "it was burning indeed")
        #expect(try await archive.settle() == 2)
        // The review itself is kept as long as the class says, from its closing.
        archive.pass(days: 6)
        try await house.gate.sessions.tidy()
        #expect(try await house.gate.sessions.reviews().count == 1)
        archive.pass(days: 2)
        try await house.gate.sessions.tidy()
        #expect(try await house.gate.sessions.reviews().isEmpty)
    }
}
