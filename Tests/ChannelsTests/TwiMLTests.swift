import Core
import Foundation
import JSON
import Testing

@testable import Channels

/// What a call is told to do, and how the house's words sound.
@Suite struct TwiMLTests {
    @Test(arguments: [
        "</Say><Dial>+1900</Dial><Say>", "<![CDATA[x]]>", "&amp; &lt; & \" '", "a\u{0}b\u{8}c\u{1B}d\u{FFFE}e\u{FFFF}",
        "]]>",
        "<?xml?>", "\u{202E}ä𝄞", "",
    ]) func whatIsSaidIsTextAndNothingElse(_ words: String) {
        let text = TwiML(
            verbs: [.say(words), .gather(prompt: words, action: words), .record(action: words), .redirect(words)],
            language: words
        ).text
        #expect(Markup.isWellFormed(text), "\(text)")
        #expect(!text.contains("<Dial") && !text.contains("<!["))
        #expect(text.components(separatedBy: "<").count == 12 + 1, "as many tags as there are verbs, and no more")
    }

    @Test func aCallIsToldInTwiliosWords() {
        let text = TwiML(
            verbs: [.say("Hello."), .record(action: "https://a.example/2"), .pause(seconds: 2), .hangup],
            language: "de-DE"
        ).text
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <Response><Say language="de-DE">Hello.</Say><Record action="https://a.example/2" method="POST" \
                finishOnKey="#" timeout="4" maxLength="60" trim="trim-silence"/><Pause length="2"/><Hangup/></Response>
                """)
    }

    @Test func ofATableTheFirstRowsAreSaidAndTheOthersCounted() {
        var said = Said("12 findings are open.")
        said.rows = (1...5).map { ["high", "Finding\n\($0)"] }
        said.total = 12
        #expect(
            SpokenText.words(said)
                == "12 findings are open. Number 1: high, Finding 1. Number 2: high, Finding 2. "
                + "Number 3: high, Finding 3. There are 9 more: see the console.")
        said.text = String(repeating: "x", count: 10_000)
        #expect(SpokenText.words(said).unicodeScalars.count == 600)
    }

    // MARK: The call as a value

    private var call: PhoneCall {
        PhoneCall("CA1", from: "+49", nonce: "k0k0k0k0k0", marked: "m", at: Timestamp(seconds: 1))
    }

    @Test func nothingLeadsPastThePinButThePin() {
        for event: PhoneCall.Event in [.wrongPin, .closed, .spoke(row: "chi_1"), .silence, .waited, .hungUp] {
            var call = call
            for _ in 0..<5 {
                let turn = call.take(event, marked: "n")
                if case .listens = turn { Issue.record("\(event) leads past the pin") }
                if case .works = turn { Issue.record("\(event) leads past the pin") }
            }
            #expect(call.stage == .over && call.row == nil)
        }
    }

    @Test func whatIsOverStaysOver() {
        var call = call
        _ = call.take(.closed, marked: "n")
        #expect(call.take(.rightPin, marked: "n") == .ends(CallWords.refused) && call.stage == .over)
    }

    @Test func silencesAndWaitsAreBounded() {
        var call = call
        #expect(call.take(.rightPin, marked: "n") == .listens(CallWords.welcome))
        #expect(call.take(.silence, marked: "n") == .listens(CallWords.silence))
        #expect(call.take(.silence, marked: "n") == .listens(CallWords.silence))
        #expect(call.take(.spoke(row: "chi_1"), marked: "n") == .works(row: "chi_1"))
        for _ in 1..<PhoneCall.Limits.waits {
            #expect(call.hear(nil) == .holds(CallWords.moment))
            #expect(call.take(.waited, marked: "n") == .works(row: "chi_1"))
        }
        #expect(call.hear(nil) == .listens(CallWords.late) && call.row == nil)
        for _ in 1..<PhoneCall.Limits.silences { _ = call.take(.silence, marked: "n") }
        #expect(call.take(.silence, marked: "n") == .ends(CallWords.goodbye))
    }

    @Test func aCallHasSoManyStepsAndNoMore() {
        var call = call
        _ = call.take(.rightPin, marked: "n")
        for _ in 0..<PhoneCall.Limits.steps where call.stage != .over {
            _ = call.take(.spoke(row: "chi_1"), marked: "n")
            _ = call.hear("Done.")
        }
        #expect(call.stage == .over && call.step <= PhoneCall.Limits.steps + 1)
    }
}
