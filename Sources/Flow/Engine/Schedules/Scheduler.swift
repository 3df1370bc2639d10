import Core
import Logging
import Store
import Synchronization

/// When workflows are due, as far as it was worked out. The last time of each is in the store, so that none comes twice.
final class Scheduler: Sendable {
    struct Key: Hashable, Sendable {
        var workflow: String
        var cron: String
        var timeZone: String
    }

    private struct Entry: Sendable {
        var cron: CronExpression
        var zone: TimeZoneRules
        var last: Timestamp
        var next: Timestamp?
    }

    /// A schedule whose time has come.
    struct Due: Sendable {
        var key: Key
        /// When it was to be.
        var time: Timestamp
        /// What the store has as its last time.
        fileprivate var last: Timestamp
    }

    private let store: Store
    private let logger: Logger
    /// Nil for a schedule that cannot be read.
    private let entries = Mutex<[Key: Entry?]>([:])

    init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// What is due. Of the times that were missed, while nothing ran, one counts. A schedule that is new begins now.
    func due(_ workflows: [Workflow], at now: Timestamp) async throws -> [Due] {
        let keys = Set(workflows.flatMap(\.schedules))
        try await forget(entries.withLock { Set($0.keys).subtracting(keys) })
        for key in keys.subtracting(entries.withLock { Set($0.keys) }) { try await learn(key, now) }
        return entries.withLock { entries in
            entries.compactMap { key, entry in
                guard let entry, let next = entry.next, next <= now else { return nil }
                return Due(key: key, time: next, last: entry.last)
            }.sorted { ($0.time, $0.key.workflow) < ($1.time, $1.key.workflow) }
        }
    }

    /// Marks a time as done, as part of the transaction that begins the run.
    /// - Throws: `conflict` where it was done already.
    static func mark(_ due: Due, at now: Timestamp, _ tx: Transaction) throws {
        let marked = try tx.execute(
            "UPDATE flow_schedule SET last = ? WHERE workflow = ? AND cron = ? AND time_zone = ? AND last = ?",
            [.time(now)] + due.key.values + [.time(due.last)])
        guard marked == 1 else {
            throw GatehouseError("flow", .conflict, "\(due.key.workflow) was started for \(due.time) already")
        }
    }

    /// The same where no run could be begun.
    func pass(_ due: Due, at now: Timestamp) async throws {
        try await store.write { try Self.mark(due, at: now, $0) }
    }

    /// Goes on to the next time.
    func done(_ key: Key, at now: Timestamp) {
        entries.withLock { entries in
            guard var entry = entries[key] ?? nil else { return }
            entry.last = now
            entry.next = entry.cron.next(after: now, in: entry.zone)
            entries[key] = entry
        }
    }

    /// Looks at the store once more.
    func forget(_ key: Key) { entries.withLock { _ = $0.removeValue(forKey: key) } }

    private func learn(_ key: Key, _ now: Timestamp) async throws {
        let last = try await store.write { tx in
            let values = key.values
            try tx.execute(
                """
                INSERT INTO flow_schedule (workflow, cron, time_zone, last) VALUES (?, ?, ?, ?)
                ON CONFLICT (workflow, cron, time_zone) DO NOTHING
                """, values + [.time(now)])
            return try tx.first(
                "SELECT last FROM flow_schedule WHERE workflow = ? AND cron = ? AND time_zone = ?", values)?
                .time("last") ?? now
        }
        do {
            let (cron, zone) = (try CronExpression(key.cron), try TimeZoneFile.zone(named: key.timeZone))
            let entry = Entry(cron: cron, zone: zone, last: last, next: cron.next(after: last, in: zone))
            entries.withLock { $0[key] = .some(entry) }
        } catch {
            entries.withLock { $0[key] = .some(nil) }
            logger.error(
                "a schedule cannot be kept", metadata: ["workflow": "\(key.workflow)", "error": "\(error)"])
        }
    }

    /// A schedule that is gone begins anew if it comes back.
    private func forget(_ gone: Set<Key>) async throws {
        guard !gone.isEmpty else { return }
        try await store.write { tx in
            for key in gone {
                try tx.execute(
                    "DELETE FROM flow_schedule WHERE workflow = ? AND cron = ? AND time_zone = ?", key.values)
            }
        }
        entries.withLock { entries in for key in gone { entries[key] = nil } }
    }
}

extension Scheduler.Key {
    fileprivate var values: [Value] { [.text(workflow), .text(cron), .text(timeZone)] }
}

extension Workflow {
    fileprivate var schedules: [Scheduler.Key] {
        triggers.compactMap { trigger in
            guard case .schedule(let cron, let zone) = trigger else { return nil }
            return Scheduler.Key(workflow: name, cron: cron, timeZone: zone)
        }
    }
}
