/// Ids of Twilio's: two letters that say of what, and 32 hexadecimal digits.
enum TwilioID: String, Sendable, Hashable {
    case account = "AC"
    case call = "CA"
    case recording = "RE"

    func names(_ text: String) -> Bool {
        text.utf8.count == 34 && text.hasPrefix(rawValue)
            && text.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    }
}
