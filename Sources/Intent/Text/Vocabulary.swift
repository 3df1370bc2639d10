/// The n-grams that a model knows, by key, with how much each tells (inverse document frequency).
struct Vocabulary: Sendable, Hashable {
    /// In ascending order, each once: an n-gram's place here is its number.
    let keys: [UInt64]
    /// The square root of ln((1 + texts) / (1 + texts that have it)) + 1.
    let weights: [Float]
    /// What an n-gram that is not known weighs: as one that no text has.
    let unknownWeight: Float
    /// Where keys with the same upper bits begin; one more than there are such groups.
    private let directory: [UInt32]
    private let shift: UInt64

    init(keys: [UInt64], weights: [Float], unknownWeight: Float) {
        self.keys = keys
        self.weights = weights
        self.unknownWeight = unknownWeight
        let bits = max(1, min(18, UInt64.bitWidth - keys.count.leadingZeroBitCount))
        shift = UInt64(UInt64.bitWidth - bits)
        var directory = [UInt32](repeating: 0, count: 1 << bits + 1)
        for key in keys { directory[Int(key >> shift) + 1] += 1 }
        for group in 1..<directory.count { directory[group] += directory[group - 1] }
        self.directory = directory
    }

    /// The number of the n-gram, nil where it is not known. A few steps, whatever the keys are.
    @inline(__always)
    func number(of key: UInt64) -> Int? {
        let group = Int(key >> shift)
        var (low, high) = (Int(directory[group]), Int(directory[group + 1]))
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }
}
