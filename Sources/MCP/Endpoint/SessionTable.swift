import Core
import Synchronization

/// A session over HTTP: whose it is, and the streams on which its client reads.
final class HTTPSession: Sendable {
    private struct State {
        var streams: [Int: MessageStream] = [:]
        var next = 1
        var lastUse = ContinuousClock.now
    }

    /// Streams that are over and kept for a client that has not read to the end.
    private static let keptStreams = 8

    let id: String
    let identity: String
    let core: LegacySession
    /// What belongs to no request; its number is 0.
    let standalone: MessageStream
    private let limits: MCPLimits
    private let state = Mutex(State())

    init(id: String, identity: String, core: LegacySession, _ limits: MCPLimits) {
        self.id = id
        self.identity = identity
        self.core = core
        self.limits = limits
        standalone = MessageStream(log: limits.keptLog)
    }

    func framing(_ stream: MessageStream) -> EventFraming {
        EventFraming(stream: stream.number, isPrimed: core.version >= .v2025_11_25)
    }

    func openStream() throws(RPCError) -> MessageStream {
        let stream = state.withLock { state -> MessageStream? in
            let finished = state.streams.values.filter(\.isFinished).map(\.number).sorted()
            for number in finished.dropLast(Self.keptStreams) { state.streams[number] = nil }
            guard state.streams.count < limits.streamsPerSession + Self.keptStreams else { return nil }
            defer { state.next += 1 }
            let stream = MessageStream(number: state.next, log: limits.keptLog)
            state.streams[state.next] = stream
            return stream
        }
        guard let stream else { throw .invalidRequest("more than \(limits.streamsPerSession) streams at once") }
        return stream
    }

    func stream(_ number: Int) -> MessageStream? {
        number == 0 ? standalone : state.withLock { $0.streams[number] }
    }

    func dropStream(_ stream: MessageStream) { state.withLock { $0.streams[stream.number] = nil } }

    func touch() { state.withLock { $0.lastUse = .now } }

    /// When it was last used; now, while it is.
    func lastUse(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        core.exchanges.isEmpty && !standalone.hasReader ? state.withLock { $0.lastUse } : now
    }

    func close() {
        core.close()
        standalone.finish()
        for stream in state.withLock({ Array($0.streams.values) }) { stream.finish() }
    }
}

/// The sessions that are open, by names that cannot be guessed.
final class SessionTable: Sendable {
    private struct State {
        var sessions: [String: HTTPSession] = [:]
        /// How many belong to whom.
        var counts: [String: Int] = [:]
        var isClosed = false
        var look: UInt64?

        mutating func add(_ session: HTTPSession) {
            sessions[session.id] = session
            counts[session.identity, default: 0] += 1
        }

        mutating func remove(_ session: HTTPSession) {
            guard sessions.removeValue(forKey: session.id) != nil else { return }
            let left = (counts[session.identity] ?? 0) - 1
            counts[session.identity] = left > 0 ? left : nil
        }
    }

    private let limits: MCPLimits
    private let ticker: Ticker
    private let state = Mutex(State())

    init(_ limits: MCPLimits, _ ticker: Ticker) {
        self.limits = limits
        self.ticker = ticker
    }

    var count: Int { state.withLock { $0.sessions.count } }

    /// Those longest unused make room.
    func insert(_ session: HTTPSession) throws(RPCError) {
        let now = ContinuousClock.now
        let evicted = state.withLock { state -> [HTTPSession]? in
            guard !state.isClosed else { return nil }
            var evicted: [HTTPSession] = []
            if state.counts[session.identity] ?? 0 >= limits.sessionsPerIdentity {
                evicted += Self.idlest(state.sessions.values.filter { $0.identity == session.identity }, now)
            }
            if state.sessions.count >= limits.sessions { evicted += Self.idlest(Array(state.sessions.values), now) }
            for session in evicted { state.remove(session) }
            state.add(session)
            if state.look == nil { state.look = ticker.add { [weak self] now in self?.sweep(now) } }
            return evicted
        }
        guard let evicted else { throw .internalError("the server is stopping") }
        for session in evicted { session.close() }
    }

    /// A sixteenth at once, so that it is not sorted each time.
    private static func idlest(_ sessions: [HTTPSession], _ now: ContinuousClock.Instant) -> [HTTPSession] {
        let byUse = sessions.map { (session: $0, use: $0.lastUse(now)) }.sorted { $0.use < $1.use }
        return byUse.prefix(max(1, sessions.count / 16)).map(\.session)
    }

    /// Nil for one that is not there, and for one of somebody else's.
    func find(_ id: String, identity: String) -> HTTPSession? {
        guard let session = state.withLock({ $0.sessions[id] }), session.identity == identity else { return nil }
        session.touch()
        return session
    }

    func remove(_ session: HTTPSession) {
        state.withLock { $0.remove(session) }
        session.close()
    }

    private func sweep(_ now: ContinuousClock.Instant) {
        let sessions = state.withLock { state in
            if state.sessions.isEmpty, let look = state.look.take() { ticker.remove(look) }
            return Array(state.sessions.values)
        }
        for session in sessions {
            if now - session.lastUse(now) >= limits.sessionIdle { remove(session) } else { session.core.sweep(now) }
        }
    }

    func close() {
        let sessions = state.withLock { state in
            state.isClosed = true
            return Array(state.sessions.values)
        }
        for session in sessions { remove(session) }
    }
}
