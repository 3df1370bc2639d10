import JSON
import NIOHTTP1
import Synchronization
import TestSupport

/// A server with OpenAI's API, on a port of this machine, that answers as a script says: also as no provider should.
/// The first part of a path tells for which agent a house asks.
final class ScriptedUpstream: Sendable {
    struct Request: Sendable {
        let agent: String
        /// How many the agent's model was asked before.
        let turn: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]
        let body: JSON
    }

    enum Reply: Sendable {
        case message(JSON)
        case raw(status: Int, String)
        /// Spaces, for as long as they are taken.
        case endless
        /// Nothing until the client goes away.
        case silence

        fileprivate var answer: TestServer.Reply {
            switch self {
            case .message(let message): .answer(200, body: ScriptedUpstream.completion(message).text())
            case .raw(let status, let text): .answer(status, body: text)
            case .endless: .endless(200)
            case .silence: .hang
            }
        }

        static func says(_ text: String) -> Reply { .message(["role": "assistant", "content": .string(text)]) }

        static func calls(_ name: String, _ arguments: JSON) -> Reply {
            let call: JSON = [
                "id": "c", "type": "function",
                "function": ["name": .string(name), "arguments": .string(arguments.text())],
            ]
            return .message(["role": "assistant", "content": .null, "tool_calls": [call]])
        }
    }

    typealias Script = @Sendable (Request) -> Reply

    private let server: TestServer
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])

        func note(_ arrival: TestServer.Arrival) -> Request {
            let agent = arrival.path.split(separator: "/").first.map(String.init) ?? ""
            return requests.withLock { requests in
                let request = Request(
                    agent: agent, turn: requests.count { $0.agent == agent }, headers: arrival.headers,
                    bytes: arrival.body, body: arrival.json)
                requests.append(request)
                return request
            }
        }
    }

    private init(_ server: TestServer, _ log: Log) { (self.server, self.log) = (server, log) }

    /// One for as long as the work takes.
    static func with<Value>(_ script: @escaping Script, _ work: (ScriptedUpstream) async throws -> Value) async throws
        -> Value
    {
        let log = Log()
        let server = try await TestServer { _, arrival in script(log.note(arrival)).answer }
        let result: Result<Value, any Error>
        do { result = .success(try await work(ScriptedUpstream(server, log))) } catch { result = .failure(error) }
        try await server.stop()
        return try result.get()
    }

    var address: String { server.address }

    /// What it was asked, in order.
    var requests: [Request] { log.requests.withLock { $0 } }

    fileprivate static func completion(_ message: JSON) -> JSON {
        [
            "id": "c", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [["index": 0, "message": message, "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320],
        ]
    }
}
