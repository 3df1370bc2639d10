public import Core

extension Ledger {
    /// Verifies a ledger's directory, whether or not a process writes to it.
    ///
    /// - Parameters:
    ///   - key: what the checkpoints must be signed with.
    ///   - held: checkpoints kept from earlier, by which rolling back and forking are found.
    /// - Throws: only when the files cannot be read. What is wrong with them is in the result.
    @concurrent
    public static func verify(
        directory: String, key: VerifierKey, against held: [SignedNote] = []
    ) async throws(GatehouseError) -> Verification {
        var verifier = try DirectoryVerifier(directory, key: key, held: held)
        return try await verifier.run()
    }
}

/// Reads a log from end to end, in constant memory.
private struct DirectoryVerifier {
    private let directory: String
    private let log: DiskFile
    /// How far the log is read.
    private var limit: UInt64
    /// Records that are marked as erased while bytes of them remain.
    private var marked: [Range<UInt64>] = []
    private var sequence: LeafSequence
    private let earlier: Verification
    private let signedSize: UInt64
    private var stored: StoredHashes?

    init(_ directory: String, key: VerifierKey, held: [SignedNote]) throws(GatehouseError) {
        self.directory = directory
        var source = CheckpointSource(key: key)
        var own: Checkpoint?
        // The checkpoint before the log: a writer only adds to what is signed by then.
        if let file = try DiskFile.openIfPresent("\(directory)/checkpoint") {
            let size = min(try file.size(), UInt64(SignedNote.maximumBytes + 1))
            own = source.read(try file.read(at: 0, count: Int(size)), "the log's checkpoint")
        } else {
            source.result.report(.missingCheckpoint, "the log has no checkpoint")
        }
        let trusted = source.held(held, origin: own?.origin)
        log = try DiskFile.open("\(directory)/log", .read)
        limit = try log.size()
        sequence = LeafSequence(own: own, held: trusted)
        earlier = source.result
        signedSize = own?.size ?? 0
        stored = try DiskFile.openIfPresent("\(directory)/nodes").map { StoredHashes($0) }
    }

    mutating func run() async throws(GatehouseError) -> Verification {
        var start: UInt64 = 0
        // A writer may go on while this reads. What it added in the meantime may explain what was seen, so that is read
        // too; but not for ever.
        for _ in 0..<64 {
            start = try readAll(from: start)
            let size = try log.size()
            guard size > limit else { break }
            limit = size
        }
        try await reportMarked()
        var result = sequence.finish(storedHashes: stored?.path)
        result.unfinishedBytes = limit - start
        result.merge(earlier)
        return result
    }

    /// Reads to the limit, over what is damaged.
    /// - Returns: where the last whole record ends; before the limit when an append was cut short or is under way.
    private mutating func readAll(from start: UInt64) throws(GatehouseError) -> UInt64 {
        var start = start
        while let damage = try read(from: start) {
            if damage.isTorn { return damage.offset }
            sequence.takeDamaged(damage.what, at: damage.offset)
            guard let next = try nextRecord(after: damage.offset) else { break }
            start = next
        }
        return limit
    }

    /// Reads records until the limit, or until something that is none.
    private mutating func read(from start: UInt64) throws(GatehouseError) -> LogReader.Damage? {
        let reader = LogReader(log, from: start, to: limit, bufferBytes: 4 << 20)
        while true {
            switch try reader.next() {
            case .end: return nil
            case .damage(let damage): return damage
            case .record(let record):
                if let damage = try take(record, reader) { return damage }
            }
        }
    }

    private mutating func take(
        _ record: LogReader.Record, _ reader: LogReader
    ) throws(GatehouseError) -> LogReader.Damage? {
        let leaf = record.header.leaf
        var state = record.header.state
        let fault = Frame.bodyFault(record.header, record.body)
        if fault == .altered {
            // It may have been erased between reading its mark and reading its payload.
            let mark = try log.read(at: record.offset + Frame.stateOffset, count: 1)[0]
            state = Frame.State(rawValue: mark) ?? state
            if state == .present {
                let damage = try reader.alteredBody(record)
                if damage.isTorn { return damage }
                sequence.report(
                    .alteredPayload, index: leaf.index, at: record.offset, "entry \(leaf.index) \(damage.what)")
            }
        }
        let hash = MerkleTree.leafHash(raw: record.leaf)
        let agrees = leaf.index < signedSize ? try stored?.agrees(hash, leaf: leaf.index) : nil
        sequence.take(leaf, hash: hash, storedHashAgrees: agrees ?? nil, at: record.offset)
        if state == .erased {
            sequence.takeErased(leaf)
            if fault != nil, marked.count < Verification.problemLimit { marked.append(record.place) }
        } else if leaf.kind.isControl, fault == nil {
            sequence.takeControl(leaf, Array(record.body[Frame.saltBytes...]), at: record.offset)
        }
        return nil
    }

    /// What was marked as erased but not gone when it was read may be gone soon: an erasure was under way. After two
    /// seconds it was not.
    private mutating func reportMarked() async throws(GatehouseError) {
        for _ in 0..<100 where !marked.isEmpty {
            var left: [Range<UInt64>] = []
            for place in marked where try !isGone(place) { left.append(place) }
            marked = left
            if !marked.isEmpty { try? await Task.sleep(for: .milliseconds(20)) }
        }
        for place in marked {
            let header = try log.read(at: place.lowerBound, count: Frame.headerBytes)
            guard case .success(let read) = header.withUnsafeBytes(Frame.header) else { continue }
            sequence.report(
                .incompleteErasure, index: read.leaf.index, at: place.lowerBound,
                "the payload of entry \(read.leaf.index) is marked as erased but not gone")
        }
    }

    private func isGone(_ place: Range<UInt64>) throws(GatehouseError) -> Bool {
        let start = place.lowerBound + UInt64(Frame.headerBytes)
        return try log.read(at: start, count: Int(place.upperBound - start)).allSatisfy { $0 == 0 }
    }

    /// Where the next whole record begins after one that cannot be read; looked for as far as a record can reach.
    private func nextRecord(after offset: UInt64) throws(GatehouseError) -> UInt64? {
        let start = offset + 1
        guard start < limit else { return nil }
        let reach = UInt64(2 * (Frame.overhead + Frame.maximumPayload))
        let bytes = try log.read(at: start, count: Int(min(limit - start, reach)))
        return bytes.withUnsafeBytes { buffer in
            guard buffer.count >= Frame.headerBytes else { return nil }
            for position in 0...buffer.count - Frame.headerBytes where buffer[position] == Frame.magic[0] {
                let header = UnsafeRawBufferPointer(rebasing: buffer[position..<position + Frame.headerBytes])
                if case .success = Frame.header(header) { return start + UInt64(position) }
            }
            return nil
        }
    }
}

/// The hashes of leaves as the file `nodes` has them, read in order.
private final class StoredHashes {
    let path: String
    private let file: DiskFile
    private var window: [UInt8] = []
    private var start: UInt64 = 0

    init(_ file: DiskFile) {
        self.file = file
        path = file.path
    }

    /// Nil when the file does not reach so far.
    func agrees(_ hash: MerkleHash, leaf: UInt64) throws(GatehouseError) -> Bool? {
        let offset = StoredNodes.count(leaves: leaf) * 32
        if offset < start || offset + 32 > start + UInt64(window.count) { try fill(at: offset) }
        guard offset + 32 <= start + UInt64(window.count) else { return nil }
        let position = Int(offset - start)
        return window.withUnsafeBytes { bytes in
            hash == MerkleHash(unchecked: UnsafeRawBufferPointer(rebasing: bytes[position..<position + 32]))
        }
    }

    private func fill(at offset: UInt64) throws(GatehouseError) {
        let size = try file.size()
        window = offset < size ? try file.read(at: offset, count: Int(min(1 << 20, size - offset))) : []
        start = offset
    }
}
