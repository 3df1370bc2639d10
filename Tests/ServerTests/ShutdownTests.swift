import Core
import Foundation
import Gate
import JSON
import Ledger
import Logging
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Stopping", .serialized)
struct ShutdownTests {
    @Test("what is in flight when the house stops is finished and recorded; streams of events are let go")
    func inFlight() async throws {
        let answer = Mutex("")
        let watcher = Mutex<RawSocket?>(nil)
        let (done, finish) = AsyncStream.makeStream(of: Void.self)
        try await RunningHouse.with { running in
            let events = try RawSocket(port: running.port)
            events.send(
                "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(running.adminKey)\r\n\r\n")
            _ = await events.read(until: ": connected")
            watcher.withLock { $0 = events }
            let body = #"{"tool":"demo.slow.read","target":"slow:1"}"#
            let socket = try RawSocket(port: running.port)
            socket.send(
                "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(running.agentKey)\r\n")
            socket.send(
                "Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n")
            socket.send("Connection: close\r\n\r\n\(body)")
            let begun = await socket.read(until: "event: progress")
            #expect(begun.contains("200 OK"))
            Thread {
                let rest = socket.blockingReadToEnd()
                answer.withLock { $0 = rest }
                finish.finish()
            }.start()
        }
        for await _ in done {}
        #expect(answer.withLock { $0 }.contains("event: result"))
        let (_, closed) = await (watcher.withLock { $0 }?.readToEnd() ?? ("", false))
        #expect(closed)
    }

    @Test("no more event streams than the limit says")
    func streams() async throws {
        try await RunningHouse.with(limits: { $0.streams = 2 }) { running in
            let request =
                "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(running.adminKey)\r\n\r\n"
            let open = try (0..<2).map { _ in try RawSocket(port: running.port) }
            for socket in open {
                socket.send(request)
                _ = await socket.read(until: ": connected")
            }
            let third = try await running.send(.GET, "/api/v1/events", key: running.adminKey)
            #expect(third.status == 503 && third.headers["retry-after"].first != nil)
        }
    }

    @Test("a port that is taken is an error that says so; the folder is free again afterwards")
    func portTaken() async throws {
        try await RunningHouse.with { running in
            let scratch = ScratchFolder()
            defer { scratch.remove() }
            let folder = scratch.path
            for _ in 0..<2 {
                let second = try await House.open(
                    dataDirectory: folder, listen: .tcp(host: "127.0.0.1", port: running.port),
                    logger: Logger(label: "second") { _ in SwiftLogNoOpLogHandler() })
                let error = await #expect(throws: GatehouseError.self) { try await second.run(signals: false) }
                #expect(error?.code == .conflict && error?.message.contains("\(running.port)") == true)
            }
        }
    }
}
