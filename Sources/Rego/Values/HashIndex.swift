/// Positions of entries by fingerprint: open addressing, linear probing, at most half full.
///
/// A slot holds half the fingerprint and the position plus one, so that a miss rarely looks at an entry.
struct HashIndex {
    /// Containers up to this many entries are searched one by one instead.
    static let linearLimit = 8

    private var slots: [UInt64] = []
    private var mask = 0

    var isEmpty: Bool { slots.isEmpty }

    init() {}

    init(capacity: Int) {
        var size = 32
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
    }

    func hasRoom(for count: Int) -> Bool { count * 2 <= slots.count }

    @inline(__always)
    func find(_ fingerprint: UInt64, where isWanted: (Int) -> Bool) -> Int? {
        let upper = fingerprint & 0xFFFF_FFFF_0000_0000
        return slots.withUnsafeBufferPointer { slots in
            var at = Int(truncatingIfNeeded: fingerprint) & mask
            while true {
                let slot = slots[at]
                if slot == 0 { return nil }
                if slot & 0xFFFF_FFFF_0000_0000 == upper {
                    let position = Int(slot & 0xFFFF_FFFF) - 1
                    if isWanted(position) { return position }
                }
                at = (at + 1) & mask
            }
        }
    }

    /// For an entry that is not there yet, while there is room.
    mutating func insert(_ fingerprint: UInt64, position: Int) {
        var at = Int(truncatingIfNeeded: fingerprint) & mask
        while slots[at] != 0 { at = (at + 1) & mask }
        slots[at] = fingerprint & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: position + 1)
    }
}
