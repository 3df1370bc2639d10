/// Where the complete subtrees of a growing tree stand when each is stored at the moment it comes into being:
/// leaf 0, leaf 1, (0,1), leaf 2, leaf 3, (2,3), (0..3), … This is the order of "stored hashes" in Go's
/// `golang.org/x/mod/sumdb/tlog`. Nothing stored ever moves or changes.
public enum StoredNodes {
    /// How many subtrees `leaves` leaves complete.
    public static func count(leaves: UInt64) -> UInt64 { 2 * leaves - UInt64(leaves.nonzeroBitCount) }

    /// The position of the subtree over the leaves `index << level ..< (index + 1) << level`.
    public static func position(level: Int, index: UInt64) -> UInt64 {
        let lastLeaf = (index + 1) << UInt64(level) - 1
        return count(leaves: lastLeaf) + UInt64(level)
    }
}
