import Core

/// A stretch of time that a budget covers: from `start` up to and without `end`.
struct BudgetWindow: Sendable, Hashable {
    var start: Timestamp
    var end: Timestamp

    /// A session's: it ends when the session does.
    static let unending = BudgetWindow(start: Timestamp(seconds: 0), end: Timestamp(microseconds: .max))

    /// The clock hour, day or month (UTC) that `time` is in.
    init(_ kind: BudgetRule.Window, containing time: Timestamp) {
        switch kind {
        case .hour: self.init(aligned: 3600, containing: time)
        case .day: self.init(aligned: 86_400, containing: time)
        case .month: self.init(monthContaining: time)
        case .minute, .session: self = .unending
        }
    }

    init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    private init(aligned length: Int64, containing time: Timestamp) {
        let remainder = time.seconds % length
        let start = Timestamp(seconds: time.seconds - (remainder < 0 ? remainder + length : remainder))
        self.init(start: start, end: start + .seconds(length))
    }

    private init(monthContaining time: Timestamp) {
        let start = Self.monthStart(of: time)
        // 32 days after its first day a month is over and the next is not.
        self.init(start: start, end: Self.monthStart(of: start + .seconds(32 * 86_400)))
    }

    private static func monthStart(of time: Timestamp) -> Timestamp {
        Timestamp(time.description.prefix(7) + "-01T00:00:00Z") ?? time
    }

    var length: Duration { end - start }

    /// The window that holds at `now`, which is never one that was closed.
    ///
    /// A clock that went back a little stays in this window. One that went back by more than a whole window is taken to
    /// be right again after it was wrong: the window moves to where the clock is, so that it ends, and keeps what was
    /// spent in it. A clock that went ahead, however far, opens one window.
    func following(_ kind: BudgetRule.Window, to now: Timestamp) -> Step {
        if now >= end { return .opened(BudgetWindow(kind, containing: now)) }
        guard now < start, start - now > length else { return .same }
        return .moved(BudgetWindow(start: now, end: now + length))
    }

    enum Step {
        case same
        case moved(BudgetWindow)
        case opened(BudgetWindow)
    }
}
