internal import Core

extension Committer {
    /// Erases the payloads of entries, after recording that it will.
    /// - Returns: how many payloads were erased; those that were gone already do not count.
    func erase(_ ranges: [Range<UInt64>], by: String, reason: String) throws(GatehouseError) -> Int {
        let places = try erasable(ranges)
        guard !places.isEmpty else { return 0 }
        try appendControl(.erasure(ranges, by: by, reason: reason))
        do throws(GatehouseError) {
            try Erasure.perform(places, log: access.log)
        } catch {
            throw fail("a recorded erasure could not be carried out", error)
        }
        return places.count
    }

    /// Where the payloads stand that are to go.
    /// - Throws: `conflict` when an entry is under a hold or is the ledger's own, `notFound` beyond the end.
    private func erasable(_ ranges: [Range<UInt64>]) throws(GatehouseError) -> [Erasure.Place] {
        let size = try size()
        var places: [Erasure.Place] = []
        for range in ranges {
            guard range.upperBound <= size else {
                throw GatehouseError(
                    "ledger", .notFound, "there is no entry \(range.upperBound - 1)",
                    hint: "the ledger has \(size) entries")
            }
            try access.visit(range) { record throws(GatehouseError) in
                let leaf = record.header.leaf
                guard !leaf.kind.isControl else {
                    throw GatehouseError(
                        "ledger", .conflict, "entry \(leaf.index) records a \(leaf.kind) and cannot be erased",
                        hint: "leave it out of the range")
                }
                if let hold = holds.hold(on: record) {
                    throw GatehouseError(
                        "ledger", .conflict,
                        "entry \(leaf.index) is under legal hold \(hold.id), placed by \(hold.by): \(hold.reason)",
                        hint: "release hold \(hold.id) first")
                }
                if record.header.state == .present { places.append(Erasure.Place(record)) }
                return true
            }
        }
        return places
    }
}

/// Overwrites payloads in place.
enum Erasure {
    /// So many entries at most in one erasure, so that it neither fills memory nor holds up appends for long.
    static let maximumEntries: UInt64 = 100_000

    struct Place {
        var offset: UInt64
        var bodyBytes: Int

        init(_ record: LogReader.Record) {
            offset = record.offset
            bodyBytes = record.header.bodyBytes
        }
    }

    /// First every mark, then every byte, with a sync between: a record that is not marked is always whole.
    static func perform(_ places: [Place], log: DiskFile) throws(GatehouseError) {
        for place in places { try log.write([Frame.State.erased.rawValue], at: place.offset + Frame.stateOffset) }
        try log.sync()
        for place in places {
            try log.write([UInt8](repeating: 0, count: place.bodyBytes), at: place.offset + UInt64(Frame.headerBytes))
        }
        try log.sync()
    }
}
