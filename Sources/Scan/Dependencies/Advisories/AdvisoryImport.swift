public import Core
import Formats
public import Gate
import JSON
import Store

/// Puts piles of advisories into the database, in batches, so that memory stays bounded however many there are. What was
/// there before stays in use until all of it is in, and is then replaced at once.
struct AdvisoryImport {
    private struct Batch: Sendable {
        var advisories: [(id: String, document: String)] = []
        var packages: [(ecosystem: String, name: String, advisory: String, affected: String)] = []
    }

    /// What one ecosystem came to so far.
    private struct Sum {
        var newest: Timestamp?
        var advisories = 0
        var packages = 0
    }

    private static let batch = 1_000

    let store: Store
    let source: String
    let now: Timestamp
    let report: @Sendable (Progress) -> Void
    private var generation = 0
    private var sums: [String: Sum] = [:]
    private var unreadable: [String: Int] = [:]
    private var seen: Set<String> = []

    init(store: Store, source: String, now: Timestamp, report: @escaping @Sendable (Progress) -> Void) {
        self.store = store
        self.source = source
        self.now = now
        self.report = report
    }

    /// - Parameter replacingNewer: also where what is there is newer.
    /// - Throws: `invalid` where there is no advisory, `conflict` where what is there is newer.
    mutating func run(_ piles: [AdvisoryPile], replacingNewer: Bool) async throws -> [AdvisoryFeed] {
        generation = try await store.write { tx in try Self.prepare(tx) }
        let total = piles.reduce(0) { $0 + $1.count }
        var done = 0
        for pile in piles {
            var start = 0
            while start < pile.count {
                try Task.checkCancellation()
                let end = min(start + Self.batch, pile.count)
                let (batch, generation) = (read(pile, start..<end), generation)
                try await store.write(.relaxed) { tx in try Self.put(batch, generation, tx) }
                done += end - start
                start = end
                report(Progress(stage: "importing advisories", done: done, total: total))
            }
        }
        let dates = Dictionary(piles.compactMap { pile in pile.ecosystem.map { ($0, pile.date) } }) { max($0, $1) }
        let feeds = feeds(dates)
        guard !feeds.isEmpty else {
            throw GatehouseError(
                "scan", .invalid, "there is no advisory that can be used in \(source)",
                hint: "give a zip archive or folder of OSV, and --ecosystem where its name does not tell")
        }
        do {
            try await store.write { tx in try Self.replace(feeds, replacingNewer: replacingNewer, tx) }
        } catch {
            try? await removeOld()
            throw error
        }
        try await removeOld()
        return feeds
    }

    private func feeds(_ dates: [String: Timestamp?]) -> [AdvisoryFeed] {
        sums.filter { $0.value.advisories > 0 }.map { ecosystem, sum in
            let dates = [sum.newest, dates[ecosystem] ?? nil].compactMap(\.self).filter { $0 <= now }
            return AdvisoryFeed(
                ecosystem: ecosystem, source: source, asOf: dates.max() ?? Timestamp(seconds: 0), imported: now,
                advisories: sum.advisories, packages: sum.packages,
                unreadable: unreadable[ecosystem, default: 0] + unreadable["", default: 0], generation: generation)
        }.sorted { $0.ecosystem < $1.ecosystem }
    }

    // MARK: - Reading

    private mutating func read(_ pile: AdvisoryPile, _ range: Range<Int>) -> Batch {
        var batch = Batch()
        for index in range {
            do {
                add(try OSVAdvisory(try pile.bytes(at: index)), of: pile, to: &batch)
            } catch {
                unreadable[pile.ecosystem ?? "", default: 0] += 1
            }
        }
        return batch
    }

    private mutating func add(_ advisory: OSVAdvisory, of pile: AdvisoryPile, to batch: inout Batch) {
        let affected = advisory.affected.filter { one in
            pile.ecosystem.map { $0 == Ecosystems.base(one.ecosystem) } ?? true
        }
        let bases = Set(affected.map { Ecosystems.base($0.ecosystem) }).union([pile.ecosystem].compactMap(\.self))
        for base in bases { sums[base, default: Sum()].newest = max(sums[base]?.newest, advisory.modified) }
        guard advisory.withdrawn == nil, !affected.isEmpty else { return }
        // One advisory may be about packages of several ecosystems, each of which has it.
        guard seen.insert("\(pile.ecosystem ?? "")/\(advisory.id)").inserted else { return }
        batch.advisories.append((advisory.id, AdvisoryRecord(advisory).json.text()))
        for base in Set(affected.map { Ecosystems.base($0.ecosystem) }) { sums[base]?.advisories += 1 }
        for one in affected {
            sums[Ecosystems.base(one.ecosystem)]?.packages += 1
            let name = PackageName.key(one.name, in: one.ecosystem)
            batch.packages.append((one.ecosystem, name, advisory.id, one.json.text()))
        }
    }

    // MARK: - Writing

    /// Clears what an import left that did not come to its end, and gives the next generation.
    private static func prepare(_ tx: Transaction) throws -> Int {
        let used = try tx.first("SELECT MAX(generation) AS g FROM advisory_feeds")?.optionalInteger("g") ?? 0
        let left = try tx.first("SELECT MAX(generation) AS g FROM advisories")?.optionalInteger("g") ?? 0
        return Int(max(used, left)) + 1
    }

    private static func put(_ batch: Batch, _ generation: Int, _ tx: Transaction) throws {
        for (id, document) in batch.advisories {
            try tx.execute(
                "INSERT INTO advisories (generation, id, document) VALUES (?, ?, ?) ON CONFLICT (generation, id) DO NOTHING",
                [Value(generation), .text(id), .text(document)])
        }
        for package in batch.packages {
            try tx.execute(
                "INSERT INTO advisory_packages (generation, ecosystem, name, advisory, affected) VALUES (?, ?, ?, ?, ?)",
                [
                    Value(generation), .text(package.ecosystem), .text(package.name), .text(package.advisory),
                    .text(package.affected),
                ])
        }
    }

    private static func replace(_ feeds: [AdvisoryFeed], replacingNewer: Bool, _ tx: Transaction) throws {
        for feed in feeds {
            let row = try tx.first("SELECT * FROM advisory_feeds WHERE ecosystem = ?", [.text(feed.ecosystem)])
            if let known = try row.map(AdvisoryFeed.init), known.asOf > feed.asOf, !replacingNewer {
                throw GatehouseError(
                    "scan", .conflict,
                    "the advisories of \(feed.ecosystem) are as of \(known.asOf), these are of \(feed.asOf)",
                    hint: "nothing was changed; give --older to go back to them")
            }
            try tx.execute("DELETE FROM advisory_feeds WHERE ecosystem = ?", [.text(feed.ecosystem)])
            try tx.execute(
                """
                INSERT INTO advisory_feeds (ecosystem, source, as_of, imported, advisories, packages, unreadable,
                generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(feed.ecosystem), .text(feed.source), .time(feed.asOf), .time(feed.imported),
                    Value(feed.advisories), Value(feed.packages), Value(feed.unreadable), Value(feed.generation),
                ])
        }
    }

    /// Rows that no feed owns any more: those of an ecosystem that was replaced, and of imports that failed.
    private func removeOld() async throws {
        let owned = try await store.read { tx in
            try tx.query("SELECT ecosystem, generation FROM advisory_feeds").map {
                ($0.values[0], $0.values[1])
            }
        }
        let generations = Set(owned.map(\.1))
        try await store.write(.relaxed) { tx in
            let present = try tx.query("SELECT DISTINCT generation AS g FROM advisories").map { try $0.value("g") }
            for generation in present where !generations.contains(generation) {
                try tx.execute("DELETE FROM advisories WHERE generation = ?", [generation])
                try tx.execute("DELETE FROM advisory_packages WHERE generation = ?", [generation])
            }
        }
    }
}

extension AdvisoryDatabase {
    /// Imports what lies at a path of this machine.
    /// - Parameters:
    ///   - ecosystem: of all of it; else file and folder names that are ecosystems tell.
    ///   - source: what is said of where it came from; the path where it is nil.
    ///   - date: that the source gives.
    @concurrent
    public func importing(
        _ path: String, ecosystem: String? = nil, source: String? = nil, date: Timestamp? = nil,
        replacingNewer: Bool = false, report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> [AdvisoryFeed] {
        var piles = try AdvisoryPile.found(at: path, ecosystem: ecosystem)
        if let date { for index in piles.indices { piles[index].date = date } }
        var run = AdvisoryImport(store: try store(), source: source ?? path, now: clock.now(), report: report)
        return try await run.run(piles, replacingNewer: replacingNewer)
    }
}

/// None is before all.
private func max(_ a: Timestamp?, _ b: Timestamp?) -> Timestamp? {
    guard let a, let b else { return a ?? b }
    return Swift.max(a, b)
}
