internal import Core

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the committer is asked to do. Each is answered exactly once.
enum CommitRequest: Sendable {
    case append(AppendRequest)
    case erase([Range<UInt64>], by: String, reason: String, UnsafeContinuation<Int, any Error>)
    case checkpoint(UnsafeContinuation<SignedNote, any Error>)
    case close(UnsafeContinuation<Void, Never>?)
}

struct AppendRequest: Sendable {
    var salted: SaltedPayload
    var kind: EntryKind
    var durability: Ledger.Durability
    /// Nil for what the committer appends itself.
    var continuation: UnsafeContinuation<Ledger.Receipt, any Error>?
}

/// Hands requests from any number of tasks to the one committing thread, which takes all that wait at once.
///
/// It is a mutex and a condition of POSIX, because the thread must be able to wait for a time.
final class CommitQueue: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrival: UnsafeMutablePointer<pthread_cond_t>
    private let entryLimit: Int
    private let byteLimit: Int
    // Under the mutex:
    private var requests: [CommitRequest] = []
    private var queuedBytes = 0
    private var isClosed = false
    /// Whether the committing thread sleeps: only then does an arrival have to wake it.
    private var isWaiting = false
    /// Whether the committing thread is to look at its deadlines again.
    private var isNudged = false

    init(entryLimit: Int, byteLimit: Int) {
        self.entryLimit = entryLimit
        self.byteLimit = byteLimit
        mutex = .allocate(capacity: 1)
        arrival = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrival, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// - Throws: `exhausted` when too much waits, `unavailable` once closed. Then the request is not answered.
    func submit(_ request: CommitRequest) throws(GatehouseError) {
        // Signalled after the mutex is free again, which the woken thread would run into.
        if try enqueue(request) { pthread_cond_signal(arrival) }
    }

    /// Whether the committing thread has to be woken for it.
    private func enqueue(_ request: CommitRequest) throws(GatehouseError) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed else { throw Self.closed }
        if case .append(let append) = request {
            guard requests.count < entryLimit, queuedBytes + append.salted.payload.count <= byteLimit else {
                throw GatehouseError(
                    "ledger", .exhausted, "\(requests.count) appends wait for the disk already",
                    hint: "try again in a moment")
            }
            queuedBytes += append.salted.payload.count
        }
        if case .close = request { isClosed = true }
        requests.append(request)
        defer { isWaiting = false }
        return isWaiting
    }

    static let closed = GatehouseError("ledger", .unavailable, "the ledger is closed")

    /// Has ``take(until:into:)`` return though nothing arrived.
    func nudge() {
        pthread_mutex_lock(mutex)
        isNudged = true
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(arrival)
    }

    /// Takes everything that waits. Waits for something until `deadline` (of the monotonic clock), without one for
    /// ever, or until nudged.
    func take(until deadline: MonotonicTime?, into taken: inout [CommitRequest]) {
        taken.removeAll(keepingCapacity: true)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        defer { (isWaiting, isNudged) = (false, false) }
        while requests.isEmpty, !isNudged {
            isWaiting = true
            guard let deadline else {
                pthread_cond_wait(arrival, mutex)
                continue
            }
            var time = deadline.timespec
            if pthread_cond_timedwait(arrival, mutex, &time) == ETIMEDOUT { break }
        }
        swap(&requests, &taken)
        queuedBytes = 0
    }
}

private typealias SystemTime = timespec

/// A time of a clock that never jumps.
struct MonotonicTime: Comparable {
    private var nanoseconds: UInt64

    static func now() -> MonotonicTime {
        var time = SystemTime()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds + UInt64(clamping: duration.microseconds) * 1000)
    }

    static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

    fileprivate var timespec: SystemTime {
        SystemTime(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

/// Starts a thread that holds on to what `body` captures until it returns.
func startThread(_ body: @escaping @Sendable () -> Void) throws(GatehouseError) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let failed = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    guard failed == 0 else {
        box.release()
        throw SystemCall.error("cannot start the ledger's thread", failed)
    }
    pthread_detach(thread)
}
