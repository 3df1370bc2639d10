import Crypto
import Dialects
import Core
import Gate
import Synchronization

/// Answers as providers gave them, kept in memory for a while for the principal who asks exactly the same again.
///
/// What is kept is what came, before it was inspected: each time it is given it is inspected anew and has the values of that
/// very session put back.
final class AnswerCache: Sendable {
    struct Kept: Sendable {
        let model: ModelName
        let head: AnswerHead
        let body: [UInt8]
    }

    /// Where the answer to one request is kept.
    struct Slot: Sendable {
        let cache: AnswerCache
        let key: Key
        let time: Duration

        func keep(_ kept: Kept) { cache.keep(kept, at: key, until: .now + time) }
        func find() -> Kept? { cache.find(key, at: .now) }
    }

    struct Key: Hashable, Sendable {
        fileprivate let digest: [UInt8]

        /// Of everything that an answer may depend on, and of who may have it.
        /// - Parameter body: as it may leave.
        init(
            _ context: ActionContext, _ surface: Surface, _ models: [ModelName],
            headers: [(name: String, value: String)], body: [UInt8]
        ) {
            var hash = SHA256()
            func add(_ text: some Collection<UInt8>) {
                withUnsafeBytes(of: UInt64(text.count)) { hash.update(bufferPointer: $0) }
                hash.update(data: Array(text))
            }
            func add(_ texts: [String]) {
                add("\(texts.count)".utf8)
                for text in texts { add(text.utf8) }
            }
            add([context.principal.id, surface.rawValue])
            add(context.labels.map(\.rawValue).sorted())
            add(models.map(\.description))
            add(headers.map { "\($0.name.lowercased()):\($0.value)" }.sorted())
            add(body)
            digest = Array(hash.finalize())
        }
    }

    private struct State {
        var answers: [Key: (kept: Kept, until: ContinuousClock.Instant)] = [:]
        /// Oldest first; a key may be in it that has gone.
        var order: [Key] = []
        var bytes = 0

        mutating func remove(_ key: Key) {
            if let gone = answers.removeValue(forKey: key) { bytes -= gone.kept.body.count }
        }
    }

    /// Bytes of one answer, and of all.
    static let greatestAnswer = 1 << 20
    static let greatest = 64 << 20

    private let state = Mutex(State())

    var bytes: Int { state.withLock { $0.bytes } }

    func find(_ key: Key, at now: ContinuousClock.Instant) -> Kept? {
        state.withLock { state -> Kept? in
            guard let found = state.answers[key] else { return nil }
            if found.until > now { return found.kept }
            state.remove(key)
            return nil
        }
    }

    func keep(_ kept: Kept, at key: Key, until: ContinuousClock.Instant) {
        guard kept.body.count <= Self.greatestAnswer else { return }
        state.withLock { state in
            state.remove(key)
            state.answers[key] = (kept, until)
            state.order.append(key)
            state.bytes += kept.body.count
            var gone = 0
            while state.bytes > Self.greatest, gone < state.order.count {
                state.remove(state.order[gone])
                gone += 1
            }
            state.order.removeFirst(gone)
        }
    }

    /// Forgets what is too old to be given.
    func sweep(at now: ContinuousClock.Instant) {
        state.withLock { state in
            for (key, answer) in state.answers where answer.until <= now { state.remove(key) }
            let answers = state.answers
            state.order.removeAll { answers[$0] == nil }
        }
    }

    func empty() { state.withLock { $0 = State() } }
}
