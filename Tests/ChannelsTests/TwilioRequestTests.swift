import Core
import Testing

@testable import Channels

/// What Twilio signs, and attacks on it: each is refused in the same words.
@Suite struct TwilioRequestTests {
    private func form(_ text: String) throws -> TwilioForm { try #require(TwilioForm(Array(text.utf8))) }

    /// The example of twilio.com, "Security", with the token 12345.
    @Test func theDocumentedExampleIsTaken() throws {
        let posted = try form(
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212")
        let mark = try TwilioSignature.check(
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url: "https://mycompany.com/myapp.php?foo=1&bar=2", form: posted,
            token: Secret("12345"))
        #expect(mark == "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    }

    /// Made with Python: base64(hmac.new(token, url + "".join(k + p[k] for k in sorted(p, key=str.encode)), sha1)) with
    /// p = {"Zeta": "1", "alpha": "ü +&=%", "Beta": "", "_x": "<"}.
    @Test(arguments: [
        ("https://gate.example.org/channels/phone/2-k0k0k0k0k0", "75fBUqaipqwsHMa6/qFmpM4xaK0="),
        ("https://gate.example.org/channels/phone/2-k0k0k0k0k0", "18gASrimfDMKhFOhnNCNk/2sOHY="),
        ("https://gate.example.org:443/channels/phone/2-k0k0k0k0k0", "75fBUqaipqwsHMa6/qFmpM4xaK0="),
    ]) func namesAreSortedByTheirBytesAndThePortMayBeNamedOrNot(_ url: String, _ signature: String) throws {
        let posted = try form("alpha=%C3%BC+%2B%26%3D%25&_x=%3C&Zeta=1&Beta=")
        _ = try TwilioSignature.check(signature, url: url, form: posted, token: Secret("token-of-vectors"))
        #expect(throws: GatehouseError.unsigned) {
            try TwilioSignature.check(
                signature, url: url + "/", form: posted, token: Secret("token-of-vectors"))
        }
    }

    @Test(arguments: [
        "a=1&a=2", "a=%zz", "a=%4", "%=1", "a", "=1", "a=1&", "&", "a=%FF", "a=1&&b=2",
        (0...64).map { "p\($0)=1" }.joined(separator: "&"),
        "a=" + String(repeating: "x", count: 256 << 10),
    ]) func whatIsNoFormOfTwiliosIsNone(_ text: String) { #expect(TwilioForm(Array(text.utf8)) == nil) }

    @Test func asManyParametersAsThereMayBeAreTaken() throws {
        let posted = try form((0..<64).map { "p\($0)=\($0)" }.joined(separator: "&"))
        #expect(posted["p63"] == "63" && posted["p64"] == nil)
        #expect(posted.signed.starts(with: Array("p00p11p1010".utf8)), "p0, p1, p10")
    }

    @Test(arguments: [
        ("CA" + String(repeating: "0aF", count: 10) + "00", true), ("CA" + String(repeating: "0", count: 31), false),
        ("CA" + String(repeating: "0", count: 33), false), ("RE" + String(repeating: "0", count: 32), false),
        ("CA" + String(repeating: "g", count: 32), false), ("CA../../" + String(repeating: "0", count: 26), false),
        ("CA" + String(repeating: "０", count: 32), false),
    ]) func idsHaveOneForm(_ text: String, _ isOne: Bool) { #expect(TwilioID.call.names(text) == isOne) }

    @Test(arguments: [
        "0-k0k0k0k0k0", "01-k0k0k0k0k0", "1", "1-", "1-k0k0k0k0k", "99999-k0k0k0k0k0", "+1-k0k0k0k0k0", "events",
    ])
    func whatIsNoPlaceInACallIsNone(_ tail: String) { #expect(CallPlace(tail) == nil) }

    @Test func aPlaceIsReadAsItIsWritten() {
        #expect(CallPlace("17-k0k0k0k0k0") == CallPlace(step: 17, nonce: "k0k0k0k0k0"))
        #expect(CallPlace(step: 17, nonce: "k0k0k0k0k0").tail == "17-k0k0k0k0k0")
    }

    // MARK: Requests

    private static let call = "CA" + String(repeating: "1", count: 32)
    private static let good: [String: String] = [
        "AccountSid": FakeTwilio.account, "CallSid": call, "From": Telephone.alice, "CallStatus": "ringing",
    ]

    private func read(_ request: ChannelRequest) throws -> CallRequest {
        let phone = try #require(Telephone.settings("https://api.twilio.com").phone)
        return try CallRequest.read(request, phone, token: Secret(FakeTwilio.token))
    }

    @Test func whatIsSignedIsRead() throws {
        let request = try read(Telephone.request("", Telephone.form(Self.good)))
        #expect(request.call == Self.call && request.number == Telephone.alice && request.place == nil)
        #expect(request.keys == nil && request.recording == nil && !request.hasHungUp)
        var pressed = Self.good
        pressed["Digits"] = "314159"
        let pin = try read(Telephone.request("1-k0k0k0k0k0", Telephone.form(pressed)))
        #expect(pin.keys == Secret("314159") && pin.place == CallPlace(step: 1, nonce: "k0k0k0k0k0"))
        #expect(!"\(pin)".contains("314159"), "what is pressed is not printed")
        for (key, value) in [("CallStatus", "completed"), ("Digits", "hangup")] {
            var over = Self.good
            over[key] = value
            #expect(try read(Telephone.request("", Telephone.form(over))).hasHungUp)
        }
        var odd = Self.good
        odd["From"] = "a b"
        #expect(try read(Telephone.request("", Telephone.form(odd))).number == "withheld")
    }

    @Test func whatTwilioDidNotSignForThisAccountAndAddressIsRefused() throws {
        let body = Telephone.form(Self.good)
        let signed = Telephone.request("", body)
        let signature = try #require(signed.headers("X-Twilio-Signature"))
        func with(_ header: String?, _ body: [UInt8] = body, _ tail: String = "") -> ChannelRequest {
            Signed.request("phone", tail, header.map { ["x-twilio-signature": $0] } ?? [:], body)
        }
        func changed(_ key: String, _ value: String?) -> [UInt8] {
            var all = Self.good
            all[key] = value
            return Telephone.form(all)
        }
        let other = changed("AccountSid", "AC" + String(repeating: "0", count: 32))
        let attacks = [
            with(nil), with(""), with(signature + "="), with("\(signature),\(signature)"),
            with(String(signature.dropLast(4))), with(" \(signature)"), with(signature, body + Array("&x=1".utf8)),
            with(signature, changed("From", Telephone.bob)), with(signature, body, "1-k0k0k0k0k0"),
            with(signature, body + Array("&From=%2B49".utf8)),
            Telephone.request("", body, token: "another"),
            Telephone.request("", body, address: "https://evil.example/phone"),
            Telephone.request("", body, address: "http://gate.example.org/channels/phone"),
            Telephone.request("", other), Telephone.request("", changed("AccountSid", nil)),
            Telephone.request("", changed("CallSid", "CA1")), Telephone.request("", changed("CallSid", nil)),
            Telephone.request("events", body), Telephone.request("1-K0K0K0K0K0", body),
        ]
        for (index, attack) in attacks.enumerated() {
            #expect(throws: GatehouseError.unsigned, "\(index)") { try read(attack) }
        }
    }

    @Test(arguments: ["RE1", "../../../etc/passwd", "CA" + String(repeating: "1", count: 32), "https://evil.example/x"])
    func aRecordingThatIsNoneIsRefused(_ id: String) throws {
        var all = Self.good
        all["RecordingSid"] = id
        let error = #expect(throws: GatehouseError.self) {
            try read(Telephone.request("2-k0k0k0k0k0", Telephone.form(all)))
        }
        #expect(error?.code == .invalid)
    }
}
