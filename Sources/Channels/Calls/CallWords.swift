/// What the house says in a call of its own accord.
enum CallWords {
    static let pin = "Enter your pin, and then the hash key."
    static let pinAgain = "That was not it. \(pin)"
    /// In the same words to who is not known, pressed the wrong pin too often, or may not sign in.
    static let refused = "This call cannot be taken. Goodbye."
    static let welcome = "Say what you want after the tone, and then press the hash key."
    static let silence = "I heard nothing. \(welcome)"
    static let moment = "One moment."
    static let late = "This takes longer. Its answer will be on the console's page Chat. What else do you want?"
    static let goodbye = "Goodbye."
    static let secret = "Secrets are not said in a call: see the console."
    static let inConsole = "The yes has to be written, on the console's page Chat."

    static func confirmed(in channel: String) -> String {
        "The yes has to be written: you are asked for it in the channel \(channel)."
    }
}
