public import Core

/// What an entry of the log is.
public enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
    /// Something that a user of the ledger records.
    case record = 0
    /// A legal hold is placed; the payload says on what, by whom and why.
    case hold = 1
    /// A legal hold is lifted.
    case release = 2
    /// Payloads were erased; the payload says which, by whom and why.
    case erasure = 3

    /// Holds, releases and erasures are the ledger's own, chained by ``Leaf/control`` and never erased.
    public var isControl: Bool { self != .record }
}

/// What the Merkle tree holds of an entry: everything but its payload, to which it commits. Always 72 bytes:
///
///     offset  bytes
///          0      1  version, 1
///          1      1  kind
///          2      2  zero
///          4      4  length of the payload
///          8      8  index
///         16      8  time, microseconds since 1970; never less than that of the leaf before
///         24      8  the clock's own time, which may jump
///         32      8  1 + the index of the last control entry before this one, or 0
///         40     32  SHA-256(0x02 ‖ salt ‖ payload)
///
/// Numbers are big-endian.
public struct Leaf: Sendable, Hashable {
    public static let byteCount = 72
    /// No log is so long. It keeps sums of places and sizes within their types.
    static let indexLimit: UInt64 = 1 << 56

    public var kind: EntryKind
    public var payloadLength: UInt32
    public var index: UInt64
    public var time: Timestamp
    public var wallTime: Timestamp
    public var control: UInt64
    public var commitment: MerkleHash

    /// The last control entry up to and including this one, as ``control`` is written.
    var latestControl: UInt64 { kind.isControl ? index + 1 : control }

    func encode(into out: inout [UInt8]) {
        out.append(1)
        out.append(kind.rawValue)
        out.append(bigEndian: UInt16(0))
        out.append(bigEndian: payloadLength)
        out.append(bigEndian: index)
        out.append(bigEndian: time.microseconds)
        out.append(bigEndian: wallTime.microseconds)
        out.append(bigEndian: control)
        commitment.withUnsafeBytes { out.append(contentsOf: $0) }
    }

    /// Nil when the bytes are no possible leaf of version 1.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Leaf.byteCount, bytes[0] == 1, let kind = EntryKind(rawValue: bytes[1]),
            bytes[2] == 0, bytes[3] == 0
        else { return nil }
        self.kind = kind
        payloadLength = UInt32(bigEndianAt: 4, of: bytes)
        index = UInt64(bigEndianAt: 8, of: bytes)
        time = Timestamp(microseconds: Int64(bigEndianAt: 16, of: bytes))
        wallTime = Timestamp(microseconds: Int64(bigEndianAt: 24, of: bytes))
        control = UInt64(bigEndianAt: 32, of: bytes)
        commitment = MerkleHash(unchecked: UnsafeRawBufferPointer(rebasing: bytes[40..<72]))
        guard index < Leaf.indexLimit, control <= index else { return nil }
    }

    init(
        kind: EntryKind, payloadLength: UInt32, index: UInt64, time: Timestamp, wallTime: Timestamp, control: UInt64,
        commitment: MerkleHash
    ) {
        self.kind = kind
        self.payloadLength = payloadLength
        self.index = index
        self.time = time
        self.wallTime = wallTime
        self.control = control
        self.commitment = commitment
    }

    /// The leaf's hash in the tree.
    public var hash: MerkleHash {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Leaf.byteCount)
        encode(into: &bytes)
        return bytes.withUnsafeBytes(MerkleTree.leafHash(raw:))
    }
}
