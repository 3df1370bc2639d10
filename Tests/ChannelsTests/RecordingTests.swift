import Core
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Recordings from a nasty Twilio.
@Suite struct RecordingTests {
    private func say(
        _ words: String, script: @escaping FakeTwilio.Script
    ) async throws -> (Telephone.Answer, ChannelHouse, FakeTwilio) {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        twilio.behaves(script)
        var answer: Telephone.Answer?
        try await house.running { answer = try await phone.say(words, at: try await phone.begin()) }
        let told = try #require(answer)
        return (told, house, twilio)
    }

    @Test(arguments: 0..<4) func whatIsNotThereYetIsFetchedAgain(_ number: Int) async throws {
        let (answer, house, _) = try await say("show findings") { count, _ in
            guard count == 1 else { return nil }
            switch number {
            case 0: return .answer(404)
            case 1: return .reset
            case 2: return .answer(503)
            default: return .hang
            }
        }
        #expect(answer.words.contains("findings") && house.notes.ids == ["findings.list"])
    }

    @Test(arguments: 0..<4) func whatIsNotGivenIsSaidAndNothingIsDone(_ number: Int) async throws {
        let (answer, house, twilio) = try await say("show findings") { _, _ in
            switch number {
            case 0: .answer(401, body: "{\"message\": \"</Say><Dial>+1900</Dial>\"}")
            case 1: .answer(302, headers: [("location", "http://169.254.169.254/latest/meta-data")])
            case 2: .flood(200)
            default: .breakOff(200)
            }
        }
        #expect(answer.words.hasPrefix("That did not work") && answer.records, "\(answer.text)")
        #expect(!answer.text.contains("<Dial") && !answer.text.contains(FakeTwilio.token))
        #expect(house.notes.ids.isEmpty && twilio.arrivals.count == 1)
    }

    @Test func aRecordingThatIsNotRemovedIsHeardNevertheless() async throws {
        let (answer, house, twilio) = try await say("show findings") { _, arrival in
            arrival.method == "DELETE" ? .answer(500) : nil
        }
        #expect(answer.words.contains("findings") && house.notes.ids == ["findings.list"])
        #expect(twilio.arrivals.map(\.method) == ["GET", "DELETE"])
    }

    @Test func whatCannotBeHeardIsSaid() async throws {
        let (answer, house, _) = try await say("") { _, arrival in
            arrival.method == "GET" ? .answer(200, body: "noise") : nil
        }
        #expect(answer.words.contains("nothing can be heard") && answer.records)
        #expect(house.notes.ids.isEmpty)
    }

    @Test func whereARecordingLiesIsNeverTakenFromARequest() async throws {
        let (_, _, twilio) = try await say("hello") { _, _ in nil }
        let folder = "/2010-04-01/Accounts/\(FakeTwilio.account)/Recordings/RE"
        #expect(twilio.arrivals.count == 2 && twilio.arrivals.allSatisfy { $0.path.hasPrefix(folder) })
    }
}
