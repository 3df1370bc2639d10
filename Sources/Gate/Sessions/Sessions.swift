public import Core
public import Store
import Synchronization

/// The sessions that live: who works, at what, and what has passed through.
///
/// They are kept in memory and written behind; ``flush(_:)`` writes one before something rests on it.
public final class Sessions: Sendable {
    public static let migrations: [Migration] = SessionRows.migrations

    /// Of the reason for a break-glass and of the note that closes its review.
    public static let reasonLength = 10...1000
    public static let longestBreakGlass = Duration.seconds(3600)

    private let store: Store
    private let clock: any WallClock
    private let table: Mutex<SessionTable>

    /// Takes up the sessions that had not ended.
    public init(store: Store, settings: GateSettings, clock: any WallClock) async throws {
        self.store = store
        self.clock = clock
        var table = SessionTable(settings)
        let now = clock.now()
        for entry in try await store.read({ try SessionRows.live(at: now, $0) }) { table.restore(entry) }
        self.table = Mutex(table)
    }

    // MARK: Entering

    /// The session with this id, or the principal's standing session of the class (`standard` when none is named),
    /// which is begun where there is none.
    /// - Throws: `denied` for a session that is not the principal's or has ended; `invalid` for an unknown class;
    ///   `exhausted` for too many sessions.
    public func enter(_ principal: Principal, session id: String?, class name: String?) throws -> Session {
        let now = clock.now()
        return try table.withLock { table in
            guard let id else { return try table.enter(principal, class: name, now: now) }
            return try table.enter(principal, id: id, class: name, now: now)
        }
    }

    /// A session beside those that the principal has.
    public func begin(_ principal: Principal, class name: String?) throws -> Session {
        let now = clock.now()
        return try table.withLock { table in
            try table.open(principal, try table.sessionClass(named: name), now: now)
        }
    }

    /// A session for a run of a workflow, which begins with what has passed through the run so far. It counts towards
    /// all sessions and not towards the principal's own.
    package func beginRun(_ principal: Principal, class name: String?, labels: Set<Label>) throws -> Session {
        let now = clock.now()
        return try table.withLock { table in
            let session = try table.open(principal, try table.sessionClass(named: name), isOfRun: true, now: now)
            table.taint(session.id, with: labels)
            return try table.current(session.id, now: now)
        }
    }

    /// - Throws: `denied` when it has ended or expired.
    public func current(_ id: String) throws -> Session {
        let now = clock.now()
        return try table.withLock { try $0.current(id, now: now) }
    }

    /// In the order in which they began.
    public func list() async throws -> [Session] {
        let now = clock.now()
        return table.withLock { table in
            _ = table.expire(now)
            return table.entries.values.map { $0.session(at: now) }.sorted { ($0.started, $0.id) < ($1.started, $1.id) }
        }
    }

    /// Whether the session has neither ended nor been found to have expired.
    public func isLive(_ id: String) -> Bool { table.withLock { $0.entries[id] != nil } }

    // MARK: Changing

    /// Adds labels for good. They hold at once, and are on disk after ``flush(_:)``.
    public func taint(_ id: String, with labels: Set<Label>) {
        table.withLock { $0.taint(id, with: labels) }
    }

    /// - Throws: `denied` when it has ended already.
    public func end(_ id: String) async throws {
        let now = clock.now()
        try table.withLock { table in
            _ = try table.current(id, now: now)
            table.end(id, at: now)
        }
        try await saveEnds()
    }

    /// Lays another floor and other classes; the floor counts for sessions that live, too.
    public func reload(_ settings: GateSettings) { table.withLock { $0.reload(settings) } }

    // MARK: Writing behind

    /// Returns when the session is on disk as it stands. To be called before a `change` is recorded that rests on its
    /// labels.
    public func flush(_ id: String) async throws { try await save { $0.entries[id].map { [$0] } ?? [] } }

    /// Writes all that is not on disk yet, and ends what has expired.
    public func flush() async throws {
        let now = clock.now()
        table.withLock { _ = $0.expire(now) }
        try await save { Array($0.entries.values) }
        try await saveEnds()
    }

    /// ``flush()``, then deletes sessions that ended longer ago than their class keeps them.
    public func tidy() async throws {
        try await flush()
        let now = clock.now()
        let floor = table.withLock { $0.floor.retention }
        try await store.write(.relaxed) { try SessionRows.removeOld(keeping: floor, at: now, $0) }
    }

    private func save(_ chosen: @escaping @Sendable (borrowing SessionTable) -> [SessionEntry]) async throws {
        let isDirty: @Sendable (SessionEntry) -> Bool = { $0.version > $0.saved }
        guard table.withLock({ chosen($0).contains(where: isDirty) }) else { return }
        // Inside the write, so that of two the later one has the later state.
        let written = try await store.write { tx in
            let entries = self.table.withLock { chosen($0).filter(isDirty) }
            for entry in entries { try SessionRows.save(entry, tx) }
            return entries
        }
        table.withLock { table in
            for entry in written { table.saved(entry.id, version: entry.version) }
        }
    }

    private func saveEnds() async throws {
        guard table.withLock({ !$0.endedUnsaved.isEmpty }) else { return }
        let ended = try await store.write { try self.saveEnds(in: $0) }
        forgetEnds(ended)
    }

    // MARK: The kill switch

    /// Lets the principal begin no session until ``unbar(_:)``, and ends those that there are: at once, in memory.
    func bar(_ principalID: String, at now: Timestamp) {
        table.withLock { table in
            table.bar(principalID)
            table.endAll(of: principalID, at: now)
        }
    }

    func unbar(_ principalID: String) { table.withLock { $0.unbar(principalID) } }

    /// Ends all sessions of a principal at once, in memory.
    func endAll(of principalID: String, at now: Timestamp) { table.withLock { $0.endAll(of: principalID, at: now) } }

    /// Writes the ends as part of a larger transaction; ``forgetEnds(_:)`` when it is committed.
    func saveEnds(in tx: Transaction) throws -> [String] {
        let ends = table.withLock { $0.endedUnsaved }
        try SessionRows.end(ends, tx)
        return Array(ends.keys)
    }

    func forgetEnds(_ ids: [String]) { table.withLock { $0.savedEnd(of: ids) } }

    // MARK: Break-glass

    /// Marks the session as acting in an emergency, for a while. A review of it stays open until somebody else closes
    /// it.
    /// - Throws: `invalid` without a reason of ten characters or with a time beyond an hour; `conflict` while one is in
    ///   force.
    public func breakGlass(_ id: String, reason: String, for length: Duration = .seconds(900)) async throws -> Session {
        try Self.requireReason(reason, "break-glass demands a reason")
        guard length >= .seconds(1), length <= Self.longestBreakGlass else {
            throw GatehouseError(
                "gate", .invalid, "break-glass lasts between a second and an hour", hint: "give a shorter time")
        }
        let now = clock.now()
        let session = try current(id)
        guard session.breakGlass == nil else {
            throw GatehouseError(
                "gate", .conflict, "session \(id) has broken the glass already", hint: "wait for it to end")
        }
        let glass = SessionEntry.BreakGlass(reason: reason, until: now + length)
        let review = BreakGlassReview(
            id: Identifier.make("rev", at: now), sessionID: id, principalID: session.principalID, reason: reason,
            opened: now,
            expires: glass.until)
        // The review is on disk before the glass is broken.
        try await store.write { try SessionRows.open(review, $0) }
        table.withLock { $0.breakGlass(id, glass) }
        try await flush(id)
        return try current(id)
    }

    /// Open ones first, then the latest, a thousand at the most.
    public func reviews() async throws -> [BreakGlassReview] { try await store.read(SessionRows.reviews) }

    /// - Throws: `notFound`.
    public func review(_ id: String) async throws -> BreakGlassReview {
        if let review = try await store.read({ try SessionRows.review(id, $0) }) { return review }
        throw GatehouseError("gate", .notFound, "there is no review \"\(id.prefix(40))\"", hint: "list the open ones")
    }

    /// Closes a review.
    /// - Throws: `denied` for the principal who broke the glass; `conflict` when it is closed already; `notFound`;
    ///   `invalid` without a note of ten characters.
    public func review(_ id: String, by principal: Principal, note: String) async throws {
        try Self.requireReason(note, "closing a review demands a note on what was found")
        let review = try await self.review(id)
        guard review.principalID != principal.id else {
            throw GatehouseError(
                "gate", .denied, "whoever broke the glass cannot review it", hint: "ask another person to close \(id)")
        }
        let closing = BreakGlassReview.Closing(by: principal.id, note: note, time: clock.now())
        let wasOpen = try await store.write { try SessionRows.close(id, closing, $0) }
        guard wasOpen else {
            throw GatehouseError("gate", .conflict, "review \(id) is closed already")
        }
    }

    private static func requireReason(_ text: String, _ message: String) throws {
        let length = text.utf8.lazy.filter { $0 > 0x20 }.count
        guard length >= reasonLength.lowerBound, text.utf8.count <= reasonLength.upperBound else {
            throw GatehouseError(
                "gate", .invalid, message,
                hint:
                    "write \(reasonLength.lowerBound) to \(reasonLength.upperBound) characters that others understand"
            )
        }
    }
}
