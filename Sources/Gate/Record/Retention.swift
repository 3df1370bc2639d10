import Core
import Ledger
import Store
import Synchronization

/// Erases from the ledger what entries say whose session's class no longer keeps it. The ledger proves as before, and
/// has an entry on each erasure.
///
/// A turn does bounded work. For each length of keeping, a cursor in the store says how far it has come. What has to
/// stay although its time is over is noted, and looked at again when the reason has ended. A turn may be cut short
/// anywhere: to erase what is erased does nothing.
final class Retention: Sendable {
    /// What a turn did.
    struct Turn: Sendable, Hashable {
        var erased = 0
        /// There is more to do at once.
        var isBehind = false
        /// By how much the clock is ahead of the time that retention goes by.
        var lag = Duration.zero
    }

    /// Of one turn. A page of entries is in memory at once.
    static let entriesPerTurn = 5000
    static let bytesPerPage = 8 << 20
    /// From one turn to the next, when nothing is left to do.
    static let rest = Duration.seconds(900)
    /// A clock that is further ahead than this is told of.
    static let greatestLag = Duration.seconds(86_400)

    private struct Rhythm {
        var last: ContinuousClock.Instant?
        var isBehind = false
    }

    private let ledger: Ledger
    private let table: RetentionTable
    private let rules: Mutex<RetentionRules>
    private let rhythm = Mutex(Rhythm())

    init(ledger: Ledger, store: Store, rules: RetentionRules) {
        self.ledger = ledger
        table = RetentionTable(store: store)
        self.rules = Mutex(rules)
    }

    func reload(_ settings: GateSettings) { rules.withLock { $0 = RetentionRules(settings) } }

    /// A turn if it is time for one: to be called from time to time, by one caller.
    func turnWhenDue(at wall: Timestamp, _ instant: ContinuousClock.Instant = .now) async throws -> Turn? {
        let elapsed: Duration? = rhythm.withLock { rhythm in
            guard let last = rhythm.last else { return .zero }
            return rhythm.isBehind || instant - last >= Self.rest ? instant - last : nil
        }
        guard let elapsed else { return nil }
        // A turn that fails is tried again after a rest.
        rhythm.withLock { $0 = Rhythm(last: instant) }
        let turn = try await turn(at: wall, elapsed: elapsed)
        rhythm.withLock { $0.isBehind = turn.isBehind }
        return turn
    }

    /// - Parameters:
    ///   - wall: what the clock says.
    ///   - elapsed: what has passed since the last turn by a clock that does not leap.
    /// - Throws: what ledger and store report; `conflict` when a hold was placed in the meantime. The next turn goes on.
    func turn(at wall: Timestamp, elapsed: Duration) async throws -> Turn {
        let rules = rules.withLock { $0 }
        let reader = ledger.reader
        let last = try await table.time() ?? reader.entries(last: 1).first?.time ?? wall
        let now = RetentionRules.time(after: last, clock: wall, elapsed: elapsed)
        try await table.begin(at: now, from: rules.shortest)
        var turn = Turn(lag: wall - now)
        var budget = Self.entriesPerTurn
        for stretch in try await table.stretches(holds: Set(ledger.holds.map(\.id)), end: reader.size) {
            guard let until = until(stretch, rules, now) else { continue }
            let entries = try reader.entries(stretch.range, until: until, limit: budget, bytes: Self.bytesPerPage)
            var rest = stretch.range
            if let last = entries.last {
                turn.erased += try await pass(entries, of: stretch, rules, now)
                budget -= entries.count
                rest = last.index + 1..<rest.upperBound
            }
            turn.isBehind = try turn.isBehind || !reader.entries(rest, until: until, limit: 1, bytes: 1).isEmpty
        }
        return turn
    }

    /// Up to when the entries of a stretch are looked at; nil for not at all.
    private func until(_ stretch: RetentionTable.Stretch, _ rules: RetentionRules, _ now: Timestamp) -> Timestamp? {
        switch stretch.source {
        case .cursor(let term): rules.cut(of: term, at: now)
        case .released: Timestamp(microseconds: .max)
        }
    }

    private func pass(
        _ entries: [Ledger.Entry], of stretch: RetentionTable.Stretch, _ rules: RetentionRules, _ now: Timestamp
    ) async throws -> Int {
        let marks = entries.map { $0.payload.map(RetentionMark.init) }
        let over = zip(entries, marks).compactMap { entry, mark in
            mark.flatMap { rules.isOver(entry.time, of: $0.term, at: now) ? $0 : nil }
        }
        let known = try await table.known(of: over)
        var sieve = RetentionSieve(rules: rules, now: now, holds: ledger.holds, known: known)
        for (entry, mark) in zip(entries, marks) { sieve.take(entry, mark) }
        var erased = 0
        if !sieve.due.isEmpty {
            erased = try await ledger.erase(sieve.due, by: "gatehouse", reason: "retention: the time to keep is over")
        }
        try await table.finish(stretch, next: (entries.last?.index ?? 0) + 1, sieve)
        return erased
    }
}

extension LedgerReader {
    fileprivate func entries(
        _ range: Range<UInt64>, until time: Timestamp, limit: Int, bytes: Int
    ) throws(GatehouseError) -> [Ledger.Entry] {
        let end = min(range.upperBound, range.lowerBound + UInt64(limit))
        return try entries(range.lowerBound..<end, until: time, bytes: bytes)
    }
}
