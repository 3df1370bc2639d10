internal import Core
internal import Synchronization

/// The ledger's one writer. What an append alters belongs to whoever has the ``turn``.
///
/// Group commit: what came while the last batch went to the disk is the next batch; it costs one write and one sync,
/// however many wait for it. That is done by a thread of its own, which alone waits for the disk, and has not the turn
/// while it does. What need not wait for the disk is written by its caller: going from one thread to another and back
/// costs more than the write.
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
    let salts = SaltSource()
    let access: LogAccess
    let options: Ledger.Options
    private let turn = Mutex<Void>(())
    private let checkpointPath: String
    private let origin: String
    private let key: SigningKey
    private var lock: FileLock?

    private var state: LogState
    /// Altered with the turn, by the committing thread alone, which may hence read it without.
    private(set) var holds: HoldTable
    private var isOpen = true
    private var pending = PendingWrite()
    private var failure: GatehouseError?
    /// When the oldest write that is not yet synced was made.
    private var unsyncedSince: MonotonicTime?
    private var checkpointed: UInt64
    private var checkpointDue: MonotonicTime?

    // The committing thread's own:
    private var batch: [AppendRequest] = []
    private var batchBytes = 0

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
            for request in taken { serve(request, &closing) }
            commitBatch()
            keepDeadlines()
        }
        _ = try? writeCheckpoint()
        lock = nil
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
        case .close(let continuation):
            closing = continuation
            turn.withLock { _ in isOpen = false }
        }
    }

    // MARK: - Appending

    /// Writes a record at once, on the caller's thread. It is on the disk within ``Ledger/Options/syncDelay``.
    func appendNow(_ salted: SaltedPayload) throws(GatehouseError) -> Ledger.Receipt {
        let request = AppendRequest(salted: salted, kind: .record, durability: .written, continuation: nil)
        var isThreadNeeded = false
        let receipts = try turn.withLock { _ throws(GatehouseError) in
            guard isOpen else { throw CommitQueue.closed }
            let wasSynced = unsyncedSince == nil
            defer { isThreadNeeded = wasSynced || state.size - checkpointed >= options.checkpointEntries }
            return try write([request])
        }
        if isThreadNeeded { queue.nudge() }
        return receipts[0]
    }

    private func add(_ request: AppendRequest) {
        batch.append(request)
        batchBytes += request.salted.body.count
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
            receipts = try turn.withLock { _ throws(GatehouseError) in try write(batch) }
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
        for request in requests { receipts.append(encode(request, at: wallTime, &next)) }
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
    ) -> Ledger.Receipt {
        // The year 9999 is the last that RFC 3339 can write.
        let lastTime = Timestamp(seconds: 253_402_300_799)
        let leaf = Leaf(
            kind: request.kind, payloadLength: UInt32(request.salted.payload.count), index: next.size,
            time: min(max(next.time, wallTime), lastTime),
            wallTime: min(max(Timestamp(microseconds: 0), wallTime), lastTime), control: next.control,
            commitment: request.salted.commitment)
        let hash = request.salted.body.withUnsafeBytes { Frame.append(leaf, body: $0, to: &pending.log) }
        next.end = state.end + UInt64(pending.log.count)
        next.time = leaf.time
        next.control = leaf.latestControl
        pending.add(hash, end: next.end, to: &next.range)
        return Ledger.Receipt(index: leaf.index, leafHash: hash, time: leaf.time)
    }

    /// How many entries there are.
    /// - Throws: why no more can be written.
    func size() throws(GatehouseError) -> UInt64 {
        try turn.withLock { _ throws(GatehouseError) in
            if let failure { throw failure }
            return state.size
        }
    }

    /// Removes what a failed write may have left. If even that fails, writing on would put records behind rubbish.
    private func takeBack() {
        do throws(GatehouseError) {
            try access.log.truncate(to: state.end)
        } catch {
            _ = failInTurn("an append failed and could not be taken back", error)
        }
    }

    private func noteWritten(_ requests: [AppendRequest], _ receipts: [Ledger.Receipt]) {
        for (request, receipt) in zip(requests, receipts) where request.kind.isControl {
            guard let payload = ControlPayload(kind: request.kind, payload: Array(request.salted.payload)) else {
                continue
            }
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
        let salted = try SaltedPayload(payload, salts)
        let request = AppendRequest(salted: salted, kind: control.kind, durability: .durable, continuation: nil)
        _ = try turn.withLock { _ throws(GatehouseError) in try write([request]) }
        if let failed = sync() { throw failed }
    }

    // MARK: - Durability

    private var nextDeadline: MonotonicTime? {
        let sync = unsyncedSince.map { $0 + options.syncDelay }
        return [sync, checkpointDue].compactMap(\.self).min()
    }

    private func keepDeadlines() {
        let now = MonotonicTime.now()
        if turn.withLock({ _ in isSyncDue(now) }) { _ = sync() }
        guard turn.withLock({ _ in isCheckpointDue(now) }), (try? writeCheckpoint()) == nil else { return }
        // No room, most likely. Entries are safe without it; it is tried again in a while.
        turn.withLock { _ in
            if failure == nil { checkpointDue = now + options.checkpointInterval }
        }
    }

    private func isSyncDue(_ now: MonotonicTime) -> Bool {
        unsyncedSince.map { $0 + options.syncDelay <= now } ?? false
    }

    private func isCheckpointDue(_ now: MonotonicTime) -> Bool {
        checkpointDue.map { $0 <= now } ?? false || state.size - checkpointed >= options.checkpointEntries
    }

    /// Makes all that is written durable; what others write meanwhile is for the next time. After a failure the kernel
    /// may have dropped the pages and would report success the next time: nothing can be promised any more until the
    /// file is read again.
    func sync() -> GatehouseError? {
        do throws(GatehouseError) {
            guard let written = try turn.withLock({ _ throws(GatehouseError) in try takeUnsynced() }) else {
                return nil
            }
            // For other processes. What finds no room now is written later, and can be made again from the log.
            try? access.derived.flush()
            try access.log.sync()
            published.withLock { $0.durable = written }
            return nil
        } catch {
            return fail("the disk did not keep what was written", error)
        }
    }

    /// How many entries a sync that begins now makes durable; nil when all are.
    private func takeUnsynced() throws(GatehouseError) -> UInt64? {
        if let failure { throw failure }
        guard unsyncedSince != nil else { return nil }
        unsyncedSince = nil
        return state.size
    }

    /// To be called without the turn.
    @discardableResult
    func fail(_ what: String, _ error: GatehouseError) -> GatehouseError {
        turn.withLock { _ in failInTurn(what, error) }
    }

    private func failInTurn(_ what: String, _ error: GatehouseError) -> GatehouseError {
        if let failure { return failure }
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
        let state = turn.withLock { _ in self.state }
        if let failed = sync() { throw failed }
        guard state.size > checkpointed else { return published.withLock { $0.checkpoint } }
        try access.derived.sync()
        let checkpoint = Checkpoint(origin: origin, size: state.size, root: state.range.root)
        let note = try checkpoint.signed(by: key)
        try DiskFile.replace(checkpointPath, with: Array(note.description.utf8), mode: 0o644)
        turn.withLock { _ in
            checkpointed = checkpoint.size
            checkpointDue = self.state.size > checkpointed ? .now() + options.checkpointInterval : nil
        }
        published.withLock { $0.checkpoint = note }
        return note
    }
}
