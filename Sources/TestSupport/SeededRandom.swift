/// SplitMix64: random numbers that are the same each time, so that what a test found can be found again.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension SeededRandom {
    /// The bytes cut at random places, also into empty pieces.
    public mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let cuts = (0..<Int.random(in: 0...8, using: &self)).map { _ in Int.random(in: 0...bytes.count, using: &self) }
        let ends = cuts.sorted() + [bytes.count]
        return zip([0] + ends, ends).map { [UInt8](bytes[$0..<$1]) }
    }
}
