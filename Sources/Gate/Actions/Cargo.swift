public import Core
public import JSON

/// What an action carries beside its arguments because it is too large or too particular for them: the bytes of a
/// model request, and where its answer is written while it comes.
///
/// The gate asks it what it holds (step 2) and hands it to the tool. It lives in memory only: an action with cargo is
/// performed at once or not at all, it never waits for people, and it has no idempotency key.
public protocol Cargo: Sendable {
    /// Looks through it, and takes out of it what must not be sent.
    /// - Throws: what refuses the action. The words of a `GatehouseError` are told and recorded: they quote nothing of
    ///   what was looked at. Of any other error only its kind is told.
    func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection

    /// What was said, in a form that may be kept: inspected, with nothing in it that did not pass, a few hundred KB at the
    /// most. Asked for when the action has ended, and only where the session's class keeps bodies.
    /// - Throws: where it cannot be told apart what may be kept; nothing is, then.
    func bodies() throws -> JSON?
}

extension Cargo {
    public func bodies() throws -> JSON? { nil }
}

/// What a cargo holds, as it will be sent.
public struct CargoInspection: Sendable, Hashable {
    /// Of what is left in it: policy sees them with those of the request, and they stay with the session.
    public var labels: Set<Label>
    /// SHA-256 in hexadecimal digits.
    public var digest: String
    /// How often something was found, by kind (`EMAIL`), whether it was taken out or not.
    public var counts: [String: Int]

    public init(labels: Set<Label> = [], digest: String, counts: [String: Int] = [:]) {
        self.labels = labels
        self.digest = digest
        self.counts = counts
    }
}
