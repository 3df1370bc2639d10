import Core
import Crypto
import Flow
import Foundation
import Gate
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

/// Calls of a whole house, asked for as Twilio asks.
@Suite("Calls of a house", .timeLimit(.minutes(10)))
struct CallHouseTests {
    private static let account = "AC" + String(repeating: "5a", count: 16)
    private static let call = "CA" + String(repeating: "1", count: 32)
    private static let token = String(repeating: "auth-token-", count: 3)
    private static let address = "https://gate.example.org/channels/phone"
    private static let number = "+4915100000001"

    private static func configuration(_ scratch: ScratchFolder, api: String) throws -> HouseConfiguration {
        let key = scratch.file("twilio.key")
        try token.write(toFile: key, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let file = scratch.file("gatehouse.yaml")
        try """
        conversation: {transcribes: openai/whisper-1}
        channels:
          phone:
            kind: twilio
            account: \(account)
            auth_token: "file:\(key)"
            url: \(address)
            users: {"\(number)": Ada Admin}
            pins: {"\(number)": "271828"}
            api: \(api)
            private: true

        """.write(toFile: file, atomically: true, encoding: .utf8)
        return try HouseConfiguration.load(file)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            default: "%" + Hex.encode([byte]).uppercased()
            }
        }.joined()
    }

    private static func signature(_ url: String, _ parameters: [String: String], _ key: String) -> String {
        let text = url + parameters.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8)))
        return Base64.encode(Array(code))
    }

    /// Where an answer leads.
    private static func next(_ answer: RunningHouse.Answer) throws -> String {
        let text = try #require(answer.text.components(separatedBy: "\(address)/").dropFirst().first)
        return String(text.prefix { $0 != "\"" && $0 != "<" })
    }

    @Test("who presses the pin speaks as that principal, by the house's own model; a change waits for a yes in writing")
    func calling() async throws {
        let recordings = try await TestServer { _, arrival in
            let words = arrival.path.hasSuffix("1.mp3") ? "list the workflows" : "assess and fix /srv/none"
            return arrival.method == "GET"
                ? .answer(200, body: "ID3\u{4}\u{0}SAY \(words)\r\n") : .answer(204, body: "")
        }
        let upstream = try await SpeechUpstream.open()
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        var configuration = try Self.configuration(scratch, api: recordings.address)
        configuration.models = ModelSDKTests.settings(port: upstream.port)
        let ready = configuration
        try await RunningHouse.with(configure: { $0 = ready }) { running in
            func ask(
                _ tail: String, _ more: [String: String] = [:], key: String = Self.token
            ) async throws -> RunningHouse.Answer {
                let parameters = more.merging(
                    [
                        "AccountSid": Self.account, "CallSid": Self.call, "From": Self.number,
                        "CallStatus": "in-progress",
                    ]
                ) { own, _ in own }
                let body = parameters.map { "\($0.key)=\(Self.escaped($0.value))" }.joined(separator: "&")
                let url = Self.address + (tail.isEmpty ? "" : "/\(tail)")
                return try await running.send(
                    .POST, "/channels/phone" + (tail.isEmpty ? "" : "/\(tail)"), bytes: Array(body.utf8),
                    headers: [
                        ("content-type", "application/x-www-form-urlencoded"),
                        ("x-twilio-signature", Self.signature(url, parameters, key)),
                    ])
            }
            /// Says what a recording says, and waits as it is told to.
            func speak(_ number: Int, at answer: RunningHouse.Answer) async throws -> RunningHouse.Answer {
                let recording = ["RecordingSid": "RE" + String(repeating: "0", count: 31) + "\(number)", "Digits": "#"]
                var told = try await ask(try Self.next(answer), recording)
                while told.text.contains("<Pause ") { told = try await ask(try Self.next(told)) }
                return told
            }
            #expect(try await ask("", key: "another").status == 401)
            let rung = try await ask("")
            #expect(rung.status == 200 && rung.headers["content-type"].first?.hasPrefix("text/xml") == true)
            #expect(rung.text.contains("<Gather "), "\(rung.text)")
            let welcome = try await ask(try Self.next(rung), ["Digits": "271828"])
            #expect(welcome.text.contains("<Record "), "\(welcome.text)")
            let list = try await speak(1, at: welcome)
            #expect(list.status == 200 && list.text.contains("Number 1:"), "\(list.text)")
            let plan = try await speak(2, at: list)
            #expect(plan.text.contains("This is my plan") && plan.text.contains("page Chat"), "\(plan.text)")
            #expect(try await running.house.workflows.engine.runs().isEmpty)
            #expect(try await ask(try Self.next(list)).status == 409)
            let conversation = try #require(
                try await running.send(.GET, "/api/v1/conversations", key: running.adminKey).json["conversations"]?[0])
            let yes = try await running.send(
                .POST, "/api/v1/conversations/\(try conversation.text("id"))/messages", key: running.adminKey,
                json: ["text": "yes"])
            #expect(yes.json["run"]?.string?.hasPrefix("run_") == true, "\(yes.text)")
        }
        #expect(recordings.arrivals.map(\.method) == ["GET", "DELETE", "GET", "DELETE"])
        #expect(upstream.arrivals.count == 2)
        try await upstream.stop()
        try await recordings.stop()
    }
}
