#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum Entropy {
    /// Shannon entropy of the bytes' frequencies: 0 for one repeated byte, 4 at most for hexadecimal digits.
    static func bitsPerByte(_ bytes: UnsafeRawBufferPointer) -> Double {
        if bytes.isEmpty { return 0 }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
            counts.initialize(repeating: 0)
            for byte in bytes { counts[Int(byte)] += 1 }
            let total = Double(bytes.count)
            var bits = 0.0
            for count in counts where count > 0 {
                let share = Double(count) / total
                bits -= share * log2(share)
            }
            return bits
        }
    }
}
