import Core
import JSON
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

/// A real server that does what Slack's Web API is documented to do with messages (chat.postMessage, chat.update,
/// chat.postEphemeral), unless a test makes it nasty.
final class FakeSlack: Sendable {
    struct Call: Sendable {
        let method: String
        let authorization: String
        let body: JSON
        let raw: [UInt8]
        let signature: String?

        fileprivate init(_ arrival: TestServer.Arrival) {
            method = String(arrival.path.dropFirst())
            authorization = arrival.headers.first(name: "authorization") ?? ""
            (body, raw) = (arrival.json, arrival.body)
            signature = arrival.headers.first(name: "x-gatehouse-signature")
        }
    }

    struct Message: Sendable {
        let room: String
        let thread: String?
        var content: JSON
        var edits = 0

        var text: String { content["text"]?.string ?? "" }
        /// All that people see of it.
        var shown: String { content["blocks"]?.text() ?? "" }
        /// By their action.
        var buttons: [String: String] {
            let actions = (content["blocks"]?.array ?? []).filter { $0["type"] == "actions" }
            let elements = actions.flatMap { $0["elements"]?.array ?? [] }
            return Dictionary(
                elements.compactMap { element in
                    element["action_id"]?.string.flatMap { id in element["value"]?.string.map { (id, $0) } }
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    struct Kept: Sendable {
        var calls: [Call] = []
        var messages: [String: Message] = [:]
        var order: [String] = []
        var whispers: [(user: String, content: JSON)] = []
    }

    /// Nil for what Slack does.
    typealias Script = @Sendable (_ number: Int, _ call: Call) -> TestServer.Reply?

    private final class Shared: Sendable {
        let kept = Mutex(Kept())
        let script: Mutex<Script>
        init(_ script: @escaping Script) { self.script = Mutex(script) }

        func perform(_ call: Call) -> JSON {
            kept.withLock { kept in
                guard call.authorization == "Bearer \(ChannelHouse.token)" else {
                    return ["ok": false, "error": "invalid_auth"]
                }
                let room = call.body["channel"]?.string ?? ""
                switch call.method {
                case "chat.postMessage":
                    let time = "1700000100.\(String(100_000 + kept.order.count))"
                    kept.order.append(time)
                    kept.messages[time] = Message(
                        room: room, thread: call.body["thread_ts"]?.string, content: call.body)
                    return ["ok": true, "channel": .string(room), "ts": .string(time), "message": [:]]
                case "chat.update":
                    guard let time = call.body["ts"]?.string, kept.messages[time]?.room == room else {
                        return ["ok": false, "error": "message_not_found"]
                    }
                    kept.messages[time]?.content = call.body
                    kept.messages[time]?.edits += 1
                    return ["ok": true, "channel": .string(room), "ts": .string(time)]
                case "chat.postEphemeral":
                    kept.whispers.append((call.body["user"]?.string ?? "", call.body))
                    return ["ok": true, "message_ts": "1700000200.000001"]
                default: return ["ok": true]
                }
            }
        }
    }

    private let server: TestServer
    private let shared: Shared

    init(_ script: @escaping Script = { _, _ in nil }) async throws {
        let shared = Shared(script)
        self.shared = shared
        server = try await TestServer { number, arrival in
            let call = Call(arrival)
            shared.kept.withLock { $0.calls.append(call) }
            return shared.script.withLock({ $0 })(number, call) ?? .answer(200, body: shared.perform(call).text())
        }
    }

    var address: String { server.address }
    var kept: Kept { shared.kept.withLock { $0 } }
    var calls: [Call] { kept.calls }
    /// In the order in which they were posted, as they stand now.
    var messages: [Message] { shared.kept.withLock { kept in kept.order.compactMap { kept.messages[$0] } } }
    var whispers: [(user: String, content: JSON)] { kept.whispers }
    func behaves(_ script: @escaping Script) { shared.script.withLock { $0 = script } }
}
