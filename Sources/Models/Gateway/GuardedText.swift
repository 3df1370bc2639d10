import Core
import Dialects
import Privacy
import Synchronization

/// What an answer's texts held, over all of them.
final class AnswerTally: Sendable {
    struct Sum: Sendable {
        var found = Found()
        /// Tokens that became values again.
        var restored = 0
        /// Of all texts, as the provider sent them.
        var bytes = 0
    }

    private let state = Mutex(Sum())

    var sum: Sum { state.withLock { $0 } }

    /// Takes over what another counted, whose answer went to the client.
    func adopt(_ other: Sum) { state.withLock { $0 = other } }

    func came(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

    func ended(_ guardian: StreamGuard) {
        state.withLock { sum in
            sum.found.add(guardian.applied, guardian.remaining)
            sum.restored += guardian.restored
        }
    }
}

/// One text of an answer on its way to the client: guarded, and with its tokens restored.
struct GuardedText: TextTransform {
    private var guardian: StreamGuard
    private let tally: AnswerTally
    private let copy: AnswerCopy.Place?

    /// - Parameter copy: where the text goes as it came; nil where it is not kept.
    init(_ guardian: StreamGuard, _ tally: AnswerTally, _ copy: AnswerCopy.Place?) {
        self.guardian = guardian
        self.tally = tally
        self.copy = copy
    }

    mutating func push(_ text: [UInt8]) throws -> [UInt8] {
        tally.came(text.count)
        copy?.append(text)
        let out = try guardian.push(text)
        try refuseIfBlocked()
        return out
    }

    mutating func finish() throws -> [UInt8] {
        let out = try guardian.finish()
        tally.ended(guardian)
        try refuseIfBlocked()
        return out
    }

    /// The whole of a text at once, with what classifiers found in it.
    mutating func whole(_ text: [UInt8], _ external: [PrivacyFinding]) throws -> [UInt8] {
        copy?.append(text)
        let out = try guardian.whole(text, external: external)
        tally.ended(guardian)
        try refuseIfBlocked()
        return out
    }

    private func refuseIfBlocked() throws {
        guard let blocked = guardian.blocked else { return }
        throw GatehouseError("models", .denied, "the answer is withheld: \(blocked)")
    }
}
