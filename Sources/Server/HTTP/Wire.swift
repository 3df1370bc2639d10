import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// The way back to a caller for an answer that may begin before its handler has ended: its head, and pieces of its body.
///
/// Whoever sends waits until the connection has room, so that a slow reader slows the writer down. One sends at a time.
final class Wire: Sendable {
    enum Part: Sendable {
        case head(HTTPResponse)
        case bytes(ByteBuffer)
    }

    /// A part of an answer that has no head, or has come to its end, or of which another is being sent.
    struct OutOfTurn: Error {}

    /// What Hummingbird writes with holds a connection's outbound writer and nothing else, so that any task may use it,
    /// though it does not say so.
    private struct Beginning: ~Copyable, @unchecked Sendable {
        let writer: ResponseWriter
        init(_ writer: consuming ResponseWriter) { self.writer = writer }
        consuming func taken() -> ResponseWriter { writer }
    }

    private struct Body: @unchecked Sendable {
        var writer: any ResponseBodyWriter
    }

    private struct State: ~Copyable {
        /// Until there is a head.
        var beginning: Beginning?
        /// After the head, while nobody sends.
        var body: Body?
    }

    private let state: Mutex<State>

    init(_ writer: consuming ResponseWriter) { state = Mutex(State(beginning: Beginning(writer))) }

    /// Whether there was a head.
    var hasBegun: Bool { state.withLock { $0.beginning == nil } }

    /// Returns when the part is on its way.
    /// - Throws: ``OutOfTurn``, and what the connection says, such as that the peer has gone.
    func send(_ part: Part) async throws {
        switch part {
        case .head(let head): keep(Body(writer: try await beginning().writeHead(head)))
        case .bytes(let bytes):
            var body = try body()
            try await body.writer.write(bytes)
            keep(body)
        }
    }

    /// The end of an answer that was sent in parts.
    func end() async throws { try await body().writer.finish(nil) }

    /// A whole answer.
    func send(_ response: Response) async throws {
        try await beginning().write(response: response.head, body: response.body)
    }

    private func beginning() throws -> ResponseWriter {
        guard let beginning = state.withLock({ $0.beginning.take() }) else { throw OutOfTurn() }
        return beginning.taken()
    }

    private func body() throws -> Body {
        guard let body = state.withLock({ $0.body.take() }) else { throw OutOfTurn() }
        return body
    }

    private func keep(_ body: Body) { state.withLock { $0.body = body } }
}
