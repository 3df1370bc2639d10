import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import Synchronization
import Testing

@testable import Server

@Suite("An answer that begins early", .timeLimit(.minutes(10)))
struct WireTests {
    private typealias Sink = NIOAsyncChannelOutboundWriter<HTTPResponsePart>.TestSink

    private func wire() -> (Wire, Sink) {
        let (outbound, sink) = NIOAsyncChannelOutboundWriter<HTTPResponsePart>.makeTestingWriter()
        return (Wire(ResponseWriter(outbound: outbound)), sink)
    }

    private func sent(_ count: Int, to sink: Sink) async -> [String] {
        var parts: [String] = []
        for await part in sink {
            switch part {
            case .head(let head): parts.append("\(head.status.code)")
            case .body(let bytes): parts.append(String(buffer: bytes))
            case .end: parts.append("end")
            }
            if parts.count == count { break }
        }
        return parts
    }

    @Test("parts come in order, and then the end")
    func order() async throws {
        let (wire, sink) = wire()
        #expect(!wire.hasBegun)
        try await wire.send(.head(HTTPResponse(status: .ok)))
        #expect(wire.hasBegun)
        for word in ["one", "two"] { try await wire.send(.bytes(ByteBuffer(string: word))) }
        try await wire.end()
        #expect(await sent(4, to: sink) == ["200", "one", "two", "end"])
    }

    @Test("an answer that did not begin is sent whole, once")
    func whole() async throws {
        let (wire, sink) = wire()
        try await wire.send(Response(status: .badRequest, body: ResponseBody(byteBuffer: ByteBuffer(string: "no"))))
        #expect(await sent(3, to: sink) == ["400", "no", "end"])
        await #expect(throws: Wire.OutOfTurn.self) { try await wire.send(Response(status: .ok)) }
    }

    @Test("a part out of turn is refused")
    func outOfTurn() async throws {
        let (wire, _) = wire()
        await #expect(throws: Wire.OutOfTurn.self) { try await wire.send(.bytes(ByteBuffer(string: "early"))) }
        await #expect(throws: Wire.OutOfTurn.self) { try await wire.end() }
        try await wire.send(.head(HTTPResponse(status: .ok)))
        await #expect(throws: Wire.OutOfTurn.self) { try await wire.send(.head(HTTPResponse(status: .ok))) }
        try await wire.end()
        await #expect(throws: Wire.OutOfTurn.self) { try await wire.send(.bytes(ByteBuffer(string: "late"))) }
    }

    @Test("who works for a peer that leaves is cancelled, then and afterwards; nobody is who works no more")
    func departure() async throws {
        let departure = Departure()
        await departure.cancelling {}
        let began = AsyncStream.makeStream(of: Void.self)
        let work = Task {
            await departure.cancelling {
                began.continuation.yield()
                try? await Task.sleep(for: .seconds(50))
                return Task.isCancelled
            }
        }
        for await _ in began.stream { break }
        departure.happened()
        #expect(await work.value)
        let late = Task { await departure.cancelling { Task.isCancelled } }
        #expect(await late.value)
        #expect(!Task.isCancelled)
    }
}
