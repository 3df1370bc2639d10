/// Numbers by hash, several for one hash if need be, in two flat arrays: a hash that is not there costs a look at where
/// its bucket begins and ends.
struct HashTable: Sendable {
    struct Entry {
        var hash: UInt64
        var number: Int
    }

    private struct Slot {
        /// What tells hashes of one bucket apart, all but always.
        var tag: UInt32
        var number: UInt32
    }

    private let shift: Int
    /// Where each bucket begins in `slots`; one more than there are buckets, which are as many as entries or more.
    private let starts: [UInt32]
    private let slots: [Slot]

    init(_ entries: [Entry]) {
        let bits = max(1, UInt64.bitWidth - entries.count.leadingZeroBitCount)
        let shift = UInt64.bitWidth - bits
        var starts = [UInt32](repeating: 0, count: 1 << bits + 1)
        for entry in entries { starts[Int(Self.mixed(entry.hash) >> shift) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var next = starts
        var slots = [Slot](repeating: Slot(tag: 0, number: 0), count: entries.count)
        for entry in entries {
            let mixed = Self.mixed(entry.hash)
            let bucket = Int(mixed >> shift)
            slots[Int(next[bucket])] = Slot(
                tag: UInt32(truncatingIfNeeded: mixed), number: UInt32(truncatingIfNeeded: entry.number))
            next[bucket] += 1
        }
        (self.shift, self.starts, self.slots) = (shift, starts, slots)
    }

    /// Hands over the numbers under a hash and, once in four thousand million, one of another.
    @inline(__always)
    func each(_ hash: UInt64, _ body: (Int) -> Void) {
        let mixed = Self.mixed(hash)
        let bucket = Int(mixed >> shift)
        for place in Int(starts[bucket])..<Int(starts[bucket + 1])
        where slots[place].tag == UInt32(truncatingIfNeeded: mixed) {
            body(Int(slots[place].number))
        }
    }

    private static func mixed(_ hash: UInt64) -> UInt64 { (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15 }
}
