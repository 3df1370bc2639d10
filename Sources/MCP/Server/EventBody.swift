import Core

/// The body of an answer that is an event stream (`text/event-stream`, WHATWG HTML section 9.2): pieces of it as they
/// come. Dropping it, or cancelling the task that reads, counts as the client's going away.
public struct EventBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private let lease: Lease
    private let framing: EventFraming
    private let start: Int
    private let isReturning: Bool

    /// - Parameters:
    ///   - number: of the last message that the client has; nil for a connection that begins with the stream.
    ///   - ticker: watches for silence.
    init(
        _ stream: MessageStream, after number: Int? = nil, framing: EventFraming, keepAlive: Duration, ticker: Ticker
    ) {
        lease = Lease(stream, isReturning: number != nil, keepAlive, ticker)
        start = number ?? stream.readThrough
        isReturning = number != nil
        self.framing = framing
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(lease: lease, framing: framing, number: start, hasBegun: isReturning)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let lease: Lease
        fileprivate let framing: EventFraming
        fileprivate var number: Int
        /// Whether the opening is behind us.
        fileprivate var hasBegun: Bool

        public mutating func next() async -> [UInt8]? {
            if !hasBegun {
                hasBegun = true
                if let opening = framing.opening(at: number) { return opening }
            }
            switch await lease.stream.read(after: number, as: lease.reader) {
            case .entries(let entries):
                number = entries.last?.number ?? number
                return framing.frame(entries)
            case .comment: return Array(":\n\n".utf8)
            case .relieved, .end: return nil
            }
        }
    }
}

/// The right to read a stream, for as long as a connection holds it.
private final class Lease: Sendable {
    let stream: MessageStream
    let reader: Int
    private let ticker: Ticker
    private let look: UInt64

    init(_ stream: MessageStream, isReturning: Bool, _ keepAlive: Duration, _ ticker: Ticker) {
        self.stream = stream
        self.ticker = ticker
        reader = stream.takeOver(isReturning: isReturning)
        look = ticker.add { [stream] now in stream.keepAlive(keepAlive, now: now) }
    }

    deinit {
        ticker.remove(look)
        stream.leave(reader)
    }
}

/// How messages are spelled as events.
struct EventFraming: Sendable {
    /// For events that have ids, by which a client comes back: the number of the stream.
    var stream: Int?
    /// Whether the stream opens with an event that has an id and nothing else, so that there is one to come back by
    /// from the start (2025-11-25).
    var isPrimed = false

    static let plain = EventFraming()
    /// Milliseconds after which a client whose connection was cut comes back.
    private static let retry = 500

    func opening(at number: Int) -> [UInt8]? {
        guard isPrimed, let stream else { return nil }
        return Array("id: \(stream)_\(number)\nretry: \(Self.retry)\ndata: \n\n".utf8)
    }

    func frame(_ entries: [MessageLog.Entry]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(entries.reduce(0) { $0 + $1.bytes.count + 48 })
        for entry in entries {
            out += "event: message\n".utf8
            if let stream { out += "id: \(stream)_\(entry.number)\n".utf8 }
            out += "data: ".utf8
            out += entry.bytes
            out += "\n\n".utf8
        }
        return out
    }

    /// Stream and number of an event's id.
    static func parse(_ id: String) -> (stream: Int, number: Int)? {
        let parts = id.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, id.utf8.count < 40, let stream = Int(parts[0]), let number = Int(parts[1]), number >= 0
        else { return nil }
        return (stream, number)
    }
}
