import TestSupport

extension SeededRandom {
    /// The bytes cut at random places, also into empty pieces.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let cuts = (0..<Int.random(in: 0...8, using: &self)).map { _ in Int.random(in: 0...bytes.count, using: &self) }
        let ends = cuts.sorted() + [bytes.count]
        return zip([0] + ends, ends).map { [UInt8](bytes[$0..<$1]) }
    }
}
