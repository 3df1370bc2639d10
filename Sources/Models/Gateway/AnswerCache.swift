import Crypto
import Dialects
import Core
import Gate
import Synchronization

/// Answers as providers gave them, kept in memory for a while for the principal who asks the same again, or something
/// that is like it.
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
        /// What the question is like, where that is asked.
        var likeness: Likeness?

        func keep(_ kept: Kept) { cache.keep(kept, at: key, until: .now + time, likeness: likeness) }
        func find() -> Kept? { cache.find(key, at: .now) }

        func find(like likeness: Likeness, atLeast least: Float) -> (kept: Kept, likeness: Float)? {
            cache.find(like: likeness, atLeast: least, at: .now)
        }
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

    private struct Entry {
        let kept: Kept
        let until: ContinuousClock.Instant
        let likeness: Likeness?

        var bytes: Int { kept.body.count + (likeness?.vector.count ?? 0) * MemoryLayout<Float>.size }
    }

    private struct State {
        var answers: [Key: Entry] = [:]
        /// Those that may be like one another, oldest first.
        var families: [Key: [Key]] = [:]
        /// Oldest first; a key may be in it that has gone.
        var order: [Key] = []
        var bytes = 0

        mutating func put(_ entry: Entry, at key: Key) {
            remove(key)
            answers[key] = entry
            order.append(key)
            bytes += entry.bytes
            guard let family = entry.likeness?.family else { return }
            families[family, default: []].append(key)
            if let oldest = families[family]?.first, families[family]?.count ?? 0 > AnswerCache.greatestFamily {
                remove(oldest)
            }
        }

        mutating func remove(_ key: Key) {
            guard let gone = answers.removeValue(forKey: key) else { return }
            bytes -= gone.bytes
            guard let family = gone.likeness?.family else { return }
            families[family]?.removeAll { $0 == key }
            if families[family]?.isEmpty ?? false { families[family] = nil }
        }
    }

    /// Questions that one is compared with.
    static let greatestFamily = 256

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

    /// The answer to the question that is most like it, with how much it is.
    func find(
        like likeness: Likeness, atLeast least: Float, at now: ContinuousClock.Instant
    ) -> (kept: Kept, likeness: Float)? {
        state.withLock { state -> (kept: Kept, likeness: Float)? in
            let near = (state.families[likeness.family] ?? []).compactMap { key -> (Entry, Float)? in
                guard let entry = state.answers[key], entry.until > now, let other = entry.likeness else { return nil }
                let cosine = likeness.likeness(to: other)
                return cosine >= least ? (entry, cosine) : nil
            }
            return near.max { $0.1 < $1.1 }.map { ($0.0.kept, min(1, $0.1)) }
        }
    }

    func keep(_ kept: Kept, at key: Key, until: ContinuousClock.Instant, likeness: Likeness? = nil) {
        guard kept.body.count <= Self.greatestAnswer else { return }
        state.withLock { state in
            state.put(Entry(kept: kept, until: until, likeness: likeness), at: key)
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
