/// Random numbers that are the same each run (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// The bytes cut at random places, also into empty pieces.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let cuts = (0..<Int.random(in: 0...8, using: &self)).map { _ in Int.random(in: 0...bytes.count, using: &self) }
        let ends = cuts.sorted() + [bytes.count]
        return zip([0] + ends, ends).map { [UInt8](bytes[$0..<$1]) }
    }
}
