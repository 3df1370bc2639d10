public import Core
internal import Synchronization

/// An append-only log of opaque payloads whose every state can be proven: a Merkle tree (RFC 6962) over leaves that
/// commit to salted hashes of the payloads, with checkpoints signed as C2SP notes.
///
/// One process writes to a directory; reading never waits for writing. Payloads can be erased, the log still proves.
public final class Ledger: Sendable {
    public let directory: String
    /// The log's name in its checkpoints.
    public let origin: String
    /// Checks the ledger's checkpoints.
    public let verifierKey: VerifierKey
    /// What opening found and did.
    public let recovery: Recovery
    let access: LogAccess
    private let committer: Committer

    /// Bytes of a payload at most.
    public static let maximumPayload = Frame.maximumPayload

    private init(_ opened: OpenedLog, key: SigningKey, origin: String, options: Options) {
        directory = opened.directory
        recovery = opened.recovery
        access = opened.access
        verifierKey = key.verifierKey
        self.origin = origin
        committer = Committer(opened, key: key, origin: origin, options: options)
    }

    /// Opens the ledger in a directory, or makes one there.
    ///
    /// - Parameter origin: the log's name; the key's name when nil.
    /// - Throws: `conflict` when another process has it open, `corrupt` (naming entry and byte) when it is not as the
    ///   last checkpoint or its own checksums say, `denied` when the checkpoint is of another key, `unavailable`.
    public static func open(
        _ directory: String, key: SigningKey, origin: String? = nil, options: Options = Options()
    ) throws(GatehouseError) -> Ledger {
        let origin = origin ?? key.name
        let opened = try Opening.open(directory, key: key, origin: origin)
        let ledger = Ledger(opened, key: key, origin: origin, options: options)
        try startThread { [committer = ledger.committer] in committer.run() }
        return ledger
    }

    deinit { try? committer.queue.submit(.close(nil)) }

    /// Signs a last checkpoint and gives up the directory. What was submitted before is done first.
    public func close() async {
        await withUnsafeContinuation { continuation in
            do {
                try committer.queue.submit(.close(continuation))
            } catch {
                continuation.resume()
            }
        }
    }

    // MARK: - Writing

    /// Records a payload. It cannot be cancelled: what was taken on is carried to its end.
    ///
    /// - Throws: `tooLarge`; `exhausted` when too many appends wait or the disk is full; `unavailable` when the ledger
    ///   is closed or its disk has failed. Of an append that threw `unavailable` it is not known whether the entry is
    ///   there.
    @discardableResult
    public func append(_ payload: [UInt8], durability: Durability = .durable) async throws -> Receipt {
        try await submit(payload, .record, durability)
    }

    /// Places a legal hold.
    /// - Returns: the receipt, whose index is the hold's id.
    @discardableResult
    public func hold(_ scope: Hold.Scope, by: String, reason: String) async throws -> Receipt {
        if case .containing("") = scope {
            throw GatehouseError("ledger", .invalid, "a hold on an empty text would cover nothing")
        }
        return try await submit(ControlPayload.hold(scope, by: by, reason: reason))
    }

    /// Lifts a hold.
    /// - Throws: `notFound` when no such hold is in force.
    @discardableResult
    public func release(hold: UInt64, by: String, reason: String) async throws -> Receipt {
        guard holds.contains(where: { $0.id == hold }) else {
            throw GatehouseError("ledger", .notFound, "no hold \(hold) is in force")
        }
        return try await submit(ControlPayload.release(hold, by: by, reason: reason))
    }

    /// Erases the payloads of entries for good: they are overwritten on the disk. By whom and why is recorded first.
    ///
    /// - Returns: how many payloads were there to be erased.
    /// - Throws: `conflict`, naming entry and hold, when one is under a legal hold or is the ledger's own; then nothing
    ///   was erased. `notFound`, `tooLarge`.
    public func erase(_ ranges: [Range<UInt64>], by: String, reason: String) async throws -> Int {
        let ranges = ranges.filter { !$0.isEmpty }
        let entries = ranges.reduce(UInt64(0)) { sum, range in
            let (total, overflows) = sum.addingReportingOverflow(range.upperBound - range.lowerBound)
            return overflows ? .max : total
        }
        guard ranges.count <= 10_000, entries <= Erasure.maximumEntries else {
            throw GatehouseError(
                "ledger", .tooLarge, "an erasure covers at most \(Erasure.maximumEntries) entries in 10000 ranges",
                hint: "erase in several steps")
        }
        return try await withUnsafeThrowingContinuation { continuation in
            do {
                try committer.queue.submit(.erase(ranges, by: by, reason: reason, continuation))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Signs the present state now.
    public func checkpoint() async throws -> SignedNote {
        try await withUnsafeThrowingContinuation { continuation in
            do {
                try committer.queue.submit(.checkpoint(continuation))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private func submit(_ control: ControlPayload) async throws -> Receipt {
        try await submit(control.bytes, control.kind, .durable)
    }

    private func submit(_ payload: [UInt8], _ kind: EntryKind, _ durability: Durability) async throws -> Receipt {
        guard payload.count <= Ledger.maximumPayload else {
            throw GatehouseError(
                "ledger", .tooLarge, "a payload of \(payload.count) bytes; at most \(Ledger.maximumPayload) are taken",
                hint: "keep it elsewhere and record its hash")
        }
        let salted = try SaltedPayload(payload, committer.salts)
        if durability == .written, kind == .record { return try committer.appendNow(salted) }
        return try await withUnsafeThrowingContinuation { continuation in
            let request = AppendRequest(
                salted: salted, kind: kind, durability: durability, continuation: continuation)
            do {
                try committer.queue.submit(.append(request))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    // MARK: - Reading

    /// What can be read now. It stays as it is while the ledger grows.
    public var reader: LedgerReader { LedgerReader(access, size: size) }

    /// See ``LedgerReader/entry(_:)``.
    public func entry(_ index: UInt64) throws(GatehouseError) -> Entry { try reader.entry(index) }

    /// See ``LedgerReader/entries(_:)``.
    public func entries(_ range: Range<UInt64>) throws(GatehouseError) -> [Entry] { try reader.entries(range) }

    /// See ``LedgerReader/entries(last:)``.
    public func entries(last count: Int) throws(GatehouseError) -> [Entry] { try reader.entries(last: count) }

    /// See ``LedgerReader/find(containing:before:limit:scanning:)``.
    public func find(
        containing bytes: [UInt8], before: UInt64 = .max, limit: Int = 100, scanning: UInt64 = 100_000
    ) throws(GatehouseError) -> LedgerReader.Matches {
        try reader.find(containing: bytes, before: before, limit: limit, scanning: scanning)
    }

    /// See ``LedgerReader/root(at:)``.
    public func root(at size: UInt64) throws -> MerkleHash { try reader.root(at: size) }

    /// See ``LedgerReader/inclusionProof(_:size:)``.
    public func inclusionProof(_ index: UInt64, size: UInt64? = nil) throws -> InclusionProof {
        try reader.inclusionProof(index, size: size)
    }

    /// See ``LedgerReader/consistencyProof(_:_:)``.
    public func consistencyProof(_ first: UInt64, _ second: UInt64? = nil) throws -> ConsistencyProof {
        try reader.consistencyProof(first, second)
    }

    // MARK: - State

    /// Number of entries.
    public var size: UInt64 { published(\.range.size) }

    /// Number of entries that are on the disk and survive a power cut: all, save those written in the last 50 ms.
    public var durableSize: UInt64 { published(\.durable) }

    /// The root of the tree over all entries.
    public var root: MerkleHash { published(\.range).root }

    /// The latest signed state.
    public var latestCheckpoint: SignedNote { published(\.checkpoint) }

    /// The legal holds in force, oldest first.
    public var holds: [Hold] { published(\.holds).holds.values.sorted { $0.id < $1.id } }

    /// Why the ledger takes no more entries; nil when all is well.
    public var failure: GatehouseError? { published(\.failure) }

    private func published<Value: Sendable>(_ path: any KeyPath<Committer.Published, Value> & Sendable) -> Value {
        committer.published.withLock { $0[keyPath: path] }
    }
}
