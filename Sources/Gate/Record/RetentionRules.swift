import Core
import JSON

/// For how long what the ledger's entries say is kept: what each entry has on it from its session's class, and what the
/// operator demands now. The longer of the two holds.
struct RetentionRules: Sendable, Hashable {
    /// By what an entry's time is measured.
    enum Term: Sendable, Hashable {
        /// By the seconds that its session's class had when it was written, the floor of that time included.
        case session(Int64)
        /// It belongs to no session: sign-ins, decisions over the API.
        case system
    }

    /// Nothing goes sooner, whatever is configured: by then, all that was under way has ended.
    static let least = Duration.seconds(86_400)

    /// The operator's, for every session.
    let floor: Duration
    /// Nil keeps what belongs to no session for good.
    let system: Duration?
    /// The shortest that a configured class asks for: where looking begins.
    let shortest: Term

    init(_ settings: GateSettings) {
        floor = settings.floor.retention
        system = settings.systemRetention
        let classes = settings.sessionClasses.values.map(\.retention) + [SessionClass.standard.retention]
        shortest = .session((classes.min() ?? .zero).components.seconds)
    }

    /// Nil for what is kept for good.
    func length(of term: Term) -> Duration? {
        switch term {
        case .session(let seconds): max(floor, .seconds(seconds), Self.least)
        case .system: system.map { max(floor, $0, Self.least) }
        }
    }

    /// What was recorded by then is over, of this term; nil when nothing ever is.
    func cut(of term: Term, at now: Timestamp) -> Timestamp? { length(of: term).map { now - $0 } }

    func isOver(_ time: Timestamp, of term: Term, at now: Timestamp) -> Bool {
        cut(of: term, at: now).map { time <= $0 } ?? false
    }
}

extension RetentionRules {
    /// How fast the time that retention goes by follows a clock that is ahead of it, in hours an hour.
    static let pace = 8

    /// The time to go by: never beyond the clock, and of what the clock is ahead no more than eight times what has
    /// really passed. A clock that leaps ahead therefore erases nothing at once, while a machine that was off catches
    /// up; a clock that is set back is followed at once.
    static func time(after last: Timestamp, clock: Timestamp, elapsed: Duration) -> Timestamp {
        min(clock, last + min(max(elapsed, .zero), .seconds(86_400)) * pace)
    }
}

/// What an entry says of itself that retention goes by.
struct RetentionMark: Sendable, Hashable {
    var term = RetentionRules.Term.system
    var action: String?
    var session: String?

    /// A thousand years, as long as configuration can ask for.
    private static let greatest = 31_536_000_000

    init(_ payload: [UInt8]) {
        guard let entry = try? JSON.parse(payload) else { return }
        action = entry["action"]?.string
        session = entry["session"]?.string
        if session != nil, let seconds = entry["retention"]?.int {
            term = .session(Int64(min(max(seconds, 0), Self.greatest)))
        }
    }
}
