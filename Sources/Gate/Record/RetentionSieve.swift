import Core
import Ledger

/// Sorts entries, given one by one in the order of the ledger, into those to be erased, those left out for now, and
/// those whose time is yet to come.
struct RetentionSieve: Sendable {
    /// Why an entry stays whose time is over; it is looked at again when this has ended.
    enum Obstacle: Sendable, Hashable {
        /// A legal hold, by its id.
        case hold(UInt64)
        /// The action is kept: it is open, or may still be undone.
        case action(String)
        /// The session owes the review of a break-glass.
        case review(session: String)
    }

    /// What the store says.
    struct Known: Sendable {
        var keptActions: Set<String> = []
        var reviewedSessions: Set<String> = []
    }

    let rules: RetentionRules
    let now: Timestamp
    let holds: [Hold]
    let known: Known

    private(set) var due: [Range<UInt64>] = []
    /// From the first to the last that each keeps.
    private(set) var left: [Obstacle: ClosedRange<UInt64>] = [:]
    /// The first of each term that is not over yet, or never is.
    private(set) var later: [RetentionRules.Term: UInt64] = [:]

    init(rules: RetentionRules, now: Timestamp, holds: [Hold], known: Known) {
        (self.rules, self.now, self.holds, self.known) = (rules, now, holds, known)
    }

    mutating func take(_ entry: Ledger.Entry, _ mark: RetentionMark?) {
        guard entry.kind == .record else { return }
        guard let mark else {
            // Erased before. To name it again does nothing and keeps ranges in one piece.
            if due.last?.upperBound == entry.index, hold(on: entry) == nil { add(entry.index) }
            return
        }
        guard rules.isOver(entry.time, of: mark.term, at: now) else {
            later[mark.term] = later[mark.term] ?? entry.index
            return
        }
        guard let obstacle = hold(on: entry) ?? obstacle(mark) else { return add(entry.index) }
        left[obstacle] = (left[obstacle]?.lowerBound ?? entry.index)...entry.index
    }

    private func hold(on entry: Ledger.Entry) -> Obstacle? {
        holds.first { $0.covers(entry) }.map { .hold($0.id) }
    }

    private func obstacle(_ mark: RetentionMark) -> Obstacle? {
        if let action = mark.action, known.keptActions.contains(action) { return .action(action) }
        if let session = mark.session, known.reviewedSessions.contains(session) { return .review(session: session) }
        return nil
    }

    private mutating func add(_ index: UInt64) {
        if let last = due.last, last.upperBound == index {
            due[due.count - 1] = last.lowerBound..<index + 1
        } else {
            due.append(index..<index + 1)
        }
    }
}
