/// The least that must be kept of a tree to go on appending to it: the roots of the complete subtrees that its leaves
/// form, widest first; one for every bit set in ``size``.
public struct CompactRange: Sendable, Hashable {
    /// Number of leaves.
    public private(set) var size: UInt64
    public private(set) var hashes: [MerkleHash]

    public init() {
        size = 0
        hashes = []
    }

    /// - Parameter hashes: the subtree roots, widest first. Nil when there is not one for each bit set in `size`.
    public init?(size: UInt64, hashes: [MerkleHash]) {
        guard hashes.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    /// Appends a leaf and reports each complete subtree that comes into being by it, the leaf first, then upwards:
    /// the order in which ``StoredNodes`` keeps them.
    @inline(__always)
    public mutating func append(_ leafHash: MerkleHash, completed: (MerkleHash) -> Void = { _ in }) {
        completed(leafHash)
        var hash = leafHash
        for _ in 0..<size.trailingOnes {
            hash = MerkleTree.nodeHash(hashes.removeLast(), hash)
            completed(hash)
        }
        hashes.append(hash)
        size += 1
    }

    public var root: MerkleHash {
        guard var root = hashes.last else { return MerkleTree.emptyRoot }
        for hash in hashes.dropLast().reversed() { root = MerkleTree.nodeHash(hash, root) }
        return root
    }
}

extension UInt64 {
    var trailingOnes: Int { (~self).trailingZeroBitCount }

    /// How many bits it takes to write the number: 0 for 0.
    var bitWidthUsed: Int { UInt64.bitWidth - leadingZeroBitCount }
}
