internal import Core

/// A log that was locked, checked and brought to a clean end.
struct OpenedLog {
    var directory: String
    var lock: FileLock
    var access: LogAccess
    var checkpoint: Checkpoint
    var note: SignedNote
    var state: LogState
    var holds: HoldTable
    var recovery: Ledger.Recovery
}

/// Opens a ledger's directory: from the last checkpoint, every record is read and checked again.
struct Opening {
    private let directory: String
    private let access: LogAccess
    private let checkpoint: Checkpoint
    private var state = LogState()
    private var recovery = Ledger.Recovery()
    private var pending = PendingWrite()
    /// The state on the disk of the derived files, which `state` is ahead of by `pending`.
    private var flushed = LogState()
    private var erasures: [Range<UInt64>] = []

    static func open(_ directory: String, key: SigningKey, origin: String) throws(GatehouseError) -> OpenedLog {
        try DiskFile.makeDirectory(directory)
        guard let lock = try FileLock("\(directory)/lock") else {
            throw GatehouseError(
                "ledger", .conflict, "another process writes to the ledger in \(directory)",
                hint: "stop it, or choose another data folder")
        }
        let log = try DiskFile.open("\(directory)/log", .create)
        let note = try checkpointNote(directory, key: key, origin: origin, logBytes: log.size())
        let text = try note.text(verifiedBy: [key.verifierKey])
        let checkpoint = try Checkpoint(parsing: text)
        guard checkpoint.origin == origin else {
            throw GatehouseError(
                "ledger", .conflict, "the ledger in \(directory) is \(checkpoint.origin), not \(origin)",
                hint: "open it under the name it was made with")
        }
        let access = LogAccess(log: log, derived: try DerivedFiles(directory: directory, .create))
        var opening = Opening(directory: directory, access: access, checkpoint: checkpoint)
        try opening.recover()
        return OpenedLog(
            directory: directory, lock: lock, access: access, checkpoint: checkpoint, note: note, state: opening.state,
            holds: try HoldTable(latestControl: opening.state.control, access: access), recovery: opening.recovery)
    }

    private init(directory: String, access: LogAccess, checkpoint: Checkpoint) {
        self.directory = directory
        self.access = access
        self.checkpoint = checkpoint
    }

    /// The latest checkpoint; for a new ledger, one of the empty log.
    private static func checkpointNote(
        _ directory: String, key: SigningKey, origin: String, logBytes: UInt64
    ) throws(GatehouseError) -> SignedNote {
        let path = "\(directory)/checkpoint"
        do {
            return try LedgerReader.checkpoint(directory: directory)
        } catch  where error.code == .notFound {
            // Made below.
        }
        guard logBytes == 0 else {
            throw GatehouseError(
                "ledger", .corrupt, "\(directory) has a log but no checkpoint",
                hint: "a ledger is never without; bring back the file `checkpoint` from a copy")
        }
        let note = try Checkpoint(origin: origin, size: 0, root: MerkleTree.emptyRoot).signed(by: key)
        try DiskFile.replace(path, with: Array(note.description.utf8), mode: 0o644)
        try DiskFile.syncDirectory(of: directory)
        return note
    }

    private mutating func recover() throws(GatehouseError) {
        let logBytes = try access.log.size()
        if try !startAtCheckpoint(logBytes) {
            (state, flushed) = (LogState(), LogState())
            recovery.rebuiltDerivedFiles = checkpoint.size > 0
        }
        let base = state.size
        try scan(to: logBytes)
        recovery.scannedEntries = state.size - base
        guard state.size >= checkpoint.size else {
            throw corrupt("the log has \(state.size) entries, its signed checkpoint \(checkpoint.size)", state.end)
        }
        // What a killed process had only written is given out again as durable.
        if state.size > checkpoint.size { try access.log.sync() }
        try completeErasures()
    }

    /// Goes to the state that the checkpoint signs, by the derived files. False when they are not fit for it.
    private mutating func startAtCheckpoint(_ logBytes: UInt64) throws(GatehouseError) -> Bool {
        let size = checkpoint.size
        guard size > 0 else { return true }
        guard try access.derived.cover(size), let range = try? access.derived.range(size),
            range.root == checkpoint.root,
            let last = try? access.header(size - 1).leaf,
            let hash = try? access.derived.node(level: 0, index: size - 1),
            last.hash == hash
        else { return false }
        state = LogState(
            range: range, end: try access.derived.end(of: size), time: last.time, control: last.latestControl)
        flushed = state
        return state.end <= logBytes
    }

    private mutating func scan(to logBytes: UInt64) throws(GatehouseError) {
        let reader = LogReader(access.log, from: state.end, to: logBytes)
        while true {
            switch try reader.next() {
            case .end:
                try flush()
                return
            case .record(let record):
                if Frame.bodyFault(record.header, record.body) == .altered {
                    try end(at: try reader.alteredBody(record), logBytes)
                    return
                }
                try take(record)
            case .damage(let damage):
                try end(at: damage, logBytes)
                return
            }
        }
    }

    private mutating func take(_ record: LogReader.Record) throws(GatehouseError) {
        let leaf = record.header.leaf
        guard leaf.index == state.size, leaf.time >= state.time, leaf.control == state.control else {
            throw corrupt(
                "the record in the place of entry \(state.size) does not follow the one before", record.offset)
        }
        state.end = record.end
        state.time = leaf.time
        state.control = leaf.latestControl
        pending.add(MerkleTree.leafHash(raw: record.leaf), end: record.end, to: &state.range)
        if state.size == checkpoint.size, state.range.root != checkpoint.root {
            throw corrupt("the first \(state.size) entries are not those that the checkpoint signs", record.offset)
        }
        if leaf.kind == .erasure,
            case .erasure(let ranges, _, _) = ControlPayload(
                kind: .erasure, payload: Array(record.body[Frame.saltBytes...]))
        {
            erasures += ranges
        }
        if pending.offsets.count >= 8 * 4096 { try flush() }
    }

    private mutating func flush() throws(GatehouseError) {
        try flushed.write(pending, log: access.log, derived: access.derived)
        try access.derived.flush()
        flushed = state
        pending.removeAll()
    }

    /// Cuts away an append that was never acknowledged; refuses everything else.
    private mutating func end(at damage: LogReader.Damage, _ logBytes: UInt64) throws(GatehouseError) {
        try flush()
        guard damage.isTorn, state.size >= checkpoint.size else {
            throw corrupt("entry \(state.size) \(damage.what)", damage.offset)
        }
        try access.log.truncate(to: state.end)
        try access.log.sync()
        recovery.truncatedBytes = logBytes - state.end
    }

    /// Finishes erasures that were recorded after the checkpoint and may have been interrupted.
    private mutating func completeErasures() throws(GatehouseError) {
        var places: [Erasure.Place] = []
        for range in erasures where range.upperBound <= state.size {
            try access.visit(range) { record in
                let isDone = record.header.state == .erased && record.body.allSatisfy { $0 == 0 }
                if !isDone, !record.header.leaf.kind.isControl { places.append(Erasure.Place(record)) }
                return true
            }
        }
        guard !places.isEmpty else { return }
        try Erasure.perform(places, log: access.log)
        recovery.completedErasures = places.count
    }

    private func corrupt(_ what: String, _ offset: UInt64) -> GatehouseError {
        GatehouseError(
            "ledger", .corrupt, "\(what) (entry \(state.size), byte \(offset) of \(access.log.path))",
            hint: "verify \(directory) for the whole picture, and bring the ledger back from a copy")
    }
}
