internal import Core
internal import Synchronization

/// The ledger's one writer. Everything but ``published`` and ``queue`` belongs to whoever has the ``turn``.
///
/// Group commit: what came while the last batch went to the disk is the next batch; it costs one write and one sync,
/// however many wait for it. That is done by a thread of its own, which alone waits for the disk. What need not wait
/// for the disk is written by its caller when nobody else is writing: going from one thread to another and back costs more
/// than the write.
final class Committer: @unchecked Sendable {
    /// What readers see.
    struct Published: Sendable {
        var range: CompactRange
        /// Entries that are on the disk.
        var durable: UInt64
        var checkpoint: SignedNote
        var holds: HoldTable
        /// Why nothing can be written any more, until the ledger is opened again.
        var failure: GatehouseError?
    }

    let published: Mutex<Published>
    let queue: CommitQueue
    let access: LogAccess
    let options: Ledger.Options
    private let turn = Mutex<Void>(())
    private let checkpointPath: String
    private let origin: String
    private let key: SigningKey
    private var lock: FileLock?

    var state: LogState
    var holds: HoldTable
    private var isOpen = true
    private var batch: [AppendRequest] = []
    private var batchBytes = 0
    private var pending = PendingWrite()
    private var body: [UInt8] = []
    private var salts = SaltSource()
    private(set) var failure: GatehouseError?
    /// When the oldest write that is not yet synced was made.
    private var unsyncedSince: MonotonicTime?
    private var checkpointed: UInt64
    private var checkpointDue: MonotonicTime?

    private static let batchEntries = 4096
    private static let batchBytes = 4 << 20

    init(_ opened: OpenedLog, key: SigningKey, origin: String, options: Ledger.Options) {
        access = opened.access
        state = opened.state
        holds = opened.holds
        lock = opened.lock
        checkpointed = opened.checkpoint.size
        checkpointPath = opened.directory + "/checkpoint"
        queue = CommitQueue(entryLimit: options.queuedEntries, byteLimit: options.queuedBytes)
        published = Mutex(
            Published(
                range: opened.state.range, durable: opened.state.size, checkpoint: opened.note, holds: opened.holds))
        self.key = key
        self.origin = origin
        self.options = options
        if state.size > checkpointed { checkpointDue = MonotonicTime.now() + options.checkpointInterval }
    }

    /// Serves the queue until it is closed.
    func run() {
        var taken: [CommitRequest] = []
        var closing: UnsafeContinuation<Void, Never>?
        while isOpen {
            queue.take(until: turn.withLock { _ in nextDeadline }, into: &taken)
            turn.withLock { _ in
                for request in taken { serve(request, &closing) }
                commitBatch()
                keepDeadlines()
            }
        }
        turn.withLock { _ in
            _ = try? writeCheckpoint()
            lock = nil
        }
        closing?.resume()
    }

    private func serve(_ request: CommitRequest, _ closing: inout UnsafeContinuation<Void, Never>?) {
        if case .append(let append) = request { return add(append) }
        commitBatch()
        switch request {
        case .append: break
        case .erase(let ranges, let by, let reason, let continuation):
            continuation.resume(with: Result { try erase(ranges, by: by, reason: reason) })
        case .checkpoint(let continuation): continuation.resume(with: Result { try writeCheckpoint() })
        case .close(let continuation): (closing, isOpen) = (continuation, false)
        }
    }

    // MARK: - Appending

    /// Writes a record at once, on the caller's thread, when it is nobody else's turn and nothing waits; else nil.
    func appendNow(_ payload: [UInt8]) throws(GatehouseError) -> Ledger.Receipt? {
        let written = turn.withLockIfAvailable { _ -> Result<Ledger.Receipt, GatehouseError>? in
            guard isOpen, queue.isEmpty else { return nil }
            let wasSynced = unsyncedSince == nil
            let request = AppendRequest(payload: payload, kind: .record, durability: .written, continuation: nil)
            let result = Result { () throws(GatehouseError) in try write([request])[0] }
            if wasSynced || state.size - checkpointed >= options.checkpointEntries { queue.nudge() }
            return result
        }
        return try written??.get()
    }

    private func add(_ request: AppendRequest) {
        batch.append(request)
        batchBytes += request.payload.count
        if batch.count >= Committer.batchEntries || batchBytes >= Committer.batchBytes { commitBatch() }
    }

    private func commitBatch() {
        guard !batch.isEmpty else { return }
        defer {
            batch.removeAll(keepingCapacity: true)
            batchBytes = 0
        }
        let receipts: [Ledger.Receipt]
        do throws(GatehouseError) {
            receipts = try write(batch)
        } catch {
            for request in batch { request.continuation?.resume(throwing: error) }
            return
        }
        for (request, receipt) in zip(batch, receipts) where request.durability == .written {
            request.continuation?.resume(returning: receipt)
        }
        guard batch.contains(where: { $0.durability == .durable }) else { return }
        let failed = sync()
        for (request, receipt) in zip(batch, receipts) where request.durability == .durable {
            if let failed {
                request.continuation?.resume(throwing: failed)
            } else {
                request.continuation?.resume(returning: receipt)
            }
        }
    }

    /// Writes entries, all or none.
    private func write(_ requests: [AppendRequest]) throws(GatehouseError) -> [Ledger.Receipt] {
        if let failure { throw failure }
        pending.removeAll()
        var next = state
        var receipts: [Ledger.Receipt] = []
        receipts.reserveCapacity(requests.count)
        let wallTime = options.clock.now()
        for request in requests { receipts.append(try encode(request, at: wallTime, &next)) }
        do throws(GatehouseError) {
            try state.write(pending, log: access.log, derived: access.derived)
        } catch {
            takeBack()
            throw error
        }
        state = next
        noteWritten(requests, receipts)
        return receipts
    }

    private func encode(
        _ request: AppendRequest, at wallTime: Timestamp, _ next: inout LogState
    ) throws(GatehouseError) -> Ledger.Receipt {
        body.removeAll(keepingCapacity: true)
        try salts.append(to: &body)
        body.append(contentsOf: request.payload)
        // The year 9999 is the last that RFC 3339 can write.
        let lastTime = Timestamp(seconds: 253_402_300_799)
        let leaf = Leaf(
            kind: request.kind, payloadLength: UInt32(request.payload.count), index: next.size,
            time: min(max(next.time, wallTime), lastTime),
            wallTime: min(max(Timestamp(microseconds: 0), wallTime), lastTime), control: next.control,
            commitment: body.withUnsafeBytes(MerkleTree.commitment(raw:)))
        let hash = body.withUnsafeBytes { Frame.append(leaf, body: $0, to: &pending.log) }
        next.end = state.end + UInt64(pending.log.count)
        next.time = leaf.time
        next.control = leaf.latestControl
        pending.add(hash, end: next.end, to: &next.range)
        return Ledger.Receipt(index: leaf.index, leafHash: hash, time: leaf.time)
    }

    /// Removes what a failed write may have left. If even that fails, writing on would put records behind rubbish.
    private func takeBack() {
        do throws(GatehouseError) {
            try access.log.truncate(to: state.end)
        } catch {
            fail("an append failed and could not be taken back", error)
        }
    }

    private func noteWritten(_ requests: [AppendRequest], _ receipts: [Ledger.Receipt]) {
        for (request, receipt) in zip(requests, receipts) where request.kind.isControl {
            guard let payload = ControlPayload(kind: request.kind, payload: request.payload) else { continue }
            holds.apply(at: receipt.index, time: receipt.time, payload)
        }
        let now = MonotonicTime.now()
        unsyncedSince = unsyncedSince ?? now
        checkpointDue = checkpointDue ?? now + options.checkpointInterval
        publish()
    }

    private func publish() {
        published.withLock {
            $0.range = state.range
            $0.holds = holds
        }
    }

    /// Records something of the ledger's own, durably.
    func appendControl(_ control: ControlPayload) throws(GatehouseError) {
        let payload = control.bytes
        guard payload.count <= Frame.maximumPayload else {
            throw GatehouseError(
                "ledger", .tooLarge, "the record of this \(control.kind) would have \(payload.count) bytes")
        }
        _ = try write([AppendRequest(payload: payload, kind: control.kind, durability: .durable, continuation: nil)])
        if let failed = sync() { throw failed }
    }

    // MARK: - Durability

    private var nextDeadline: MonotonicTime? {
        let sync = unsyncedSince.map { $0 + options.syncDelay }
        return [sync, checkpointDue].compactMap(\.self).min()
    }

    private func keepDeadlines() {
        let now = MonotonicTime.now()
        if let since = unsyncedSince, since + options.syncDelay <= now { _ = sync() }
        let isDue = checkpointDue.map { $0 <= now } ?? false
        guard isDue || state.size - checkpointed >= options.checkpointEntries else { return }
        if (try? writeCheckpoint()) == nil, failure == nil {
            // No room, most likely. Entries are safe without it; it is tried again in a while.
            checkpointDue = now + options.checkpointInterval
        }
    }

    /// Makes all that is written durable. After a failure the kernel may have dropped the pages and would report
    /// success the next time: nothing can be promised any more until the file is read again.
    func sync() -> GatehouseError? {
        if let failure { return failure }
        guard unsyncedSince != nil else { return nil }
        do throws(GatehouseError) {
            try access.log.sync()
        } catch {
            return fail("the disk did not keep what was written", error)
        }
        unsyncedSince = nil
        published.withLock { $0.durable = state.size }
        return nil
    }

    @discardableResult
    func fail(_ what: String, _ error: GatehouseError) -> GatehouseError {
        let failed = GatehouseError(
            "ledger", .unavailable, "the ledger takes no more entries: \(what)", cause: error.description,
            hint: "see to the disk and start again; what was not acknowledged may be there or not")
        failure = failed
        unsyncedSince = nil
        checkpointDue = nil
        published.withLock { $0.failure = failed }
        return failed
    }

    /// Signs the state as it is on the disk. The note is never ahead of the log, so that no crash makes the log look
    /// cut.
    private func writeCheckpoint() throws(GatehouseError) -> SignedNote {
        if let failed = sync() ?? failure { throw failed }
        let current = published.withLock { $0.checkpoint }
        guard state.size > checkpointed else { return current }
        try access.derived.sync()
        let checkpoint = Checkpoint(origin: origin, size: state.size, root: state.range.root)
        let note = try checkpoint.signed(by: key)
        try DiskFile.replace(checkpointPath, with: Array(note.description.utf8), mode: 0o644)
        checkpointed = checkpoint.size
        checkpointDue = nil
        published.withLock { $0.checkpoint = note }
        return note
    }
}
