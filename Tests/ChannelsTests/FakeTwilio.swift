import Core
import NIOHTTP1
import Synchronization
import TestSupport

/// A real server that does with recordings what Twilio's API is documented to do (twilio.com, "Recordings resource"), unless
/// a test makes it nasty.
final class FakeTwilio: Sendable {
    static let account = "AC" + String(repeating: "5a", count: 16)
    static let token = "auth-token-" + "of-this-test"

    /// Nil for what Twilio does.
    typealias Script = @Sendable (_ number: Int, _ arrival: TestServer.Arrival) -> TestServer.Reply?

    private final class Shared: Sendable {
        let recordings = Mutex<[String: String]>([:])
        let script = Mutex<Script>({ _, _ in nil })

        func answer(_ arrival: TestServer.Arrival) -> TestServer.Reply {
            let pair = Base64.encode(Array("\(FakeTwilio.account):\(FakeTwilio.token)".utf8))
            guard arrival.headers.first(name: "authorization") == "Basic \(pair)" else {
                return .answer(401, body: "{\"code\": 20003, \"message\": \"Authenticate\"}")
            }
            let folder = "/2010-04-01/Accounts/\(FakeTwilio.account)/Recordings/"
            guard arrival.path.hasPrefix(folder) else { return .answer(404) }
            let parts = arrival.path.dropFirst(folder.count).split(separator: ".").map(String.init)
            return recordings.withLock { recordings in
                guard parts.count == 2, let words = recordings[parts[0]] else { return .answer(404) }
                switch (arrival.method, parts[1]) {
                case ("GET", "mp3"): return .answer(200, body: "SAY \(words)")
                case ("DELETE", "json"):
                    recordings[parts[0]] = nil
                    return .answer(204, body: "")
                default: return .answer(405)
                }
            }
        }
    }

    private let shared: Shared
    private let server: TestServer

    init() async throws {
        let shared = Shared()
        self.shared = shared
        server = try await TestServer { number, arrival in
            shared.script.withLock { $0 }(number, arrival) ?? shared.answer(arrival)
        }
    }

    var address: String { server.address }
    var arrivals: [TestServer.Arrival] { server.arrivals }
    /// Those that are there, by id.
    var recordings: [String: String] { shared.recordings.withLock { $0 } }
    func behaves(_ script: @escaping Script) { shared.script.withLock { $0 = script } }

    /// - Returns: the id of a new recording.
    func record(_ words: String) -> String {
        shared.recordings.withLock { recordings in
            let digits = String(recordings.count + Int.random(in: 0..<1_000_000_000) * 1000, radix: 16)
            let id = "RE" + String(repeating: "0", count: 32 - digits.count) + digits
            recordings[id] = words
            return id
        }
    }
}
