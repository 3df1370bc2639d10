import Web

/// What Twilio is to do next in a call (twilio.com, "TwiML for Programmable Voice"), as the document that says it.
struct TwiML: Sendable, Hashable {
    enum Verb: Sendable, Hashable {
        case say(String)
        case pause(seconds: Int)
        /// Asks for keys, up to the hash key, and posts them; also where none are pressed.
        case gather(prompt: String, action: String)
        /// Records up to the hash key or a silence, and posts where the recording is. Where nothing was said, what comes next is
        /// done.
        case record(action: String)
        case redirect(String)
        case hangup
    }

    /// Of a recording, in seconds: what can be said in it is heard in a conversation.
    static let longestRecording = 60

    var verbs: [Verb]
    /// In which it is spoken (BCP 47).
    var language: String?

    var text: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\(verbs.map(element).joined())</Response>"
    }

    private func element(_ verb: Verb) -> String {
        switch verb {
        case .say(let words): say(words)
        case .pause(let seconds): "<Pause length=\"\(seconds)\"/>"
        case .gather(let prompt, let action):
            """
            <Gather input="dtmf" action="\(Self.escape(action))" method="POST" finishOnKey="#" timeout="8" \
            actionOnEmptyResult="true">\(say(prompt))</Gather>
            """
        case .record(let action):
            """
            <Record action="\(Self.escape(action))" method="POST" finishOnKey="#" timeout="4" \
            maxLength="\(Self.longestRecording)" trim="trim-silence"/>
            """
        case .redirect(let address): "<Redirect method=\"POST\">\(Self.escape(address))</Redirect>"
        case .hangup: "<Hangup/>"
        }
    }

    private func say(_ words: String) -> String {
        let attribute = language.map { " language=\"\(Self.escape($0))\"" } ?? ""
        return "<Say\(attribute)>\(Self.escape(words))</Say>"
    }

    /// As it may stand in text and between quotes (XML 1.0, 2.2 and 2.4): whatever controls a line is a space, and what no
    /// document may have is left out.
    static func escape(_ text: String) -> String {
        MarkupEscape.text(text) { scalar in
            switch scalar {
            case "\u{FFFE}", "\u{FFFF}": nil
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": " "
            default: scalar
            }
        }
    }
}
