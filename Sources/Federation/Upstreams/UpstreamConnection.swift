import Core
import JSON

/// A server that is spoken to, whatever carries the messages.
protocol UpstreamConnection: Sendable {
    /// Owns the connection, and ends when it ends.
    func run() async throws

    /// What the server says it is: its name and version, and the revision of the protocol that is spoken.
    func describe() async throws -> (identity: JSON, version: String)

    /// All of its tools, as it sent them.
    func listTools() async throws -> [JSON]

    /// - Returns: the result's object, which may be one that asks for input (2026-07-28).
    /// - Throws: `timeout`, `unavailable`, what the server answers.
    func call(_ params: JSON, within time: Duration, onProgress: @escaping @Sendable (JSON) -> Void) async throws
        -> JSON
}
