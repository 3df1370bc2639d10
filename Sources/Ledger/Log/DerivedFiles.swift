internal import Core

/// The files that can be made again from the log: `nodes`, the tree's complete subtrees in the order of
/// ``StoredNodes``, 32 bytes each; and `offsets`, for each record where it ends in the log, 8 bytes each.
///
/// They are written with each sync of the log and made durable at each checkpoint, and not before: after a crash, what
/// came later is written anew.
struct DerivedFiles: Sendable {
    private let nodes: BufferedFile
    private let offsets: BufferedFile

    init(directory: String, _ access: DiskFile.Access) throws(GatehouseError) {
        nodes = BufferedFile(try DiskFile.open("\(directory)/nodes", access))
        offsets = BufferedFile(try DiskFile.open("\(directory)/offsets", access))
    }

    /// How many records the offsets tell of.
    func recordsWritten() throws(GatehouseError) -> UInt64 { try offsets.file.size() / 8 }

    /// Whether there is enough in both for so many leaves.
    func cover(_ leaves: UInt64) throws(GatehouseError) -> Bool {
        guard leaves < Leaf.indexLimit else { return false }
        let (nodeBytes, offsetBytes) = (try nodes.file.size(), try offsets.file.size())
        return nodeBytes >= StoredNodes.count(leaves: leaves) * 32 && offsetBytes >= leaves * 8
    }

    /// Where record `index` stands in the log. The index must be below the size.
    func place(of index: UInt64) throws(GatehouseError) -> Range<UInt64> {
        let first = index == 0 ? 0 : index - 1
        let bytes = try offsets.read(at: first * 8, count: index == 0 ? 8 : 16)
        let start = index == 0 ? 0 : UInt64(bigEndian: bytes[..<8])
        let end = UInt64(bigEndian: bytes.suffix(8))
        guard start < end, end < Leaf.indexLimit, end - start <= UInt64(Frame.overhead + Frame.maximumPayload) else {
            throw GatehouseError("ledger", .corrupt, "\(offsets.file.path) has an impossible place for entry \(index)")
        }
        return start..<end
    }

    /// Where the first `leaves` records end.
    func end(of leaves: UInt64) throws(GatehouseError) -> UInt64 {
        leaves == 0 ? 0 : UInt64(bigEndian: try offsets.read(at: (leaves - 1) * 8, count: 8)[...])
    }

    func node(level: Int, index: UInt64) throws(GatehouseError) -> MerkleHash {
        let bytes = try nodes.read(at: StoredNodes.position(level: level, index: index) * 32, count: 32)
        guard let hash = MerkleHash(bytes) else { throw GatehouseError("ledger", .internal, "a node has 32 bytes") }
        return hash
    }

    var proofs: ProofBuilder { ProofBuilder { level, index in try node(level: level, index: index) } }

    /// The tree of the first `leaves` leaves, ready to be appended to.
    func range(_ leaves: UInt64) throws -> CompactRange {
        CompactRange(size: leaves, hashes: try proofs.subtrees(start: 0, end: leaves)) ?? CompactRange()
    }

    func makeRoom() throws(GatehouseError) {
        try nodes.makeRoom()
        try offsets.makeRoom()
    }

    /// Takes what follows the first `leaves` leaves.
    func append(_ pending: PendingWrite, after leaves: UInt64) {
        nodes.append(pending.nodes, at: StoredNodes.count(leaves: leaves) * 32)
        offsets.append(pending.offsets, at: leaves * 8)
    }

    func flush() throws(GatehouseError) {
        try nodes.flush()
        try offsets.flush()
    }

    func sync() throws(GatehouseError) {
        try flush()
        try nodes.file.sync()
        try offsets.file.sync()
    }
}

/// What a number of new entries adds to the three files.
struct PendingWrite {
    var log: [UInt8] = []
    var nodes: [UInt8] = []
    var offsets: [UInt8] = []

    mutating func removeAll() {
        log.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
    }

    /// Takes note of a leaf whose record ends at `end`, and takes it into the tree.
    mutating func add(_ hash: MerkleHash, end: UInt64, to range: inout CompactRange) {
        range.append(hash) { node in node.withUnsafeBytes { nodes.append(contentsOf: $0) } }
        offsets.append(bigEndian: end)
    }
}

/// Where a ledger's tree and files stand after its last entry.
struct LogState: Sendable {
    var range = CompactRange()
    /// Bytes of the log.
    var end: UInt64 = 0
    var time = Timestamp(microseconds: 0)
    /// See ``Leaf/control``.
    var control: UInt64 = 0

    var size: UInt64 { range.size }

    /// Writes entries behind those that are there. Of a failure only the log needs to be cleaned.
    func write(_ pending: PendingWrite, log: DiskFile, derived: DerivedFiles) throws(GatehouseError) {
        try derived.makeRoom()
        try log.write(pending.log, at: end)
        derived.append(pending, after: size)
    }
}
