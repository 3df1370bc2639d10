import Core
import JSON
import Testing
import Web

@testable import Channels

/// Attacks on what says who sent a request: each is refused in the same words.
@Suite struct SignatureTests {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let body = Array("{\"type\":\"url_verification\",\"challenge\":\"c\"}".utf8)

    private func refusal(_ check: () throws -> Void) -> String? {
        do { try check() } catch { return "\(error)" }
        return nil
    }

    private func slack(_ signature: String?, _ seconds: String?, _ body: [UInt8] = body) -> String? {
        refusal {
            try SlackSignature.check(
                signature, seconds: seconds, body: body, secret: Secret(Signed.slackSecret), at: Self.now)
        }
    }

    private static func slackHeaders(_ offset: Int64 = 0, secret: String = Signed.slackSecret) -> (String, String) {
        let request = Signed.slack(body, at: Timestamp(seconds: now.seconds + offset), secret: secret)
        return (request.headers("X-Slack-Signature") ?? "", request.headers("X-Slack-Request-Timestamp") ?? "")
    }

    @Test(arguments: [0, -300, 300] as [Int64]) func aRequestOfSlacksIsTakenWithinFiveMinutes(_ offset: Int64) {
        let (signature, seconds) = Self.slackHeaders(offset)
        #expect(slack(signature, seconds) == nil)
    }

    @Test func whatSlackDidNotSignIsRefused() {
        let (signature, seconds) = Self.slackHeaders()
        let other = Self.slackHeaders(secret: "another")
        let attacks: [(String?, String?, [UInt8])] = [
            (nil, seconds, Self.body), (signature, nil, Self.body), ("", "", Self.body),
            (String(signature.dropLast(2)), seconds, Self.body), (signature + "00", seconds, Self.body),
            (signature, seconds, Self.body + [0x20]), (signature, "\(Self.now.seconds + 1)", Self.body),
            (other.0, other.1, Self.body), ("v1=" + signature.dropFirst(3), seconds, Self.body),
            ("\(signature),\(signature)", seconds, Self.body), (signature, "\(seconds),\(seconds)", Self.body),
            (signature, " \(seconds)", Self.body), (signature, "+\(seconds)", Self.body),
            ("v0=" + String(repeating: "z", count: 64), seconds, Self.body),
        ]
        for (signature, seconds, body) in attacks {
            #expect(slack(signature, seconds, body) == "\(GatehouseError.unsigned)")
        }
    }

    @Test(arguments: [-301, 301, -86_400, 86_400] as [Int64]) func oldAndFutureRequestsOfSlacksAreRefused(
        _ offset: Int64
    ) {
        let (signature, seconds) = Self.slackHeaders(offset)
        #expect(slack(signature, seconds) == "\(GatehouseError.unsigned)")
    }

    @Test(arguments: ["999999999999999999999", "-1", "0x10", "", "１８", "9223372036854775807"])
    func timesThatAreNoneAreRefused(_ seconds: String) {
        #expect(!SignedTime.isNear(seconds, to: Self.now))
    }

    @Test func whatTeamsDidNotSignIsRefused() throws {
        let token = Secret(Signed.teamsToken)
        let good = try #require(Signed.teams(Self.body).headers("Authorization"))
        #expect(refusal { try TeamsSignature.check(good, body: Self.body, token: token) } == nil)
        let other = try #require(Signed.teams(Self.body, key: [1, 2, 3]).headers("Authorization"))
        let attacks: [(String?, [UInt8])] = [
            (nil, Self.body), ("", Self.body), (good, Self.body + [0x20]), (other, Self.body),
            (String(good.dropLast(4)), Self.body), ("\(good),\(good)", Self.body), ("\(good) \(good)", Self.body),
            ("HMAC ", Self.body), ("Bearer \(good.dropFirst(5))", Self.body), ("hmac \(good.dropFirst(5))", Self.body),
        ]
        for (header, body) in attacks {
            #expect(
                refusal { try TeamsSignature.check(header, body: body, token: token) }
                    == "\(GatehouseError.unsigned)")
        }
        #expect(refusal { try TeamsSignature.check(good, body: Self.body, token: Secret("no base64!")) } != nil)
    }

    @Test func whatAProgramDidNotSignIsRefused() throws {
        let secret = Secret(Signed.genericSecret)
        func check(_ header: String?, _ body: [UInt8] = Self.body) -> String? {
            refusal { try GenericSignature.check(header, body: body, secret: secret, at: Self.now) }
        }
        func header(_ offset: Int64 = 0, secret: String = Signed.genericSecret) throws -> String {
            try #require(
                Signed.generic(Self.body, at: Timestamp(seconds: Self.now.seconds + offset), secret: secret).headers(
                    "X-Gatehouse-Signature"))
        }
        let good = try header()
        #expect(check(good) == nil)
        let parts = good.split(separator: ",").map(String.init)
        let attacks = [
            nil, "", parts[0], parts[1], "\(good),\(good)", "\(good),\(parts[1])", "\(parts[0]),\(good)",
            "\(good),", "\(good),x=1", String(good.dropLast(2)), try header(secret: "another"), try header(-301),
            try header(301), "t=\(Self.now.seconds + 1),\(parts[1])",
        ]
        for attack in attacks { #expect(check(attack) == "\(GatehouseError.unsigned)") }
        #expect(check(good, Self.body + [0x20]) == "\(GatehouseError.unsigned)")
    }
}
