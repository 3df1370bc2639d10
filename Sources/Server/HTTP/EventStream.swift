import Core
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import ServiceLifecycle

/// `text/event-stream` (WHATWG HTML, section 9.2), with a comment now and then so that a dead connection is noticed.
enum EventStream {
    static let heartbeat: Duration = .seconds(15)

    /// One event to send: its name and one line of JSON.
    struct Message: Sendable {
        var name: String?
        var data: JSON

        var bytes: [UInt8] {
            var out: [UInt8] = []
            if let name { out += "event: \(name)\n".utf8 }
            out += "data: ".utf8
            out += data.bytes()
            out += "\n\n".utf8
            return out
        }
    }

    /// An answer that goes on for as long as `produce` does, the peer stays, and the house is not asked to stop.
    /// - Parameters:
    ///   - endsOnShutdown: whether the stream is cut when the house stops; an action's own stream is not.
    ///   - produce: sends messages with the closure it is given.
    static func response(
        level: Level, limit: Int, endsOnShutdown: Bool,
        produce: @escaping @Sendable (_ send: @escaping @Sendable (Message) -> Void) async -> Void
    ) throws -> Response {
        guard level.enter(atMost: limit) else {
            throw GatehouseError("http", .unavailable, "too many event streams are open", hint: "close one, or poll")
        }
        let slot = Slot(level)
        let body = ResponseBody { writer in
            defer { slot.leave() }
            let (lines, feed) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1024))
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await run(endsOnShutdown: endsOnShutdown) { await produce { feed.yield($0.bytes) } }
                    feed.finish()
                }
                group.addTask {
                    while (try? await Task.sleep(for: heartbeat)) != nil { feed.yield(Array(": \n\n".utf8)) }
                }
                do {
                    try await writer.write(ByteBuffer(string: ": connected\n\n"))
                    for await line in lines { try await writer.write(ByteBuffer(bytes: line)) }
                } catch {}  // the peer has gone, which ends the stream and nothing else
                group.cancelAll()
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func run(endsOnShutdown: Bool, _ work: @escaping @Sendable () async -> Void) async {
        guard endsOnShutdown else { return await work() }
        _ = await cancelWhenGracefulShutdown { await work() }
    }

    /// Gives its place back once, also when the answer is never written.
    private final class Slot: Sendable {
        private let level: Level
        private let left = Level()

        init(_ level: Level) { self.level = level }

        func leave() {
            if left.enter(atMost: 1) { level.leave() }
        }

        deinit { leave() }
    }
}
