import DequeModule
import Synchronization

/// Tells watchers what happens, live. Whoever needs every event reads the ledger: a slow watcher loses the oldest
/// ones and is told how many.
public final class EventHub: Sendable {
    /// Above this many watchers a new one is refused.
    public static let maximumSubscribers = 1024

    private struct State {
        var mailboxes: [Int: Mailbox] = [:]
        var nextID = 0
        var finished = false
    }

    private let state = Mutex(State())
    private let count = Atomic<Int>(0)

    public init() {}

    /// Watches from now on, until the subscription is let go of or the gate shuts down.
    /// - Parameter buffer: events that are kept for the watcher while it is busy; at least one.
    public func subscribe(buffer: Int = 256) -> EventSubscription {
        let mailbox = Mailbox(capacity: max(1, buffer))
        let id: Int? = state.withLock { state in
            guard !state.finished, state.mailboxes.count < Self.maximumSubscribers else { return nil }
            state.nextID += 1
            state.mailboxes[state.nextID] = mailbox
            count.store(state.mailboxes.count, ordering: .releasing)
            return state.nextID
        }
        if id == nil { mailbox.finish() }
        return EventSubscription(mailbox: mailbox, hub: self, id: id)
    }

    public var subscribers: Int { count.load(ordering: .acquiring) }

    /// The event is only made when somebody watches.
    func publish(_ event: () -> GateEvent) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        let event = event()
        for mailbox in state.withLock({ Array($0.mailboxes.values) }) { mailbox.put(event) }
    }

    /// Ends all subscriptions, after what is still buffered.
    func finish() {
        let mailboxes = state.withLock { state in
            state.finished = true
            defer { state.mailboxes = [:] }
            return Array(state.mailboxes.values)
        }
        count.store(0, ordering: .releasing)
        for mailbox in mailboxes { mailbox.finish() }
    }

    fileprivate func remove(_ id: Int) {
        state.withLock { state in
            state.mailboxes[id] = nil
            count.store(state.mailboxes.count, ordering: .releasing)
        }
    }
}

/// What a watcher gets at once: everything since it last asked.
public struct EventBatch: Sendable {
    public let events: [GateEvent]
    /// Events lost since the last batch, older than the ones here.
    public let dropped: Int
}

/// A watcher's end. One reader at a time; letting go of it unsubscribes.
public final class EventSubscription: Sendable, AsyncSequence {
    private let mailbox: Mailbox
    private let hub: EventHub
    private let id: Int?

    fileprivate init(mailbox: Mailbox, hub: EventHub, id: Int?) {
        self.mailbox = mailbox
        self.hub = hub
        self.id = id
    }

    deinit {
        if let id { hub.remove(id) }
    }

    /// Waits for the next events. Nil when the gate shuts down or the caller is cancelled.
    public func next() async -> EventBatch? { await mailbox.next() }

    public struct Iterator: AsyncIteratorProtocol {
        let subscription: EventSubscription
        public mutating func next() async -> EventBatch? { await subscription.next() }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }
}

/// A bounded queue between the gate, which never waits, and one reader, which does.
private final class Mailbox: Sendable {
    private struct State {
        var events = Deque<GateEvent>()
        var dropped = 0
        var reader: CheckedContinuation<Void, Never>?
        var finished = false

        mutating func takeBatch() -> EventBatch? {
            guard !events.isEmpty else { return nil }
            defer {
                events.removeAll(keepingCapacity: true)
                dropped = 0
            }
            return EventBatch(events: Array(events), dropped: dropped)
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    func put(_ event: GateEvent) {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.finished else { return nil }
            if state.events.count == capacity {
                state.events.removeFirst()
                state.dropped += 1
            }
            state.events.append(event)
            return state.reader.take()
        }
        reader?.resume()
    }

    func finish() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.finished = true
            return state.reader.take()
        }
        reader?.resume()
    }

    func next() async -> EventBatch? {
        while true {
            if Task.isCancelled { return nil }
            let (batch, finished) = state.withLock { ($0.takeBatch(), $0.finished) }
            if let batch { return batch }
            if finished { return nil }
            await waitForMore()
        }
    }

    private func waitForMore() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let resumesNow = state.withLock { state in
                    if state.finished || !state.events.isEmpty || Task.isCancelled { return true }
                    // A second reader takes the first one's place; the first looks again.
                    let displaced = state.reader
                    state.reader = reader
                    displaced?.resume()
                    return false
                }
                if resumesNow { reader.resume() }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume()
        }
    }
}
