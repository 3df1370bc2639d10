import Synchronization

/// Submissions with an idempotency key that are under way: whoever comes with the same key waits for the first and
/// gets its result.
final class Flights: Sendable {
    struct Key: Hashable, Sendable {
        let principalID: String
        let key: String
    }

    /// One submission and those who wait for it.
    final class Flight: Sendable {
        private enum State {
            case flying([CheckedContinuation<Result<Submission, any Error>, Never>])
            case landed(Result<Submission, any Error>)
        }

        let fingerprint: String
        private let state = Mutex(State.flying([]))

        init(fingerprint: String) { self.fingerprint = fingerprint }

        func result() async -> Result<Submission, any Error> {
            await withCheckedContinuation { continuation in
                let landed = state.withLock { state -> Result<Submission, any Error>? in
                    switch state {
                    case .landed(let result): return result
                    case .flying(let waiting):
                        state = .flying(waiting + [continuation])
                        return nil
                    }
                }
                if let landed { continuation.resume(returning: landed) }
            }
        }

        func land(_ result: Result<Submission, any Error>) {
            let waiting = state.withLock { state -> [CheckedContinuation<Result<Submission, any Error>, Never>] in
                guard case .flying(let waiting) = state else { return [] }
                state = .landed(result)
                return waiting
            }
            for continuation in waiting { continuation.resume(returning: result) }
        }
    }

    private let flights = Mutex<[Key: Flight]>([:])

    /// The flight with this key, and whether it was begun by this call.
    func board(_ key: Key, fingerprint: String) -> (flight: Flight, isFirst: Bool) {
        flights.withLock { flights in
            if let flight = flights[key] { return (flight, false) }
            let flight = Flight(fingerprint: fingerprint)
            flights[key] = flight
            return (flight, true)
        }
    }

    /// Lets later calls find what the store has instead.
    func land(_ key: Key, _ flight: Flight, _ result: Result<Submission, any Error>) {
        flights.withLock { flights in _ = flights.removeValue(forKey: key) }
        flight.land(result)
    }
}
