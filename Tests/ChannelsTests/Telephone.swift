import Core
import Crypto
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// A telephone: what Twilio asks in one call, signed with the primitives, and what the house answers to it.
final class Telephone: Sendable {
    static let address = "https://gate.example.org/channels/phone"
    static let alice = "+4915100000001"
    static let bob = "+4915100000002"
    static let pins = [alice: "314159", bob: "2718281828"]

    let house: ChannelHouse
    let twilio: FakeTwilio
    let call: String
    let number: String
    private let last = Mutex<(tail: String, body: [UInt8])>(("", []))

    init(_ house: ChannelHouse, _ twilio: FakeTwilio, number: String = alice, call: Character = "1") {
        (self.house, self.twilio, self.number) = (house, twilio, number)
        self.call = "CA" + String(repeating: call, count: 32)
    }

    static func settings(_ api: String, confirm: String? = "ops") -> ChannelSettings {
        var phone = ChannelSettings(
            name: "phone", kind: .twilio,
            users: [alice: "alice", bob: "bob", "+4915100000003": "alice", "+4915100000004": "nobody"],
            secret: Secret(FakeTwilio.token))
        phone.url = Secret(api)
        var pins = pins.mapValues { Secret($0) }
        pins["+4915100000004"] = Secret("161803")
        phone.phone = PhoneSettings(
            account: FakeTwilio.account, address: address, pins: pins, confirm: confirm, language: nil)
        return phone
    }

    /// A house with a telephone in it.
    static func open(
        confirm: String? = "ops", clock: any WallClock = SystemWallClock(), notes: Notes = Notes(),
        decider: any Decider = Allowing(), pace: ChannelPace = .test,
        configure: @escaping ChannelHouse.Configure = { _ in }
    ) async throws -> (ChannelHouse, FakeTwilio) {
        let twilio = try await FakeTwilio()
        let house = try await ChannelHouse.open(
            clock: clock, notes: notes, decider: decider,
            configure: { settings in
                settings.channels["phone"] = Self.settings(twilio.address, confirm: confirm)
                configure(&settings)
            }, pace: pace)
        return (house, twilio)
    }

    // MARK: What Twilio asks

    /// Where the last answer leads.
    struct Answer: Sendable {
        let text: String

        /// What is said, as it is heard.
        var words: String {
            Markup.elements("Say", in: text).map(Markup.plain).joined(separator: " ")
        }
        var next: String? {
            let attribute = Markup.attribute("action", in: text) ?? Markup.elements("Redirect", in: text).first
            return attribute.map { String(Markup.plain($0).dropFirst(Telephone.address.utf8.count + 1)) }
        }
        var records: Bool { text.contains("<Record ") }
        var asksForPin: Bool { text.contains("<Gather ") }
        var hangsUp: Bool { text.contains("<Hangup/>") }
    }

    @discardableResult
    func ring() async throws -> Answer { try await ask("", ["CallStatus": "ringing"]) }

    @discardableResult
    func press(_ keys: String, at answer: Answer) async throws -> Answer {
        try await ask(try #require(answer.next), ["CallStatus": "in-progress", "Digits": keys])
    }

    /// Says something after the tone.
    @discardableResult
    func say(_ words: String, at answer: Answer, hangsUp: Bool = false) async throws -> Answer {
        try await ask(
            try #require(answer.next),
            [
                "CallStatus": hangsUp ? "completed" : "in-progress", "Digits": hangsUp ? "hangup" : "#",
                "RecordingSid": twilio.record(words), "RecordingDuration": "2",
                // Nobody follows this.
                "RecordingUrl": "http://169.254.169.254/latest/meta-data",
            ])
    }

    /// It was told to ask again.
    @discardableResult
    func waits(at answer: Answer) async throws -> Answer {
        try await ask(try #require(answer.next), ["CallStatus": "in-progress"])
    }

    /// Rings, and presses the right pin.
    func begin() async throws -> Answer {
        try await press(try #require(Self.pins[number]), at: try await ring())
    }

    /// The same request once more.
    func again(on other: ChannelHouse? = nil) async throws -> Answer {
        let (tail, body) = last.withLock { $0 }
        return try await send(Self.request(tail, body), on: other ?? house)
    }

    func ask(_ tail: String, _ parameters: [String: String], on other: ChannelHouse? = nil) async throws -> Answer {
        var all = parameters
        let standard = [
            "AccountSid": FakeTwilio.account, "CallSid": call, "From": number, "To": "+4930000000",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound", "CallerCity": "Köln & more",
        ]
        all.merge(standard) { own, _ in own }
        let body = Self.form(all)
        last.withLock { $0 = (tail, body) }
        return try await send(Self.request(tail, body), on: other ?? house)
    }

    private func send(_ request: ChannelRequest, on house: ChannelHouse) async throws -> Answer {
        let answer = try await house.channels.take(request)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 200 && answer.contentType == "text/xml; charset=utf-8")
        #expect(Markup.isWellFormed(text), "\(text)")
        return Answer(text: text)
    }

    // MARK: As Twilio signs

    static func form(_ parameters: [String: String]) -> [UInt8] {
        Array(parameters.map { "\(Payload.form($0.key))=\(Payload.form($0.value))" }.joined(separator: "&").utf8)
    }

    static func request(
        _ tail: String, _ body: [UInt8], name: String = "phone", address: String = address,
        token: String = FakeTwilio.token
    ) -> ChannelRequest {
        let url = tail.isEmpty ? address : "\(address)/\(tail)"
        return Signed.request(name, tail, ["x-twilio-signature": signature(url, body, token)], body)
    }

    static func signature(_ url: String, _ body: [UInt8], _ token: String) -> String {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(plain)
        }
        let signed = pairs.sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }.flatMap(\.self).joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array((url + signed).utf8), using: SymmetricKey(data: Array(token.utf8)))
        return Base64.encode(Array(code))
    }

    private static func plain(_ text: some StringProtocol) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2 {
                out += Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) ?? []
                rest = rest.dropFirst(2)
            } else {
                out.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
