public import Rego

/// What lets policy ask servers. An evaluation that does waits, and must not do so on a thread that others need.
public protocol HTTPAccess: HTTPSender {
    /// Runs work that may wait where it may.
    ///
    /// - Throws: `exhausted` when too many wait already, and what `work` throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
}
