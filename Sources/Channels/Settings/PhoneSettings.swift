import Config
import Core
import Integrations

/// What a channel of kind `twilio` has beside what all have: which telephone number it is, and by what its callers are known.
struct PhoneSettings: Sendable {
    /// `AC…`
    let account: String
    /// The public address that Twilio calls, and signs, for incoming calls. Steps of a call follow it after a slash.
    let address: String
    /// By caller's number.
    let pins: [String: Secret]
    /// The channel in which plans are agreed to.
    let confirm: String?
    /// In which replies are spoken (BCP 47).
    let language: String?
}

extension PhoneSettings {
    /// - Parameter users: the channel's, by number.
    /// - Throws: `invalid`, with the place.
    init(_ node: ConfigNode, users: [String: String]) throws {
        account = try node.string("account")
        guard TwilioID.account.names(account) else {
            throw (node["account"] ?? node).error(
                "this is no account of Twilio's", hint: "Twilio's console shows it: AC and 32 hexadecimal digits")
        }
        address = try Self.address(node)
        for (number, place) in node.map("users") where !Self.isNumber(number) {
            throw place.error(
                "\(number) is no telephone number", hint: "write it with its country, such as \"+4915112345678\"")
        }
        pins = try Self.pins(node, users)
        confirm = try node.optionalString("confirm")
        language = try node.optionalString("language")
        if let language, !Self.isLanguage(language) {
            throw (node["language"] ?? node).error("this is no language", hint: "write for example en-US or de-DE")
        }
    }

    private static func address(_ node: ConfigNode) throws -> String {
        let (url, place) = (try node.string("url"), node["url"] ?? node)
        guard let address = OutsideAddress(url), !url.contains("?"), !url.contains("#"), !url.hasSuffix("/") else {
            throw place.error(
                "this is no address that steps of a call could be below",
                hint: "write the one that Twilio calls, such as https://gate.example.org/channels/phone")
        }
        guard try address.isTLS || node.bool("private") else {
            throw place.error(
                "what is pressed and said could be read on the way", hint: "use https, or set private: true")
        }
        return url
    }

    private static func pins(_ node: ConfigNode, _ users: [String: String]) throws -> [String: Secret] {
        var pins: [String: Secret] = [:]
        for (number, place) in node.map("pins") {
            guard users[number] != nil else {
                throw place.error("\(number) is nobody's number", hint: "map it to a principal under users")
            }
            guard let pin = place.secret, (6...12).contains(pin.expose().utf8.count),
                pin.expose().utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw place.error("this is no pin", hint: "a pin has 6 to 12 digits and nothing else") }
            pins[number] = pin
        }
        return pins
    }

    /// E.164.
    private static func isNumber(_ text: String) -> Bool {
        text.hasPrefix("+") && (6...16).contains(text.utf8.count)
            && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isLanguage(_ text: String) -> Bool {
        (2...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }
}
