import Core
import JWTKit

/// Decides when an issuer's published keys are fetched: seldom, whatever tokens arrive.
///
/// It does no fetching itself: it says what to do, and is told how it went.
struct KeySetCache: Sendable {
    /// Keys older than this are fetched again when one is asked for.
    static let lifetime = Duration.seconds(600)
    /// At least this long lies between two fetches, so that made-up key ids cannot make us flood the issuer.
    static let pause = Duration.seconds(30)
    /// How long keys that could not be renewed stay good.
    static let staleness = Duration.seconds(24 * 3600)

    enum Step {
        case use(any JWTAlgorithm)
        /// Fetch, then report by ``succeeded(_:at:)`` or ``failed()`` and ask again.
        case fetch
        /// Somebody else is fetching: ask again when they have.
        case wait
        /// The issuer has no such key.
        case unknown
        /// Nobody knows: there are no keys, or none fresh enough.
        case unavailable
    }

    private var keys: KeySet?
    private var fetched: Timestamp?
    private var attempted: Timestamp?
    private var isFetching = false

    mutating func step(_ keyID: String?, _ algorithm: String, at now: Timestamp) -> Step {
        followBack(to: now)
        let age = fetched.map { now - $0 }
        let usable = age.map { $0 < Self.staleness } ?? false ? keys : nil
        let mayFetch = !isFetching && (attempted.map { now - $0 >= Self.pause } ?? true)
        if let key = usable?.key(keyID, for: algorithm) {
            let isFresh = age.map { $0 < Self.lifetime } ?? false
            return isFresh || !mayFetch ? .use(key) : begin(now)
        }
        if isFetching { return .wait }
        if mayFetch { return begin(now) }
        return usable == nil ? .unavailable : .unknown
    }

    mutating func succeeded(_ keys: KeySet, at now: Timestamp) {
        self.keys = keys
        fetched = now
        isFetching = false
    }

    mutating func failed() { isFetching = false }

    private mutating func begin(_ now: Timestamp) -> Step {
        isFetching = true
        attempted = now
        return .fetch
    }

    /// After the clock was put back, what was done in its future was done now.
    private mutating func followBack(to now: Timestamp) {
        if let time = attempted, now < time { attempted = now }
        if let time = fetched, now < time { fetched = now }
    }
}
