import Synchronization

/// That the peer of a connection has gone. Whoever works for it may want to know.
final class Departure: Sendable {
    private let state = Mutex<(hasHappened: Bool, told: (@Sendable () -> Void)?)>((false, nil))

    /// Of several, the last is told; at once when it has happened.
    func tell(_ work: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.hasHappened { state.told = work }
            return state.hasHappened
        }
        if isLate { work() }
    }

    func happened() {
        let told = state.withLock { state in
            state.hasHappened = true
            return state.told.take()
        }
        told?()
    }
}
