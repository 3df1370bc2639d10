/// Hashes of a key and of all its forms with one letter less, in one pass over it (the polynomial of Karp and Rabin,
/// modulo 2⁶⁴).
///
/// Its base is drawn anew for each index, so that nobody can choose names that fall together; whether two keys of one hash
/// are the same is looked at in any case.
struct KeyHash: Sendable {
    /// The base's powers, from the first, which is 1.
    private let powers: [UInt64]

    /// - Parameter longest: bytes that a key may have.
    init(longest: Int) {
        // Odd, so that none of its powers is 0.
        let base = UInt64.random(in: 0...UInt64.max) | 1
        var powers: [UInt64] = [1]
        for place in 0..<max(1, longest) { powers.append(powers[place] &* base) }
        self.powers = powers
    }

    func of(_ key: ArraySlice<UInt8>) -> UInt64 { key.reduce(0) { $0 &* powers[1] &+ UInt64($1) } }

    /// Hands over the hash of each key that is this one without one of its letters; once where two are alike.
    @inline(__always)
    func eachShortened(_ key: ArraySlice<UInt8>, _ body: (UInt64) -> Void) {
        guard !key.isEmpty else { return }
        var shorter = of(key.dropFirst())
        body(shorter)
        for place in key.indices.dropFirst() where key[place] != key[place - 1] {
            // This letter is left out, and the one before it, which had been, stands at its place.
            shorter &+= (UInt64(key[place - 1]) &- UInt64(key[place])) &* powers[key.endIndex - 1 - place]
            body(shorter)
        }
    }
}
