import Synchronization

/// Hands messages from those who make them to the one connection that reads them, or none, or one after another.
final class MessageStream: Sendable {
    /// What has happened first.
    enum Outcome: Sendable {
        /// One message, and the stream is over: it need be no stream.
        case only([UInt8])
        case several
    }

    private struct State {
        var log: MessageLog
        var isFinished = false
        var isReleased = false
        /// Counts those who have read; only the newest may.
        var reader = 0
        var waiter: CheckedContinuation<Void, Never>?
        /// Those who wait for the reader to catch up.
        var writers: [CheckedContinuation<Void, Never>] = []
        var lastRead = ContinuousClock.now
        var wantsComment = false
        var onAbandon: (@Sendable () -> Void)?
        /// Whether that is done at the end too.
        var endsToo = false
        var hasReader = false
        /// The last that a reader was given.
        var readThrough = 0

        mutating func reading(after number: Int) -> Reading {
            let news = log.entries(after: number)
            if let last = news.last {
                readThrough = max(readThrough, last.number)
                return .entries(Array(news))
            }
            if isFinished { return .end }
            if isReleased { return .relieved }
            wantsComment = false
            return .comment
        }
    }

    /// Tells it from others of its session.
    let number: Int
    private let state: Mutex<State>

    init(number: Int = 0, log: MessageLog) {
        self.number = number
        state = Mutex(State(log: log))
    }

    // MARK: Writing

    /// After the end, messages are dropped.
    func send(_ message: Message) {
        let isNotification = if case .notification = message { true } else { false }
        let bytes = message.encoded()
        wake { state in
            guard !state.isFinished else { return }
            state.log.append(bytes, isNotification: isNotification)
        }
    }

    /// - Parameter last: the answer; nil for none.
    func finish(_ last: Message? = nil) {
        let bytes = last?.encoded()
        wake { state in
            guard !state.isFinished else { return }
            if let bytes { state.log.append(bytes, isNotification: false) }
            state.isFinished = true
        }
        let (writers, onEnd) = state.withLock { state in
            let action = state.onAbandon.take()
            return (state.writers.takeAll(), state.endsToo ? action : nil)
        }
        for writer in writers { writer.resume() }
        onEnd?()
    }

    /// Ends the present connection, once it has what there is, but not the stream.
    func release() { wake { $0.isReleased = true } }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Returns when no more than so many bytes are unread, or the stream is over.
    func waitForRoom(_ bytes: Int) async {
        while state.withLock({ $0.log.bytes > bytes && !$0.isFinished }) {
            await withCheckedContinuation { writer in
                let isFree = state.withLock { state in
                    if state.log.bytes <= bytes || state.isFinished { return true }
                    state.writers.append(writer)
                    return false
                }
                if isFree { writer.resume() }
            }
        }
    }

    /// What is to happen when the connection that reads goes away before the end.
    func onAbandon(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onAbandon = action } }

    /// The same, and also at the end.
    func onEnd(_ action: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            (state.onAbandon, state.endsToo) = (action, true)
            return state.isFinished
        }
        if isOver { action() }
    }

    // MARK: Reading

    /// Waits until there is something to be said about what comes.
    func outcome() async -> Outcome {
        await wait { $0.isFinished || $0.isReleased || !$0.log.entries.isEmpty }
        return state.withLock { state in
            guard state.isFinished, state.log.entries.count == 1, state.log.lostThrough == 0, !state.isReleased else {
                return .several
            }
            return .only(state.log.entries[0].bytes)
        }
    }

    /// Whoever read so far reads no more.
    /// - Parameter isReturning: the client comes back after its connection was cut or given up.
    /// - Returns: the number by which the new one reads.
    func takeOver(isReturning: Bool) -> Int {
        var reader = 0
        wake { state in
            state.reader += 1
            reader = state.reader
            state.lastRead = .now
            state.hasReader = true
            if isReturning { state.isReleased = false }
        }
        return reader
    }

    /// Whether a connection reads.
    var hasReader: Bool { state.withLock { $0.hasReader } }
    /// The last that a connection was given.
    var readThrough: Int { state.withLock { $0.readThrough } }

    func canResume(after number: Int) -> Bool { state.withLock { $0.log.canResume(after: number) } }

    enum Reading: Sendable {
        case entries([MessageLog.Entry])
        /// Nothing to say, but the connection is to be kept open.
        case comment
        /// The reader has been relieved: by another, or because the connection is to be given up.
        case relieved
        case end
    }

    /// All that has come since; waits when nothing has.
    func read(after number: Int, as reader: Int) async -> Reading {
        await wait { state in
            state.reader != reader || state.isFinished || state.isReleased || state.wantsComment
                || !state.log.entries(after: number).isEmpty
        }
        let (reading, writers) = state.withLock { state -> (Reading, [CheckedContinuation<Void, Never>]) in
            guard state.reader == reader, !Task.isCancelled else { return (.relieved, []) }
            state.lastRead = .now
            state.log.markRead(through: number)
            return (state.reading(after: number), state.writers.takeAll())
        }
        for writer in writers { writer.resume() }
        return reading
    }

    /// Asks for a sign of life when nothing was read for so long.
    func keepAlive(_ silence: Duration, now: ContinuousClock.Instant) {
        wake { state in if now - state.lastRead >= silence { state.wantsComment = true } }
    }

    /// The connection has gone.
    func leave(_ reader: Int) {
        state.withLock { state -> (@Sendable () -> Void)? in
            guard state.reader == reader else { return nil }
            state.hasReader = false
            return state.isFinished ? nil : state.onAbandon.take()
        }?()
    }

    // MARK: Waiting

    private func wake(_ change: (inout State) -> Void) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            change(&state)
            return state.waiter.take()
        }?.resume()
    }

    private func wait(until isSo: (inout State) -> Bool) async {
        while !Task.isCancelled {
            if state.withLock({ isSo(&$0) }) { return }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let relieved = state.withLock { state -> CheckedContinuation<Void, Never>? in
                        if Task.isCancelled || isSo(&state) { return continuation }
                        defer { state.waiter = continuation }
                        return state.waiter
                    }
                    relieved?.resume()
                }
            } onCancel: {
                state.withLock { $0.waiter.take() }?.resume()
            }
        }
    }
}

extension Array {
    /// All elements, and none left.
    fileprivate mutating func takeAll() -> [Element] {
        defer { self = [] }
        return self
    }
}
