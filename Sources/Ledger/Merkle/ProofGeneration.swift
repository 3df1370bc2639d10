/// Makes proofs for a tree from the roots of its complete subtrees.
///
/// `node(level, index)` gives the root of complete subtree number `index` of those over 2^`level` leaves.
/// A proof asks for O(log² n) of them.
public struct ProofBuilder {
    private let node: (_ level: Int, _ index: UInt64) throws -> MerkleHash

    public init(node: @escaping (_ level: Int, _ index: UInt64) throws -> MerkleHash) { self.node = node }

    /// The proof that leaf `index` is in the tree of the first `size` leaves (RFC 6962 section 2.1.1).
    public func inclusion(index: UInt64, size: UInt64) throws -> [MerkleHash] {
        try subtreeConsistency(start: index, end: index + 1, size: size)
    }

    /// The proof that the tree of `first` leaves is a prefix of the tree of `second` leaves (RFC 6962 section 2.1.2).
    public func consistency(first: UInt64, second: UInt64) throws -> [MerkleHash] {
        try subtreeConsistency(start: 0, end: first, size: second)
    }

    /// The proof that leaf `index` is in the subtree `[start, end)`.
    public func subtreeInclusion(index: UInt64, start: UInt64, end: UInt64) throws -> [MerkleHash] {
        try proof(of: index - start..<index - start + 1, in: end - start, from: start)
    }

    /// The proof that the subtree `[start, end)` is part of the tree of `size` leaves (SUBTREE_PROOF of
    /// draft-ietf-plants-merkle-tree-certs). Both kinds of RFC 6962 proof are cases of it.
    /// Needs a valid subtree (see ``MerkleProof/isValidSubtree(start:end:)``) within `size`.
    public func subtreeConsistency(start: UInt64, end: UInt64, size: UInt64) throws -> [MerkleHash] {
        start == end ? [] : try proof(of: start..<end, in: size, from: 0)
    }

    /// The root of the leaves `start..<end`; `start` must be aligned for that many leaves.
    public func root(start: UInt64 = 0, end: UInt64) throws -> MerkleHash {
        let hashes = try subtrees(start: start, end: end)
        return CompactRange(size: end - start, hashes: hashes)?.root ?? MerkleTree.emptyRoot
    }

    /// The roots of the complete subtrees that make up `start..<end`, widest first.
    func subtrees(start: UInt64, end: UInt64) throws -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        var position = start
        while position < end {
            let level = (end - position).bitWidthUsed - 1
            hashes.append(try node(level, position >> UInt64(level)))
            position += 1 << UInt64(level)
        }
        return hashes
    }

    /// Walks from the root of `[base, base + size)` down to the wanted subtree and collects what is left aside,
    /// lowest first. `wanted` counts from `base`.
    private func proof(of wanted: Range<UInt64>, in size: UInt64, from base: UInt64) throws -> [MerkleHash] {
        var (wanted, size, base) = (wanted, size, base)
        var path: [MerkleHash] = []
        var isKnown = true
        while wanted != 0..<size {
            let split: UInt64 = 1 << UInt64((size - 1).bitWidthUsed - 1)
            if wanted.upperBound <= split {
                path.append(try root(start: base + split, end: base + size))
                size = split
            } else {
                path.append(try root(start: base, end: base + split))
                // A subtree that reaches over the split begins at 0: its left part goes aside, what remains is not its
                // root any more, and the verifier must be given it.
                if wanted.lowerBound < split { isKnown = false }
                wanted = (wanted.lowerBound < split ? 0 : wanted.lowerBound - split)..<wanted.upperBound - split
                base += split
                size -= split
            }
        }
        if !isKnown { path.append(try root(start: base, end: base + size)) }
        return path.reversed()
    }
}
