public import Core

extension Ledger {
    /// One entry.
    /// - Throws: `notFound`, `corrupt`.
    public func entry(_ index: UInt64) throws(GatehouseError) -> Entry {
        guard index < size else { throw beyond(index) }
        return try access.entry(index)
    }

    /// The entries of a range, cut to what is there, in order. All are in memory at once: ask for pages.
    public func entries(_ range: Range<UInt64>) throws(GatehouseError) -> [Entry] {
        try access.entries(range.clamped(to: 0..<size))
    }

    /// The last entries, oldest first.
    public func entries(last count: Int) throws(GatehouseError) -> [Entry] {
        let size = size
        return try access.entries(size - min(size, UInt64(max(0, count)))..<size)
    }

    /// What ``find(containing:before:limit:scanning:)`` found.
    public struct Matches: Sendable {
        /// Newest first.
        public var entries: [Entry]
        /// Where to go on: pass it as `before`. Nil when everything was looked at.
        public var next: UInt64?
    }

    /// Looks for the entries whose payload has these bytes in it, from the newest back.
    ///
    /// - Parameters:
    ///   - before: only entries with a smaller index.
    ///   - limit: matches wanted.
    ///   - scanning: entries looked at, at most.
    public func find(
        containing bytes: [UInt8], before: UInt64 = .max, limit: Int = 100, scanning: UInt64 = 100_000
    ) throws(GatehouseError) -> Matches {
        let needle = Needle(bytes)
        var end = min(before, size)
        let floor = end - min(end, scanning)
        var found: [Entry] = []
        while end > floor {
            let start = max(floor, end - min(end, 1024))
            var page: [Entry] = []
            try access.visit(start..<end) { record in
                if record.payloadContains(needle) { page.append(Entry(record)) }
                return true
            }
            for entry in page.reversed() {
                found.append(entry)
                if found.count >= limit { return Matches(entries: found, next: entry.index > 0 ? entry.index : nil) }
            }
            end = start
        }
        return Matches(entries: found, next: floor > 0 ? floor : nil)
    }

    // MARK: - Proofs

    /// The root of the tree of the first `size` entries.
    public func root(at size: UInt64) throws -> MerkleHash {
        guard size <= self.size else { throw beyond(size) }
        return try access.derived.proofs.root(end: size)
    }

    /// Proves that an entry is in the tree of the first `size` entries (all when nil).
    public func inclusionProof(_ index: UInt64, size: UInt64? = nil) throws -> InclusionProof {
        let present = self.size
        let size = size ?? present
        guard index < size, size <= present else { throw beyond(max(index, size)) }
        let proofs = access.derived.proofs
        return InclusionProof(
            index: index, size: size, leafHash: try access.derived.node(level: 0, index: index),
            root: try proofs.root(end: size), path: try proofs.inclusion(index: index, size: size))
    }

    /// Proves that the tree of the first `second` entries (all when nil) begins with that of the first `first`.
    public func consistencyProof(_ first: UInt64, _ second: UInt64? = nil) throws -> ConsistencyProof {
        let present = size
        let second = second ?? present
        guard first <= second, second <= present else { throw beyond(max(first, second)) }
        guard first > 0 else { throw GatehouseError("ledger", .invalid, "nothing can be proven of an empty tree") }
        let proofs = access.derived.proofs
        return ConsistencyProof(
            first: first, second: second, firstRoot: try proofs.root(end: first),
            secondRoot: try proofs.root(end: second),
            path: try proofs.consistency(first: first, second: second))
    }

    private func beyond(_ index: UInt64) -> GatehouseError {
        GatehouseError("ledger", .notFound, "there is no entry \(index)", hint: "the ledger has \(size) entries")
    }
}
