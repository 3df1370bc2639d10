import HTTPTypes
import NIOCore
import Synchronization

/// The way back to a caller for an answer that begins before its handler has ended: its head, and pieces of its body.
///
/// One piece is under way at a time, so that a slow reader slows the writer down. When the peer leaves, whoever writes
/// is told.
final class Wire: Sendable {
    enum Part: Sendable {
        case head(HTTPResponse)
        case bytes(ByteBuffer)
    }

    struct PeerLeft: Error {}

    private struct State {
        var part: Part?
        var writer: CheckedContinuation<Void, any Error>?
        var reader: CheckedContinuation<Part?, Never>?
        var hasBegun = false
        var isEnded = false
        var isLeft = false
    }

    private let state = Mutex(State())

    /// Whether there was a head.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    // MARK: The handler's side

    /// Returns when the part is on its way.
    /// - Throws: ``PeerLeft``, `CancellationError`.
    func send(_ part: Part) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { writer in
                let (reader, error) = state.withLock { state -> (CheckedContinuation<Part?, Never>?, (any Error)?) in
                    if state.isLeft || state.isEnded { return (nil, PeerLeft()) }
                    if Task.isCancelled { return (nil, CancellationError()) }
                    state.hasBegun = true
                    if let reader = state.reader.take() { return (reader, nil) }
                    (state.part, state.writer) = (part, writer)
                    return (nil, nil)
                }
                reader?.resume(returning: part)
                if let error { writer.resume(throwing: error) } else if reader != nil { writer.resume() }
            }
        } onCancel: {
            withdraw(CancellationError())
        }
    }

    /// Nothing more comes.
    func end() {
        state.withLock { state -> CheckedContinuation<Part?, Never>? in
            state.isEnded = true
            return state.reader.take()
        }?.resume(returning: nil)
    }

    // MARK: The connection's side

    /// The next part; nil when there is none to come.
    func next() async -> Part? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let (part, writer, isOver) = state.withLock {
                    state -> (Part?, CheckedContinuation<Void, any Error>?, Bool) in
                    if let part = state.part.take() { return (part, state.writer.take(), true) }
                    if state.isEnded || Task.isCancelled { return (nil, nil, true) }
                    state.reader = reader
                    return (nil, nil, false)
                }
                writer?.resume()
                if isOver { reader.resume(returning: part) }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume(returning: nil)
        }
    }

    /// The peer has gone.
    func leave() {
        state.withLock { $0.isLeft = true }
        withdraw(PeerLeft())
    }

    private func withdraw(_ error: any Error) {
        state.withLock { state -> CheckedContinuation<Void, any Error>? in
            state.part = nil
            return state.writer.take()
        }?.resume(throwing: error)
    }
}
