/// A record of the log file:
///
///     offset  bytes
///          0      4  "GHL1"
///          4      4  CRC-32C of the leaf
///          8      1  0x5A: the payload is here; 0xA5: it was erased
///          9      3  zero
///         12     72  the leaf
///         84     32  salt, random; zero when erased
///        116      …  payload; zero when erased
///
/// Every bit is covered: the leaf by the checksum and the tree, the rest by being fixed or by the leaf's commitment.
/// The first byte of the state has two values that differ in every bit, so that no single flip hides a payload.
enum Frame {
    static let magic: [UInt8] = [0x47, 0x48, 0x4C, 0x31]
    private static let magicNumber: UInt32 = 0x4748_4C31
    /// Bytes. Larger things belong elsewhere, with their hash in the ledger.
    static let maximumPayload = 1 << 20
    static let leafOffset = 12
    static let headerBytes = leafOffset + Leaf.byteCount
    static let saltBytes = 32
    static let overhead = headerBytes + saltBytes
    static let stateOffset: UInt64 = 8

    enum State: UInt8 {
        case present = 0x5A
        case erased = 0xA5
    }

    struct Header {
        var state: State
        var leaf: Leaf

        /// Salt and payload.
        var bodyBytes: Int { saltBytes + Int(leaf.payloadLength) }
        var frameBytes: UInt64 { UInt64(headerBytes + bodyBytes) }
    }

    enum HeaderFault: String, Error {
        case magic = "does not begin as a record does"
        case checksum = "does not match its checksum"
        case state = "has an impossible state"
        case leaf = "is no leaf of a known version"
        case length = "claims a payload larger than any"
    }

    /// Reads the first ``headerBytes`` bytes of a record.
    static func header(_ bytes: UnsafeRawBufferPointer) -> Result<Header, HeaderFault> {
        guard UInt32(bigEndianAt: 0, of: bytes) == magicNumber else { return .failure(.magic) }
        let leafBytes = self.leafBytes(bytes)
        guard CRC32C.checksum(leafBytes) == UInt32(bigEndianAt: 4, of: bytes) else {
            return .failure(.checksum)
        }
        guard let state = State(rawValue: bytes[8]), bytes[9] == 0, bytes[10] == 0, bytes[11] == 0 else {
            return .failure(.state)
        }
        guard let leaf = Leaf(leafBytes) else { return .failure(.leaf) }
        guard leaf.payloadLength <= maximumPayload else { return .failure(.length) }
        return .success(Header(state: state, leaf: leaf))
    }

    static func leafBytes(_ record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: record[leafOffset..<headerBytes])
    }

    /// Appends a record and returns the hash of its leaf. `body` is the salt and the payload.
    static func append(_ leaf: Leaf, body: UnsafeRawBufferPointer, to out: inout [UInt8]) -> MerkleHash {
        let start = out.count
        out.append(contentsOf: magic)
        out.append(contentsOf: [0, 0, 0, 0, State.present.rawValue, 0, 0, 0])
        leaf.encode(into: &out)
        out.append(contentsOf: body)
        let (crc, hash) = out.withUnsafeBytes { bytes in
            let leafBytes = UnsafeRawBufferPointer(rebasing: bytes[(start + leafOffset)..<(start + headerBytes)])
            return (CRC32C.checksum(leafBytes), MerkleTree.leafHash(raw: leafBytes))
        }
        for byte in 0..<4 { out[start + 4 + byte] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * byte)) }
        return hash
    }

    /// What is wrong with a record's salt and payload; nil when nothing is.
    static func bodyFault(_ header: Header, _ body: UnsafeRawBufferPointer) -> BodyFault? {
        switch header.state {
        case .present: MerkleTree.commitment(raw: body) == header.leaf.commitment ? nil : .altered
        case .erased: body.allSatisfy { $0 == 0 } ? nil : .notErased
        }
    }

    enum BodyFault {
        /// The payload or its salt is not what the leaf commits to.
        case altered
        /// Marked as erased, but bytes remain.
        case notErased
    }
}
