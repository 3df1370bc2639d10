/// Where an answer goes while it comes: the connection of a client. What it throws means that the client has gone.
public protocol AnswerSink: Sendable {
    /// Once, before the first byte.
    func begin(status: Int, headers: [(name: String, value: String)]) async throws
    /// Returns when there is room for more: a slow client slows its provider down.
    func write(_ bytes: [UInt8]) async throws
}

/// A sink did not take what was written.
struct ClientGone: Error {}
