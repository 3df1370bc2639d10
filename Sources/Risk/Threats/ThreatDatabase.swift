public import Core
import Store

/// What is known of flaws being exploited: CISA's catalogue and FIRST's predictions as they were imported, in a database
/// of their own that can be thrown away and made anew.
public final class ThreatDatabase: Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case knownExploited = "kev"
        case predictions = "epss"
    }

    /// What was imported.
    public struct Feed: Sendable, Hashable {
        public var kind: Kind
        public var source: String
        /// As the feed itself says.
        public var asOf: Timestamp
        public var imported: Timestamp
        public var entries: Int
    }

    /// What is known of one flaw.
    public struct Threat: Sendable, Hashable {
        public var knownExploitedSince: String?
        public var epss: Double?
    }

    private let kept: LateStore
    private let clock: any WallClock

    /// - Parameter path: of the file, which is made when it is first needed.
    public init(path: String, clock: any WallClock = SystemWallClock()) {
        self.clock = clock
        kept = LateStore(path: path, migrations: Self.migrations, clock: clock)
    }

    public func close() throws { try kept.close() }

    public func feeds() async throws -> [Feed] {
        try await kept.store().read { tx in try Self.feeds(tx) }
    }

    /// Replaces the catalogue.
    /// - Throws: `conflict` where the one that is there is newer.
    public func put(_ catalogue: KnownExploited, source: String) async throws -> Feed {
        try await put(
            .knownExploited, source, asOf: catalogue.released, "INSERT INTO known_exploited (cve, added) VALUES (?, ?)",
            catalogue.added.mapValues { .text($0) })
    }

    /// Replaces the predictions.
    /// - Throws: `conflict` where those that are there are newer.
    public func put(_ predictions: ExploitPredictions, source: String) async throws -> Feed {
        try await put(
            .predictions, source, asOf: predictions.date, "INSERT INTO predictions (cve, score) VALUES (?, ?)",
            predictions.scores.mapValues { .real($0) })
    }

    private func put(
        _ kind: Kind, _ source: String, asOf date: Timestamp, _ insertion: String, _ entries: [String: Value]
    ) async throws -> Feed {
        let feed = Feed(kind: kind, source: source, asOf: date, imported: clock.now(), entries: entries.count)
        try await kept.store().write { tx in
            try Self.replace(feed, tx)
            for (id, value) in entries { try tx.execute(insertion, [.text(id), value]) }
        }
        return feed
    }

    /// What is known of these, and the feeds that were asked, all on one state.
    public func threats(_ cves: Set<String>) async throws -> (threats: [String: Threat], feeds: [Feed]) {
        try await kept.store().read { tx in
            var threats: [String: Threat] = [:]
            for id in cves {
                let added = try tx.first("SELECT added FROM known_exploited WHERE cve = ?", [.text(id)])
                let score = try tx.first("SELECT score FROM predictions WHERE cve = ?", [.text(id)])
                threats[id] = Threat(
                    knownExploitedSince: try added?.text("added"), epss: try score?.real("score"))
            }
            return (threats, try Self.feeds(tx))
        }
    }

    private static func feeds(_ tx: Transaction) throws -> [Feed] {
        try tx.query("SELECT * FROM threat_feeds ORDER BY kind").compactMap { row in
            guard let kind = Kind(rawValue: try row.text("kind")) else { return nil }
            return Feed(
                kind: kind, source: try row.text("source"), asOf: try row.time("as_of"),
                imported: try row.time("imported"), entries: try row.int("entries"))
        }
    }

    private static func replace(_ feed: Feed, _ tx: Transaction) throws {
        if let known = try feeds(tx).first(where: { $0.kind == feed.kind }), known.asOf > feed.asOf {
            throw GatehouseError(
                "risk", .conflict,
                "what is there (\(feed.kind.rawValue)) is as of \(known.asOf), this is of \(feed.asOf)",
                hint: "nothing was changed")
        }
        switch feed.kind {
        case .knownExploited: try tx.execute("DELETE FROM known_exploited")
        case .predictions: try tx.execute("DELETE FROM predictions")
        }
        try tx.execute("DELETE FROM threat_feeds WHERE kind = ?", [.text(feed.kind.rawValue)])
        try tx.execute(
            "INSERT INTO threat_feeds (kind, source, as_of, imported, entries) VALUES (?, ?, ?, ?, ?)",
            [
                .text(feed.kind.rawValue), .text(feed.source), .time(feed.asOf), .time(feed.imported),
                Value(feed.entries),
            ])
    }

    private static let migrations: [Migration] = [
        Migration(
            id: "threats.001",
            steps: [
                .createTable(
                    "threat_feeds",
                    columns: [
                        .text("kind", .primaryKey), .text("source", .notNull), .time("as_of", .notNull),
                        .time("imported", .notNull), .integer("entries", .notNull),
                    ]),
                .createTable("known_exploited", columns: [.text("cve", .primaryKey), .text("added", .notNull)]),
                .createTable("predictions", columns: [.text("cve", .primaryKey), .real("score", .notNull)]),
            ])
    ]
}
