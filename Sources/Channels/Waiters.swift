import Synchronization

/// Those who asked and still hold the line: what is said to them goes there as long as they do.
final class Waiters<Answer: Sendable>: Sendable {
    private enum Place {
        case open
        case held(CheckedContinuation<Answer?, Never>)
        case answered(Answer?)
    }

    private let places = Mutex<[String: Place]>([:])

    /// From now on an answer is kept for who will ask for it.
    /// - Returns: false where somebody holds this line already.
    func open(_ id: String) -> Bool {
        places.withLock { places in
            guard places[id] == nil else { return false }
            places[id] = .open
            return true
        }
    }

    /// - Returns: whether somebody gets it.
    @discardableResult
    func give(_ answer: Answer?, to id: String) -> Bool {
        let (isTaken, held) = places.withLock { places -> (Bool, CheckedContinuation<Answer?, Never>?) in
            switch places[id] {
            case .open:
                places[id] = .answered(answer)
                return (true, nil)
            case .held(let continuation):
                places[id] = nil
                return (true, continuation)
            case .answered, nil: return (false, nil)
            }
        }
        held?.resume(returning: answer)
        return isTaken
    }

    /// Once for each ``open(_:)``.
    /// - Returns: nil where none came in this time.
    func answer(for id: String, within time: Duration) async -> Answer? {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await Task.sleep(for: time) } catch { return }
                self.give(nil, to: id)
            }
            defer { group.cancelAll() }
            return await withCheckedContinuation { continuation in
                let answered = places.withLock { places -> Answer?? in
                    if case .answered(let answer) = places[id] {
                        places[id] = nil
                        return .some(answer)
                    }
                    places[id] = .held(continuation)
                    return nil
                }
                if let answered { continuation.resume(returning: answered) }
            }
        }
    }
}
