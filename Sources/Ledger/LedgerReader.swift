public import Core

/// A ledger's entries and proofs as of one moment.
///
/// Also for a directory that another process writes to, as ``init(directory:)``: nothing is locked and nothing changed.
public struct LedgerReader: Sendable {
    /// Number of entries at that moment.
    public let size: UInt64
    let access: LogAccess

    init(_ access: LogAccess, size: UInt64) {
        self.access = access
        self.size = size
    }

    /// Reads a ledger's directory as it is now. Entries are checked one by one when they are read; whether the whole is
    /// sound is for ``Ledger/verify(directory:key:against:)`` to say.
    /// - Throws: `notFound` when there is no ledger.
    public init(directory: String) throws(GatehouseError) {
        let log = try DiskFile.open("\(directory)/log", .read)
        access = LogAccess(log: log, derived: try DerivedFiles(directory: directory, .read))
        size = try access.completeEntries()
    }

    /// The latest signed state of a ledger's directory, its signature unchecked.
    public static func checkpoint(directory: String) throws(GatehouseError) -> SignedNote {
        let file = try DiskFile.open("\(directory)/checkpoint", .read)
        let size = try file.size()
        guard size <= UInt64(SignedNote.maximumBytes) else {
            throw GatehouseError("ledger", .corrupt, "\(file.path) is no checkpoint")
        }
        return try SignedNote(parsing: try file.read(at: 0, count: Int(size)))
    }

    /// One entry.
    /// - Throws: `notFound`, `corrupt`.
    public func entry(_ index: UInt64) throws(GatehouseError) -> Ledger.Entry {
        guard index < size else { throw beyond(index) }
        return try access.entry(index)
    }

    /// The entries of a range, cut to what is there, in order. All are in memory at once: ask for pages.
    public func entries(_ range: Range<UInt64>) throws(GatehouseError) -> [Ledger.Entry] {
        try access.entries(range.clamped(to: 0..<size))
    }

    /// The first entries of a range, cut to what is there: those recorded up to a time, and no more than come to so many
    /// bytes of payload together, the last of them included.
    public func entries(_ range: Range<UInt64>, until time: Timestamp, bytes: Int) throws(GatehouseError)
        -> [Ledger.Entry]
    {
        var page: [Ledger.Entry] = []
        var left = bytes
        try access.visit(range.clamped(to: 0..<size)) { record in
            guard record.header.leaf.time <= time else { return false }
            page.append(Ledger.Entry(record))
            left -= record.header.bodyBytes
            return left > 0
        }
        return page
    }

    /// The last entries, oldest first.
    public func entries(last count: Int) throws(GatehouseError) -> [Ledger.Entry] {
        try access.entries(size - min(size, UInt64(max(0, count)))..<size)
    }

    /// What ``find(containing:before:limit:scanning:)`` found.
    public struct Matches: Sendable {
        /// Newest first.
        public var entries: [Ledger.Entry]
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
        var found: [Ledger.Entry] = []
        while end > floor {
            let start = max(floor, end - min(end, 1024))
            var page: [Ledger.Entry] = []
            try access.visit(start..<end) { record in
                if record.payloadContains(needle) { page.append(Ledger.Entry(record)) }
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
    public func inclusionProof(_ index: UInt64, size: UInt64? = nil) throws -> Ledger.InclusionProof {
        let size = size ?? self.size
        guard index < size, size <= self.size else { throw beyond(max(index, size)) }
        let proofs = access.derived.proofs
        return Ledger.InclusionProof(
            index: index, size: size, leafHash: try access.derived.node(level: 0, index: index),
            root: try proofs.root(end: size), path: try proofs.inclusion(index: index, size: size))
    }

    /// Proves that the tree of the first `second` entries (all when nil) begins with that of the first `first`.
    public func consistencyProof(_ first: UInt64, _ second: UInt64? = nil) throws -> Ledger.ConsistencyProof {
        let second = second ?? size
        guard first <= second, second <= size else { throw beyond(max(first, second)) }
        guard first > 0 else { throw GatehouseError("ledger", .invalid, "nothing can be proven of an empty tree") }
        let proofs = access.derived.proofs
        return Ledger.ConsistencyProof(
            first: first, second: second, firstRoot: try proofs.root(end: first),
            secondRoot: try proofs.root(end: second),
            path: try proofs.consistency(first: first, second: second))
    }

    func beyond(_ index: UInt64) -> GatehouseError {
        GatehouseError("ledger", .notFound, "there is no entry \(index)", hint: "the ledger has \(size) entries")
    }
}

extension LogAccess {
    /// How many entries are whole and told of by the derived files. These may be ahead of the log, which lost what was
    /// not synced, or behind it, until the writer's next sync.
    fileprivate func completeEntries() throws(GatehouseError) -> UInt64 {
        let logBytes = try log.size()
        var count = try derived.recordsWritten()
        while count > 0 {
            if let end = try? derived.place(of: count - 1).upperBound, end <= logBytes { break }
            count -= 1
        }
        return count
    }
}
