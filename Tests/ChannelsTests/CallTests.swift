import Core
import Gate
import Hub
import JSON
import Store
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Calls from end to end: what Twilio asks, the house, and a server that does with recordings what Twilio's does.
@Suite struct CallTests {
    @Test func somebodyCallsPressesTheirPinAndSpeaksWithTheHouse() async throws {
        let (house, twilio) = try await Telephone.open()
        house.notes.answers.withLock {
            let nasty: JSON = ["severity": "high", "title": "A </Say><Dial>+1900</Dial><Say> & \u{1}more"]
            let plain: JSON = ["severity": "low", "title": "B"]
            $0["findings.list"] = ["total": 5, "findings": [nasty, plain, plain, plain, plain]]
        }
        let phone = Telephone(house, twilio)
        try await house.running {
            let rung = try await phone.ring()
            #expect(rung.asksForPin && rung.words == CallWords.pin && !rung.records)
            let welcome = try await phone.press("314159", at: rung)
            #expect(welcome.records && welcome.words == CallWords.welcome)
            let told = try await phone.say("show findings", at: welcome)
            #expect(told.words.hasPrefix("5 findings are open. Number 1: high, A </Say><Dial>+1900</Dial><Say> & "))
            #expect(told.words.hasSuffix("There are 2 more: see the console.") && !told.text.contains("<Dial"))
            #expect(told.records, "it goes on")
            let next = try await phone.say("show findings of shop", at: told)
            #expect(next.words.contains("findings are open") && next.records)
        }
        #expect(try await house.said(to: "alice") == ["show findings", "show findings of shop"])
        #expect(house.notes.written.withLock { $0.map(\.speaker) } == ["test#alice", "test#alice"])
        #expect(twilio.recordings.isEmpty, "what was written down is removed at Twilio")
        #expect(twilio.arrivals.map(\.method) == ["GET", "DELETE", "GET", "DELETE"])
        #expect(try await house.hub.conversations(of: "test#alice", limit: 10).count == 1)
    }

    @Test func theNextCallGoesOnWithTheSameConversation() async throws {
        let (house, twilio) = try await Telephone.open()
        try await house.running {
            for call: Character in ["1", "2"] {
                let phone = Telephone(house, twilio, call: call)
                _ = try await phone.say("hello", at: try await phone.begin())
            }
        }
        #expect(try await house.hub.conversations(of: "test#alice", limit: 10).count == 1)
        #expect(try await house.said(to: "alice") == ["hello", "hello"])
    }

    // MARK: Who calls

    @Test(arguments: ["+4915100000009", "+4915100000003", "+4915100000004", "anonymous", "a b", ""])
    func whoIsNotKnownHasNoPinOrMayNotSignInHearsTheSame(_ number: String) async throws {
        let (house, twilio) = try await Telephone.open()
        let answer = try await Telephone(house, twilio, number: number).ring()
        #expect(answer.words == CallWords.refused && answer.hangsUp && !answer.asksForPin && answer.next == nil)
        let listed = try await #require(ChannelFigures(store: house.store).all().first { $0["name"] == "phone" })
        let isPlain = number.hasPrefix("+") || number == "anonymous"
        #expect(listed["strangers"]?[0]?["account"]?.string == (isPlain ? number : "withheld"))
        #expect(try await house.count("SELECT COUNT(*) AS n FROM channel_calls") == 0)
    }

    @Test func threeWrongPinsEndTheCallInTheWordsForStrangers() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        var answer = try await phone.ring()
        for wrong in ["000000", "2718281828"] {
            answer = try await phone.press(wrong, at: answer)
            #expect(answer.asksForPin && answer.words == CallWords.pinAgain)
        }
        let last = try await phone.press("", at: answer)
        #expect(last.words == CallWords.refused && last.hangsUp && last.next == nil)
        #expect(try await phone.again().text == last.text)
        await #expect(throws: GatehouseError.stepIsOver) { try await phone.press("314159", at: answer) }
    }

    @Test func theFifthWrongPinWithinAnHourClosesTheNumberForAnHourInAllOfItsCalls() async throws {
        let clock = ManualWallClock()
        let (first, twilio) = try await Telephone.open(clock: clock)
        var house = first
        let waiting = Telephone(house, twilio, call: "9")
        let open = try await waiting.ring()
        func fail(_ times: Int, call: Character) async throws -> Telephone.Answer {
            let phone = Telephone(house, twilio, call: call)
            var answer = try await phone.ring()
            for _ in 0..<times { answer = try await phone.press("000000", at: answer) }
            return answer
        }
        #expect(try await fail(3, call: "1").hangsUp)
        clock.advance(by: .seconds(3000))
        let fifth = try await fail(2, call: "2")
        #expect(fifth.hangsUp && fifth.words == CallWords.refused, "though it is this call's second")
        let late = try await waiting.press("314159", at: open)
        #expect(late.hangsUp && !late.records, "not even the right pin counts")
        #expect(try await Telephone(house, twilio, call: "3").ring().hangsUp)
        #expect(try await Telephone(house, twilio, number: Telephone.bob, call: "4").ring().asksForPin)
        house = try await house.reopened()
        #expect(try await Telephone(house, twilio, call: "5").ring().hangsUp, "it outlives the process")
        clock.advance(by: .seconds(3599))
        #expect(try await Telephone(house, twilio, call: "6").ring().hangsUp)
        clock.advance(by: .seconds(1))
        let phone = Telephone(house, twilio, call: "7")
        #expect(try await phone.begin().records)
    }

    @Test func fourWrongPinsOrFiveInALongerTimeCloseNothing() async throws {
        let clock = ManualWallClock()
        let (house, twilio) = try await Telephone.open(clock: clock)
        for call: Character in ["1", "2", "3", "4", "5", "6"] {
            let phone = Telephone(house, twilio, call: call)
            #expect(try await phone.press("000000", at: try await phone.ring()).asksForPin)
            clock.advance(by: .seconds(901))
        }
        #expect(try await Telephone(house, twilio, call: "7").begin().records)
    }

    @Test func whatIsPressedIsKeptNowhere() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            let wrong = try await phone.press("777777", at: try await phone.ring())
            _ = try await phone.say("hello", at: try await phone.press("314159", at: wrong))
        }
        for table in ["channel_calls", "channel_wrong_pins", "channel_inbox", "channel_strangers", "channel_talks"] {
            let rows = try await house.store.read { tx in try tx.query("SELECT * FROM \(table)") }
            #expect(!"\(rows)".contains("777777") && !"\(rows)".contains("314159"))
        }
    }

    @Test func whoIsStoppedWithinACallIsHeardNoMore() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        let welcome = try await phone.begin()
        var settings = ChannelHouse.settings(house.slack.address)
        let known = Telephone.settings(twilio.address)
        var stopped = ChannelSettings(
            name: "phone", kind: .twilio, users: [Telephone.alice: "nobody"], secret: known.secret)
        (stopped.url, stopped.phone) = (known.url, known.phone)
        settings.channels["phone"] = stopped
        house.channels.adopt(settings)
        try await house.running {
            let told = try await phone.say("show findings", at: welcome)
            #expect(!told.words.contains("findings"))
        }
        #expect(house.notes.ids.isEmpty && house.notes.written.withLock { $0.isEmpty })
    }

    // MARK: Each step once

    @Test func theSameRequestIsAnsweredAlikeAndAnyOtherIsOver() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            let rung = try await phone.ring()
            #expect(try await phone.again().text == rung.text)
            await #expect(throws: GatehouseError.stepIsOver) { try await phone.ask("", ["CallStatus": "in-progress"]) }
            let welcome = try await phone.press("314159", at: rung)
            #expect(try await phone.again().text == welcome.text)
            let told = try await phone.say("show findings", at: welcome)
            #expect(try await phone.again().text == told.text)
            await #expect(throws: GatehouseError.stepIsOver) { try await phone.say("show findings", at: welcome) }
            await #expect(throws: GatehouseError.stepIsOver) { try await phone.press("314159", at: rung) }
            await #expect(throws: GatehouseError.stepIsOver) { try await phone.ring() }
            let next = try #require(told.next)
            let later = "4\(next.dropFirst())"
            let guessed = "3-k0k0k0k0k0"
            for tail in [later, guessed] {
                await #expect(throws: GatehouseError.stepIsOver) { try await phone.ask(tail, [:]) }
            }
            let other = Telephone(house, twilio, number: Telephone.bob)
            await #expect(throws: GatehouseError.stepIsOver) { try await other.ask(next, [:]) }
            let unknown = Telephone(house, twilio, call: "f")
            await #expect(throws: GatehouseError.stepIsOver) { try await unknown.ask(next, [:]) }
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func whatIsBeingAnsweredIsNotAnsweredTwice() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        let welcome = try await phone.begin()
        let attempts = Attempts()
        let first = attempts.begin { try await phone.say("show findings", at: welcome) }
        try await wait("it is taken") { try await house.count("SELECT COUNT(*) AS n FROM channel_inbox") == 1 }
        let second = attempts.begin { try await phone.again() }
        try await wait("one of them is turned away") { attempts.refused.withLock { $0 } == 1 }
        try await house.running {
            let told = try await [first.value, second.value].compactMap(\.self)
            #expect(told.count == 1 && told.allSatisfy(\.records))
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func aCallLastsSoLongAndNoLonger() async throws {
        let clock = ManualWallClock()
        let (house, twilio) = try await Telephone.open(clock: clock)
        let phone = Telephone(house, twilio)
        let welcome = try await phone.begin()
        clock.advance(by: PhoneCall.Limits.lifetime)
        await #expect(throws: GatehouseError.stepIsOver) { try await phone.say("hello", at: welcome) }
    }

    @Test func whoSaysNothingIsAskedAgainAndThenTakenLeaveOf() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        var answer = try await phone.begin()
        for _ in 0..<2 {
            answer = try await phone.waits(at: answer)
            #expect(answer.records && answer.words == CallWords.silence)
        }
        answer = try await phone.waits(at: answer)
        #expect(answer.hangsUp && answer.words == CallWords.goodbye)
    }

    @Test func whoHangsUpWasHeardNevertheless() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            let over = try await phone.say("show findings", at: try await phone.begin(), hangsUp: true)
            #expect(over.hangsUp && over.words.isEmpty)
            try await wait("it is done") { house.notes.ids == ["findings.list"] }
        }
    }

    // MARK: What takes its time, and what ends in between

    @Test func whatTakesLongIsWaitedFor() async throws {
        var pace = ChannelPace.test
        pace.call = .milliseconds(100)
        let (house, twilio) = try await Telephone.open(pace: pace)
        house.notes.delay.withLock { $0 = .seconds(2) }
        let phone = Telephone(house, twilio)
        try await house.running {
            let first = try await phone.say("show findings", at: try await phone.begin())
            #expect(first.words == CallWords.moment && !first.records && first.text.contains("<Pause "))
            #expect(try await phone.again().text == first.text)
            try await wait("it is done") { house.notes.ids == ["findings.list"] }
            var answer = first
            while !answer.records { answer = try await phone.waits(at: answer) }
            #expect(answer.words.contains("findings"))
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func whatTakesTooLongIsLeftToTheConsole() async throws {
        var pace = ChannelPace.test
        pace.call = .milliseconds(1)
        let (house, twilio) = try await Telephone.open(pace: pace)
        let phone = Telephone(house, twilio)
        var answer = try await phone.say("show findings", at: try await phone.begin())
        for _ in 1..<PhoneCall.Limits.waits {
            #expect(answer.words == CallWords.moment)
            answer = try await phone.waits(at: answer)
        }
        #expect(answer.words == CallWords.late && answer.records)
        try await house.running { try await wait("it is done") { house.notes.ids == ["findings.list"] } }
    }

    /// A call in which something was said that nobody has worked through.
    private static func cutShort() async throws -> (ChannelHouse, Telephone, FakeTwilio, held: Telephone.Answer) {
        var pace = ChannelPace.test
        pace.call = .milliseconds(1)
        let (house, twilio) = try await Telephone.open(pace: pace)
        let phone = Telephone(house, twilio)
        let held = try await phone.say("show findings", at: try await phone.begin())
        #expect(held.words == CallWords.moment)
        return (house, phone, twilio, held)
    }

    @Test func whatWasAcknowledgedSurvivesTheEndOfTheProcess() async throws {
        let (first, phone, _, held) = try await Self.cutShort()
        let house = try await first.reopened(decider: Allowing())
        try await house.running {
            let told = try await phone.ask(try #require(held.next), ["CallStatus": "in-progress"], on: house)
            #expect(told.words.contains("findings") && told.records)
            #expect(try await phone.again(on: house).text == told.text)
        }
        #expect(try await house.said(to: "alice") == ["show findings"])
    }

    @Test func whatWasWrittenDownIsNotFetchedAgain() async throws {
        let (first, phone, twilio, held) = try await Self.cutShort()
        // As when the process ends between what was written down and what is said of it.
        let row = try await #require(first.channels.inbox.due(at: first.clock.now(), limit: 1).first)
        guard case .heard(var heard) = row.content else {
            Issue.record("it was heard")
            return
        }
        heard.text = "show findings of shop"
        try await first.channels.inbox.written(row.id, .heard(heard))
        twilio.behaves { _, _ in .answer(404) }
        let house = try await first.reopened(decider: Allowing())
        try await house.running {
            let told = try await phone.ask(try #require(held.next), [:], on: house)
            #expect(told.words.contains("findings"))
        }
        #expect(try await house.said(to: "alice") == ["show findings of shop"] && twilio.arrivals.isEmpty)
    }
}

/// Requests of which some are turned away.
private final class Attempts: Sendable {
    let refused = Mutex(0)

    func begin(_ ask: @escaping @Sendable () async throws -> Telephone.Answer) -> Task<Telephone.Answer?, any Error> {
        Task {
            do { return try await ask() } catch let error as GatehouseError where error.message.contains("answered") {
                refused.withLock { $0 += 1 }
                return nil
            }
        }
    }
}
