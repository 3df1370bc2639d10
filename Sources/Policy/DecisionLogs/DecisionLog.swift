public import Core
internal import JSON
internal import Rego
internal import Synchronization

/// Takes decisions, masks them by the policy that made them, keeps them within bounds and hands them on in batches.
///
/// What cannot be sent waits, within the bounds, until it can. An upload whose outcome was not seen is repeated: the
/// receiver may get an event twice, which its `decision_id` shows.
public final class DecisionLog: Sendable {
    /// How uploads and the buffer are doing.
    public struct Standing: Sendable, Hashable {
        public var waiting = 0
        public var waitingBytes = 0
        public var sent = 0
        public var dropped = 0
        public var tooLarge = 0
        public var failures = 0
        public var lastSuccess: Timestamp?
        public var lastFailure: String?
        /// Whether the last upload failed.
        public var isFailing = false
    }

    private struct State {
        var uploads: DecisionUploads
        var lastSuccess: Timestamp?
        var lastFailure: String?
        var isFailing = false
    }

    private let clock: any WallClock
    private let epoch = ContinuousClock.now
    private let state: Mutex<State>
    private let mask = Mutex<DecisionMask?>(nil)

    public init(_ options: DecisionLogOptions = DecisionLogOptions(), clock: any WallClock = SystemWallClock()) {
        self.clock = clock
        state = Mutex(State(uploads: DecisionUploads(options, jitter: Self.jitter)))
    }

    public var standing: Standing {
        state.withLock { state in
            let counts = state.uploads.counts
            return Standing(
                waiting: state.uploads.count, waitingBytes: state.uploads.bytes, sent: counts.sent,
                dropped: counts.dropped, tooLarge: counts.tooLarge, failures: counts.failures,
                lastSuccess: state.lastSuccess, lastFailure: state.lastFailure,
                isFailing: state.isFailing)
        }
    }

    /// The event as it may be kept, by `data.system.log` of the policy that decided. Nil when it is to be dropped.
    public func masked(_ event: DecisionEvent, by snapshot: PolicySnapshot) -> DecisionEvent? {
        let mask = mask.withLock { known in
            if let known, known.snapshot === snapshot { return known }
            let made = DecisionMask(snapshot)
            known = made
            return made
        }
        var event = event
        return mask.apply(to: &event) ? event : nil
    }

    /// Puts an event, masked before, in line for the next upload.
    public func add(_ event: DecisionEvent) {
        let bytes = event.json.bytes()
        state.withLock { $0.uploads.add(bytes) }
    }

    // MARK: Uploading

    /// Hands batches on when their time comes, until its task is cancelled.
    public func run(_ destination: some DecisionLogDestination) async {
        while !Task.isCancelled {
            switch state.withLock({ $0.uploads.next(at: now) }) {
            case .wait(let duration):
                do { try await Task.sleep(for: min(duration ?? .seconds(1), .seconds(3600))) } catch { return }
            case .upload(let events): await upload(events, to: destination)
            }
        }
    }

    /// Hands on what is left, for as long as that goes well.
    public func flush(_ destination: some DecisionLogDestination) async {
        while case .upload(let events) = state.withLock({ $0.uploads.next(at: now, isLast: true) }) {
            guard await upload(events, to: destination) else { return }
        }
    }

    /// - Returns: false when it failed, and may be tried again.
    @discardableResult
    private func upload(_ events: [[UInt8]], to destination: some DecisionLogDestination) async -> Bool {
        var body: [UInt8]?
        do {
            let packed = try await Self.packed(events)
            body = packed
            guard packed.count <= state.withLock({ $0.uploads.options.uploadBytes }) else {
                end(.tooLarge, nil)
                return true
            }
            try await destination.upload(packed)
            end(.stored, packed.count)
            return true
        } catch let error as GatehouseError where error.code == .tooLarge {
            end(.tooLarge, body?.count, error)
            return true
        } catch {
            end(.failed, body?.count, error)
            return false
        }
    }

    private func end(_ outcome: DecisionUploads.Outcome, _ sent: Int?, _ error: (any Error)? = nil) {
        let time = clock.now()
        state.withLock { state in
            state.uploads.ended(outcome, sent: sent, at: now, jitter: Self.jitter)
            if case .stored = outcome { state.lastSuccess = time }
            state.isFailing = if case .failed = outcome { true } else { false }
            if let error { state.lastFailure = "\(error)" }
        }
    }

    /// OPA's batch: a JSON array, compressed.
    @concurrent
    private static func packed(_ events: [[UInt8]]) async throws(GatehouseError) -> [UInt8] {
        var body: [UInt8] = [UInt8(ascii: "[")]
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += event
        }
        body.append(UInt8(ascii: "]"))
        return try GzipText.compress(body)
    }

    private var now: Duration { ContinuousClock.now - epoch }
    private static var jitter: Double { Double.random(in: 0...1) }
}

/// Where batches of decisions go.
public protocol DecisionLogDestination: Sendable {
    /// - Parameter batch: a JSON array of events, compressed by gzip.
    /// - Throws: `too_large` for more than it takes at once; anything else is tried again later.
    func upload(_ batch: [UInt8]) async throws
}
