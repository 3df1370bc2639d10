/// Checks proofs. Hashes come from outside as plain bytes: one of the wrong length makes the proof false.
///
/// Inclusion and consistency are those of RFC 6962 section 2.1 (verification as in RFC 9162 sections 2.1.3.2 and
/// 2.1.4.2); the subtree kinds those of draft-ietf-plants-merkle-tree-certs, section "Subtrees", which the
/// former are cases of.
public enum MerkleProof {
    /// Whether `proof` shows that the leaf with hash `leaf` is number `index` of the tree with this size and root.
    public static func verifyInclusion(
        leaf: [UInt8], index: UInt64, size: UInt64, proof: [[UInt8]], root: [UInt8]
    ) -> Bool {
        verifySubtreeInclusion(leaf: leaf, index: index, start: 0, end: size, proof: proof, root: root)
    }

    /// Whether `proof` shows that the tree of `second` leaves begins with the whole tree of `first` leaves.
    /// False for an empty first tree, of which nothing can be shown.
    public static func verifyConsistency(
        first: UInt64, second: UInt64, proof: [[UInt8]], firstRoot: [UInt8], secondRoot: [UInt8]
    ) -> Bool {
        guard first > 0 else { return false }
        return verifySubtreeConsistency(
            start: 0, end: first, size: second, proof: proof, subtreeRoot: firstRoot, root: secondRoot)
    }

    /// Whether `proof` shows that the leaf with hash `leaf` is number `index` of the tree and in the subtree.
    public static func verifySubtreeInclusion(
        leaf: [UInt8], index: UInt64, start: UInt64, end: UInt64, proof: [[UInt8]], root: [UInt8]
    ) -> Bool {
        guard isValidSubtree(start: start, end: end), start <= index, index < end,
            var hash = MerkleHash(leaf), let path = hashes(proof)
        else { return false }
        var (node, last) = (index - start, end - start - 1)
        for sibling in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                let skipped = UInt64(node.trailingZeroBitCount)
                node >>= skipped
                last >>= skipped
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash.bytes == root
    }

    /// Whether `proof` shows that the subtree `[start, end)` with root `subtreeRoot` is part of the tree of `size`
    /// leaves. An empty subtree is part of every tree that reaches to it.
    public static func verifySubtreeConsistency(
        start: UInt64, end: UInt64, size: UInt64, proof: [[UInt8]], subtreeRoot: [UInt8], root: [UInt8]
    ) -> Bool {
        guard isValidSubtree(start: start, end: end), end <= size else { return false }
        if start == end { return proof.isEmpty && subtreeRoot == MerkleTree.emptyRoot.bytes }
        if start == 0 && end == size { return proof.isEmpty && subtreeRoot == root }
        guard let known = MerkleHash(subtreeRoot), let path = hashes(proof),
            let roots = SubtreeWalk(start: start, end: end, size: size, subtreeRoot: known)?.roots(path)
        else { return false }
        return roots.subtree == known && roots.tree.bytes == root
    }

    /// Whether `start` is a multiple of the power of two that is at least `end - start`: only such a run of leaves
    /// keeps its shape within the tree.
    public static func isValidSubtree(start: UInt64, end: UInt64) -> Bool {
        guard start <= end else { return false }
        guard end - start > 1 else { return true }
        let width = (end - start - 1).bitWidthUsed
        return start.trailingZeroBitCount >= width
    }

    /// A tree of 2⁶⁴ leaves has 64 levels, so no honest proof is longer than 65.
    private static func hashes(_ proof: [[UInt8]]) -> [MerkleHash]? {
        guard proof.count <= 65 else { return nil }
        let hashes = proof.compactMap { MerkleHash($0) }
        return hashes.count == proof.count ? hashes : nil
    }
}

/// Climbs from the highest node that the subtree and the tree share, to both roots at once.
private struct SubtreeWalk {
    /// The paths, at the current level, to the subtree's first and last leaf and to the tree's last leaf.
    private var first: UInt64
    private var subtreeLast: UInt64
    private var treeLast: UInt64
    private let known: MerkleHash

    init?(start: UInt64, end: UInt64, size: UInt64, subtreeRoot: MerkleHash) {
        guard start < end, end <= size else { return nil }
        (first, subtreeLast, treeLast, known) = (start, end - 1, size - 1, subtreeRoot)
        while first != subtreeLast, subtreeLast == treeLast || subtreeLast & 1 == 1 { climb(1) }
    }

    /// What the proof makes of both roots; nil when it is too short or too long.
    consuming func roots(_ proof: [MerkleHash]) -> (subtree: MerkleHash, tree: MerkleHash)? {
        var rest = proof[...]
        // The shared node is the subtree itself, or else the first hash of the proof.
        guard let shared = first == subtreeLast ? known : rest.popFirst() else { return nil }
        var (subtree, tree) = (shared, shared)
        for sibling in rest {
            guard treeLast != 0 else { return nil }
            if subtreeLast & 1 == 1 || subtreeLast == treeLast {
                if first < subtreeLast { subtree = MerkleTree.nodeHash(sibling, subtree) }
                tree = MerkleTree.nodeHash(sibling, tree)
                climb(UInt64(subtreeLast.trailingZeroBitCount))
            } else {
                tree = MerkleTree.nodeHash(tree, sibling)
            }
            climb(1)
        }
        return treeLast == 0 ? (subtree, tree) : nil
    }

    private mutating func climb(_ levels: UInt64) {
        first >>= levels
        subtreeLast >>= levels
        treeLast >>= levels
    }
}
