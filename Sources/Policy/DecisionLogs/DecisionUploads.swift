/// Which events wait to be sent, which are on their way, and when the next go: a value, to which events and outcomes are
/// told, and which says what to do next. Times are durations since whenever the caller counts from.
struct DecisionUploads: Sendable {
    enum Step: Sendable, Hashable {
        /// Nil: until something happens.
        case wait(Duration?)
        case upload([[UInt8]])
    }

    enum Outcome: Sendable {
        case stored
        /// More than the receiver takes at once, or than is sent at once.
        case tooLarge
        case failed
    }

    /// What came of events so far.
    struct Counts: Sendable, Hashable {
        var sent = 0
        /// Made way for newer ones.
        var dropped = 0
        /// Too large even alone.
        var tooLarge = 0
        var failures = 0
    }

    let options: DecisionLogOptions
    private(set) var counts = Counts()
    private(set) var bytes = 0
    private var waiting: [[UInt8]] = []
    /// Of `waiting`, those before have left.
    private var head = 0
    private var underWay: [[UInt8]] = []
    private var nextUpload: Duration
    private var retry: Duration?
    /// Of one upload, not compressed: follows what compression makes of it.
    private var batchBytes: Int

    init(_ options: DecisionLogOptions, jitter: Double) {
        self.options = options
        batchBytes = max(1, options.uploadBytes)
        nextUpload = .zero
        nextUpload = delay(jitter)
    }

    /// Events that are kept.
    var count: Int { waiting.count - head + underWay.count }

    mutating func add(_ event: [UInt8]) {
        waiting.append(event)
        bytes += event.count
        while count > max(1, options.events) || bytes > options.bytes, head < waiting.count {
            bytes -= waiting[head].count
            leave()
            counts.dropped += 1
        }
    }

    /// - Parameter isLast: whether to send without waiting for the time of the next upload.
    mutating func next(at now: Duration, isLast: Bool = false) -> Step {
        guard underWay.isEmpty else { return .wait(nil) }
        if !isLast, now < nextUpload { return .wait(nextUpload - now) }
        guard head < waiting.count else {
            nextUpload = now + options.minimumDelay
            return .wait(options.minimumDelay)
        }
        var size = 0
        while head < waiting.count, underWay.isEmpty || size + waiting[head].count + 1 <= batchBytes {
            size += waiting[head].count + 1
            underWay.append(waiting[head])
            leave()
        }
        return .upload(underWay)
    }

    /// - Parameters:
    ///   - sent: bytes of the upload, compressed, where it got so far.
    ///   - jitter: from 0 to 1.
    mutating func ended(_ outcome: Outcome, sent: Int? = nil, at now: Duration, jitter: Double) {
        let batch = underWay
        underWay = []
        switch outcome {
        case .stored:
            bytes -= batch.reduce(0) { $0 + $1.count }
            counts.sent += batch.count
            retry = nil
            if let sent, sent < options.uploadBytes / 2 { batchBytes = min(batchBytes * 2, max(1, options.bytes)) }
            nextUpload = head < waiting.count ? now : now + delay(jitter)
        case .tooLarge where batch.count == 1:
            bytes -= batch[0].count
            counts.tooLarge += 1
        case .tooLarge:
            batchBytes = max(1, min(batchBytes, batch.reduce(0) { $0 + $1.count + 1 }) / 2)
            giveBack(batch)
        case .failed:
            counts.failures += 1
            giveBack(batch)
            let pause = min(retry ?? options.retryDelay, options.maximumDelay)
            retry = pause * 2
            nextUpload = now + pause * (0.5 + jitter / 2)
        }
    }

    private mutating func giveBack(_ batch: [[UInt8]]) {
        waiting.replaceSubrange(..<head, with: batch)
        head = 0
    }

    private mutating func leave() {
        waiting[head] = []
        head += 1
        guard head >= 1024, head * 2 >= waiting.count else { return }
        waiting.removeFirst(head)
        head = 0
    }

    private func delay(_ jitter: Double) -> Duration {
        let least = options.minimumDelay
        return least + max(.zero, options.maximumDelay - least) * jitter
    }
}
