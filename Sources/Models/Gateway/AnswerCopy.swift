import Privacy
import Synchronization

/// The texts of an answer as the provider sent them, for the record, which takes them concealed. Bounded as a whole.
final class AnswerCopy: Sendable {
    private struct State {
        var texts: [[UInt8]] = []
        var room = BodyWriting.greatest + 1
        var classified = ClassifiedTexts.none
    }

    /// Where one text goes while it comes.
    struct Place: Sendable {
        fileprivate let copy: AnswerCopy
        fileprivate let index: Int

        func append(_ piece: [UInt8]) { copy.append(piece, at: index) }
    }

    private let state = Mutex(State())

    var texts: [[UInt8]] { state.withLock { $0.texts } }
    /// What classifiers found in them.
    var classified: ClassifiedTexts { state.withLock { $0.classified } }

    func note(_ classified: ClassifiedTexts) { state.withLock { $0.classified = classified } }

    /// Nil where there is no room for a further text.
    func open() -> Place? {
        state.withLock { state in
            guard state.room > 0 else { return nil }
            state.texts.append([])
            return Place(copy: self, index: state.texts.count - 1)
        }
    }

    func empty() { state.withLock { $0 = State() } }

    func adopt(_ other: AnswerCopy) {
        let theirs = other.state.withLock { $0 }
        state.withLock { $0 = theirs }
    }

    private func append(_ piece: [UInt8], at index: Int) {
        state.withLock { state in
            guard state.texts.indices.contains(index), state.room > 0 else { return }
            let part = piece.prefix(state.room)
            state.texts[index] += part
            state.room -= part.count
        }
    }
}
