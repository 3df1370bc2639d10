internal import Crypto

/// A SHA-256 value of the Merkle tree: the hash of a leaf, of a subtree or of the whole tree.
public struct MerkleHash: Sendable, Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    public static let byteCount = 32

    /// Nil unless there are exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.byteCount else { return nil }
        words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    init(_ digest: SHA256Digest) {
        words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { target in digest.withUnsafeBytes { target.copyMemory(from: $0) } }
    }

    /// Copies the first 32 bytes of `bytes`, which the caller knows to be there.
    init(unchecked bytes: UnsafeRawBufferPointer) {
        words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    }

    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    public static func == (a: MerkleHash, b: MerkleHash) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// The hashing of RFC 6962 section 2.1: a leaf and an inner node are told apart by a prefix byte, so that none can
/// stand for the other. A third prefix marks the commitment to a payload.
public enum MerkleTree {
    /// The root of a tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = MerkleHash(SHA256().finalize())

    /// SHA-256(0x00 ‖ leaf).
    public static func leafHash(_ leaf: some Collection<UInt8>) -> MerkleHash {
        Array(leaf).withUnsafeBytes(leafHash(raw:))
    }

    static func leafHash(raw leaf: UnsafeRawBufferPointer) -> MerkleHash { prefixed(0x00, leaf) }

    /// SHA-256(0x01 ‖ left ‖ right).
    public static func nodeHash(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * MerkleHash.byteCount, alignment: 8) { buffer in
            buffer[0] = 0x01
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
            var hasher = SHA256()
            hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return MerkleHash(hasher.finalize())
        }
    }

    /// SHA-256(0x02 ‖ salt ‖ payload), where `saltAndPayload` begins with the 32 bytes of salt. Without the salt nobody
    /// can find out by trying whether an erased payload had a certain value.
    static func commitment(raw saltAndPayload: UnsafeRawBufferPointer) -> MerkleHash { prefixed(0x02, saltAndPayload) }

    private static func prefixed(_ prefix: UInt8, _ bytes: UnsafeRawBufferPointer) -> MerkleHash {
        var hasher = SHA256()
        withUnsafeBytes(of: prefix) { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: bytes)
        return MerkleHash(hasher.finalize())
    }
}
