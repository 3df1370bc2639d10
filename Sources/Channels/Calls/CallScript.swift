/// How what is answered in a call is told to Twilio.
struct CallScript: Sendable {
    private static let pause = 2

    let phone: PhoneSettings

    /// To who cannot be heard.
    var refusal: String { document([.say(CallWords.refused), .hangup]) }

    /// Nil where nothing is answered yet.
    func text(_ turn: PhoneCall.Turn, of call: PhoneCall) -> String? {
        let next = "\(phone.address)/\(CallPlace(step: call.step, nonce: call.nonce).tail)"
        switch turn {
        case .asksForPin(let words): return document([.gather(prompt: words, action: next), .hangup])
        case .listens(let words): return document([.say(words), .record(action: next), .redirect(next)])
        case .works: return nil
        case .holds(let words): return document([.say(words), .pause(seconds: Self.pause), .redirect(next)])
        case .ends(let words): return document(words.isEmpty ? [.hangup] : [.say(words), .hangup])
        }
    }

    private func document(_ verbs: [TwiML.Verb]) -> String { TwiML(verbs: verbs, language: phone.language).text }
}
